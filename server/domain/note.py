"""A note that somebody of the team writes on a thing, for the team alone."""

import unicodedata
from enum import StrEnum

from server.domain.errors import Invalid

NOTE_LENGTH = 4000


class Notable(StrEnum):
    """What a note can be on."""

    STORY = "story"
    EXCERPT = "excerpt"
    QUOTE = "quote"
    PHOTO = "photo"
    THEME = "theme"
    PROVOCATION = "provocation"
    COLLECTION = "collection"


def checked_text(value: str) -> str:
    """The note without control characters, its lines kept. Raises Invalid when it is empty or too long."""
    lines = value.replace("\r\n", "\n").replace("\t", " ")
    text = "".join(mark for mark in lines if mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs")).strip()
    if not text:
        raise Invalid(fields={"text": "Write something first."})
    if len(text) > NOTE_LENGTH:
        raise Invalid(fields={"text": f"Make the note shorter. It can have up to {NOTE_LENGTH:,} characters."})
    return text
