"""A group whose voices a project hopes to hear, known by its name."""

import unicodedata
from dataclasses import dataclass

from server.domain.errors import Invalid
from server.domain.theme import name_key

NAME_LENGTH = 80
MOST_GROUPS = 40
_KEY_LENGTH = 160


@dataclass(frozen=True)
class Group:
    """One group of a project. Nobody is asked about a retired one any more."""

    id: str
    project_id: str
    name: str
    is_retired: bool = False


def checked_name(value: str) -> str:
    """The name on one line, without control characters. Raises Invalid when it is empty or too long."""
    name = " ".join("".join(mark if unicodedata.category(mark) not in ("Cc", "Cs") else " " for mark in value).split())
    if not name:
        raise Invalid(fields={"name": "Give the group a name."})
    if len(name) > NAME_LENGTH or len(name_key(name)) > _KEY_LENGTH:
        raise Invalid(fields={"name": f"Make the name shorter. It can have up to {NAME_LENGTH} characters."})
    return name
