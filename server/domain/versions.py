"""Versions of shared things: a change says which one it started from, so that no words are written over unseen."""

from collections.abc import Mapping
from typing import Any

from server.domain.errors import VersionConflict, VersionMissing

_MOST_DIGITS = 9


def seen_version(sent: str | None) -> int | None:
    """The version that a form says its writer saw; None where it says none that can be read."""
    if sent and sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS:
        return int(sent)
    return None


def compare(seen: int | None, wanted: Mapping[str, Any], current: Mapping[str, Any], version: int) -> None:
    """Judge a change that found another version than the one it started from.

    Somebody who pressed a button twice has what they wanted. Raises VersionMissing or VersionConflict otherwise.
    """
    if seen is None:
        raise VersionMissing(current, version)
    if wanted != current:
        raise VersionConflict(current, version)
