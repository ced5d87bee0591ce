"""A theme: an analytic idea, known by its name. Two names that differ only in case or spaces are the same theme."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from server.domain.errors import Invalid

NAME_LENGTH = 80
DESCRIPTION_LENGTH = 1000
_KEY_LENGTH = 160


class Taggable(StrEnum):
    """What a theme can be put on, and a provocation can rest on."""

    EXCERPT = "excerpt"
    QUOTE = "quote"
    PHOTO = "photo"


@dataclass(frozen=True)
class Theme:
    """One line of a project's codebook."""

    id: str
    project_id: str
    name: str
    description: str
    version: int


def checked_name(value: str) -> str:
    """The name on one line, without control characters. Raises Invalid when it is empty or too long."""
    name = " ".join(_printable(value).split())
    if not name:
        raise Invalid("Give the theme a name.", fields={"name": "Give the theme a name."})
    if len(name) > NAME_LENGTH or len(name_key(name)) > _KEY_LENGTH:
        message = f"Make the name shorter. It can have up to {NAME_LENGTH} characters."
        raise Invalid(message, fields={"name": message})
    return name


def checked_description(value: str) -> str:
    """The description without control characters. Raises Invalid when it is too long."""
    description = _printable(value.replace("\r\n", "\n")).strip()
    if len(description) > DESCRIPTION_LENGTH:
        message = f"Make the description shorter. It can have up to {DESCRIPTION_LENGTH} characters."
        raise Invalid(message, fields={"description": message})
    return description


def name_key(name: str) -> str:
    """The name folded for comparison (Unicode canonical caseless matching, definition D145)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _printable(value: str) -> str:
    return "".join(" " if mark == "\t" else mark for mark in value
                   if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))
