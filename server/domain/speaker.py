"""Somebody who speaks in a story: a number until somebody who knows them gives them a name."""

import unicodedata
from dataclasses import dataclass

from server.domain.errors import Invalid

NAME_LENGTH = 80


@dataclass(frozen=True)
class Speaker:
    """`name` is empty until they have one; `shown` is what people read."""

    id: str
    label: int
    name: str
    shown: str


def checked_name(value: str) -> str:
    """The name on one line, without control characters; empty takes it off. Raises Invalid when it is too long."""
    name = " ".join("".join(mark if unicodedata.category(mark) not in ("Cc", "Cs") else " " for mark in value).split())
    if len(name) > NAME_LENGTH:
        message = f"Make the name shorter. It can have up to {NAME_LENGTH} characters."
        raise Invalid(message, fields={"name": message})
    return name
