"""A theme: an analytic idea, known by its name. Two names that differ only in case or spaces are the same theme."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from server.domain.errors import Invalid
from server.domain.palette import PALETTE

NAME_LENGTH = 80
DESCRIPTION_LENGTH = 1000
_KEY_LENGTH = 160


class Taggable(StrEnum):
    """What a theme can be put on, and a provocation can rest on."""

    EXCERPT = "excerpt"
    QUOTE = "quote"
    PHOTO = "photo"


class ThemeKind(StrEnum):
    """What a theme is about, where somebody says so: people are more than their needs."""

    NEED = "need"
    ASSET = "asset"


@dataclass(frozen=True)
class ThemeText:
    """What somebody writes of a theme. `colour` is a name in the palette and `kind` a ThemeKind; both may be empty."""

    name: str
    description: str = ""
    when_to_use: str = ""
    when_not: str = ""
    example: str = ""
    colour: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Theme:
    """One line of a project's codebook. It stands under its parent, or at the top, at its `position` there.

    A retired theme keeps what it is on and is put on nothing more; one that was merged has become another.
    """

    id: str
    project_id: str
    name: str
    description: str
    version: int
    parent_id: str | None = None
    position: int = 0
    colour: str = ""
    kind: str = ""
    when_to_use: str = ""
    when_not: str = ""
    example: str = ""
    is_retired: bool = False
    merged_into_id: str | None = None

    @property
    def is_in_use(self) -> bool:
        """Whether it can be put on something."""
        return not self.is_retired and self.merged_into_id is None

    @property
    def text(self) -> ThemeText:
        return ThemeText(self.name, self.description, self.when_to_use, self.when_not, self.example, self.colour,
                         self.kind)


# The long texts, with what each is called where it is too long.
TEXTS = {"description": "description", "when_to_use": "text on when to use it",
         "when_not": "text on when not to use it", "example": "example"}


def checked(text: ThemeText) -> ThemeText:
    """The text as it is kept. Raises Invalid, with a sentence for each field that is wrong."""
    problems: dict[str, str] = {}
    found = {"name": text.name, "colour": text.colour, "kind": text.kind}
    try:
        found["name"] = checked_name(text.name)
    except Invalid as error:
        problems |= error.fields
    for field in TEXTS:
        try:
            found[field] = checked_words(field, getattr(text, field))
        except Invalid as error:
            problems |= error.fields
    if text.colour not in ("", *PALETTE):
        problems["colour"] = "Choose one of the colours that are offered."
    if text.kind not in ("", *ThemeKind):
        problems["kind"] = "Choose a need, an asset, or neither."
    if problems:
        raise Invalid(fields=problems)
    return ThemeText(**found)


def checked_name(value: str) -> str:
    """The name on one line, without control characters. Raises Invalid when it is empty or too long."""
    name = " ".join(_printable(value).split())
    if not name:
        raise Invalid("Give the theme a name.", fields={"name": "Give the theme a name."})
    if len(name) > NAME_LENGTH or len(name_key(name)) > _KEY_LENGTH:
        message = f"Make the name shorter. It can have up to {NAME_LENGTH} characters."
        raise Invalid(message, fields={"name": message})
    return name


def checked_words(field: str, value: str) -> str:
    """One of the long texts, by the name of its field, without control characters. Raises Invalid when it is too
    long."""
    words = _printable(value.replace("\r\n", "\n")).strip()
    if len(words) > DESCRIPTION_LENGTH:
        message = f"Make the {TEXTS[field]} shorter. It can have up to {DESCRIPTION_LENGTH} characters."
        raise Invalid(message, fields={field: message})
    return words


def name_key(name: str) -> str:
    """The name folded for comparison (Unicode canonical caseless matching, definition D145)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _printable(value: str) -> str:
    return "".join(" " if mark == "\t" else mark for mark in value
                   if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))
