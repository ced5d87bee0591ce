"""A place in a list of stories or files, newest first: from it the next page is found without counting those before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.domain.errors import Invalid
from server.domain.ids import checked_id

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_DIGITS = 17


@dataclass(frozen=True)
class Bookmark:
    """Where one of them stands: when it was told or made, and its id where two were at once."""

    at: datetime
    id: str

    def __str__(self) -> str:
        """As an address carries it: microseconds since 1970, a full stop, the id."""
        return f"{(self.at - _BEGINNING) // _MICROSECOND}.{self.id}"


@dataclass(frozen=True)
class Turn:
    """Which page is asked for: the newest, or the one beside a bookmark, on its older side or on its newer one."""

    beside: Bookmark | None = None
    is_newer: bool = False


def read_turn(older: str | None, newer: str | None) -> Turn:
    """The page that an address asks for; the newest where it makes no sense."""
    if beside := _read(older):
        return Turn(beside)
    return Turn(beside, is_newer=True) if (beside := _read(newer)) else Turn()


def _read(text: str | None) -> Bookmark | None:
    moment, _, id = (text or "").partition(".")
    digits = moment.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    try:
        return Bookmark(_BEGINNING + int(moment) * _MICROSECOND, checked_id(id))
    except (Invalid, OverflowError):
        return None
