"""Reads the fields of something sent, and says everything that is wrong with them at once."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from server.domain.errors import Invalid
from server.domain.hashes import is_sha256
from server.domain.ids import checked_id
from server.domain.sync import EARLIEST, instant

Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """The fields of one thing sent. Read them all, then call `done`; a field nobody reads is left alone.

    `within` names the object that holds these fields, for the words of a refusal.
    """

    def __init__(self, content: Mapping[str, Any], within: str = "", wrong: dict[str, str] | None = None) -> None:
        self._content = content
        self._within = within
        self._wrong: dict[str, str] = {} if wrong is None else wrong

    def done(self) -> None:
        """Raises Invalid with every field that was wrong."""
        if self._wrong:
            raise Invalid(fields=self._wrong)

    def refuse(self, name: str, message: str) -> None:
        self._wrong.setdefault(f"{self._within}{name}", message)

    def id(self, name: str) -> str:
        try:
            return checked_id(self._content.get(name), name)
        except Invalid as error:
            self.refuse(name, error.fields[name])
            return ""

    def text(self, name: str, *, least: int = 0, most: int) -> str:
        """Text exactly as sent. Its length is counted in Unicode code points."""
        value = self._content.get(name)
        if not isinstance(value, str):
            self.refuse(name, "This must be text.")
        elif not least <= len(value) <= most or (least and not value.strip()):
            self.refuse(name, f"This must have {least} to {most} characters.")
        elif not storable(value):
            self.refuse(name, "This has a character in it that cannot be stored.")
        else:
            return value
        return ""

    def instant(self, name: str) -> datetime:
        moment = instant(self._content.get(name))
        if moment is None:
            self.refuse(name, "This must be a date and time with an offset, such as 2026-05-04T12:00:00+01:00.")
        return moment or EARLIEST

    def flag(self, name: str) -> bool:
        value = self._content.get(name)
        if not isinstance(value, bool):
            self.refuse(name, "This must be true or false.")
        return value is True

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        options = list(choices)
        value = self._content.get(name)
        if isinstance(value, str) and value in options:
            return choices(value)
        self.refuse(name, f"This must be one of: {', '.join(options)}.")
        return options[0]

    def number(self, name: str, *, most: int) -> int:
        """A whole number from 0 up, in decimal digits, as tus metadata carries it; 0 when it is not there."""
        value = self._content.get(name, "0")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= most:
            return int(value)
        self.refuse(name, f"This must be a whole number from 0 to {most}.")
        return 0

    def count(self, name: str, *, least: int = 0, most: int) -> int:
        """A whole number, as JSON carries it."""
        value = self._content.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(name, f"This must be a whole number from {least} to {most}.")
        return least

    def sha256(self, name: str) -> str:
        """In lower case."""
        value = self._content.get(name)
        digest = value.lower() if isinstance(value, str) else ""
        if not is_sha256(digest):
            self.refuse(name, "This must be the SHA-256 of the whole file as 64 hexadecimal digits.")
        return digest

    def sha256s(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of them in lower case, each once; empty where it is null or not there."""
        values = self._content.get(name)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(one, str) and is_sha256(one.lower()) for one in values):
            self.refuse(name, "This must be a list of SHA-256 hashes of 64 hexadecimal digits.")
        elif len(values) > most:
            self.refuse(name, f"This must have 0 to {most} entries.")
        else:
            return tuple(dict.fromkeys(one.lower() for one in values))
        return ()

    def id_or_none(self, name: str) -> str | None:
        """An id, or None where it is null or not there."""
        return None if self._content.get(name) is None else self.id(name)

    def ids(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of ids, each once; empty where it is null or not there."""
        values = self._content.get(name)
        if values is None:
            return ()
        if not isinstance(values, list) or len(values) > most:
            self.refuse(name, f"This must be a list of 0 to {most} ids.")
            return ()
        read = Fields({str(place): value for place, value in enumerate(values)}, f"{self._within}{name}.", self._wrong)
        return tuple(dict.fromkeys(read.id(str(place)) for place in range(len(values))))

    def objects(self, name: str, *, least: int = 0, most: int) -> list["Fields"]:
        """A list of objects, each with fields of its own."""
        values = self._content.get(name)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.refuse(name, "This must be a list of objects.")
        elif not least <= len(values) <= most:
            self.refuse(name, f"This must have {least} to {most} entries.")
        else:
            return [Fields(value, f"{self._within}{name}.{place}.", self._wrong) for place, value in enumerate(values)]
        return []

    def object(self, name: str) -> "Fields":
        value = self._content.get(name)
        if not isinstance(value, dict):
            self.refuse(name, "This must be an object.")
            value = {}
        return Fields(value, f"{self._within}{name}.", self._wrong)

    def text_or_empty(self, name: str, *, most: int) -> str:
        """Text as sent; empty where it is null or not there."""
        return "" if self._content.get(name) is None else self.text(name, most=most)

    def choice_or_none(self, name: str, choices: type[Choice]) -> Choice | None:
        """One of the choices, or None where it is null or not there."""
        return None if self._content.get(name) is None else self.choice(name, choices)

    def object_or_none(self, name: str) -> "Fields | None":
        """An object, or None where it is null or not there."""
        return None if self._content.get(name) is None else self.object(name)


def at_address(content: Mapping[str, Any], address_id: str) -> Fields:
    """The fields of something that says its own id, which must be the one in its address."""
    fields = Fields(content)
    if fields.id("id") not in ("", address_id):
        fields.refuse("id", "This is another id than the one in the address.")
    return fields


def storable(text: str) -> bool:
    """Databases refuse NUL, and half of a surrogate pair is not a character."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text)
