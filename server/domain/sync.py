"""What passes between a phone and the server: exact bytes, receipts for them, and a clock that may be wrong."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from server.domain.errors import Invalid
from server.domain.hashes import sha256_of

CLOCK_TOLERANCE = timedelta(minutes=5)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, tzinfo=UTC)
_LOOK_ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Body:
    """The bytes of one request, by which a repeat is told from something else under the same id."""

    sha256: str
    size: int
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, content: bytes) -> "Body":
        return cls(hashlib.sha256(content).hexdigest(), len(content), content)

    def read(self) -> dict[str, Any]:
        """The JSON object in these bytes. Raises Invalid."""
        try:
            found = json.loads(self.content.decode(), parse_constant=_no_number, object_pairs_hook=_without_repeats)
        except (ValueError, RecursionError):
            raise Invalid("This is not a JSON object. Send UTF-8 without repeated keys, NaN or Infinity.") from None
        if not isinstance(found, dict):
            raise Invalid("This is not a JSON object.")
        return found


@dataclass(frozen=True)
class Notice:
    """Something the researcher should know although everything went well."""

    code: str
    message: str


class Standing(StrEnum):
    """How something that arrived stands. HELD: what it belongs to has not come, and nobody sees it until then."""

    KEPT = "kept"
    BEING_STORED = "being_stored"
    HELD = "held"


@dataclass(frozen=True)
class Receipt:
    """What the server has: for media the hash and size of the file, otherwise of the request as sent."""

    id: str
    kind: str
    sha256: str
    size: int
    received_at: datetime
    standing: Standing = Standing.KEPT


class ChangeKind(StrEnum):
    """What a device is told of, and in the comment what the id of the change names."""

    PROJECT = "project"  # a project
    GUIDE = "guide"  # a project
    WORDING = "wording"  # a project
    CODEBOOK = "codebook"  # a project
    MEMBERSHIP = "membership"  # a project
    RECEIPT = "receipt"  # a consent, a story or a part
    TOMBSTONE = "tombstone"  # a withdrawn story


MOST_CHANGES = 500
USUAL_CHANGES = 200
_LAST_CURSOR = 2**53 - 1
_DIGITS = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True)
class Cursor:
    """How far a device has read the feed, and how many changes it takes at once."""

    after: int
    limit: int

    @classmethod
    def read(cls, after: str, limit: str) -> "Cursor":
        """From text. Raises Invalid."""
        wrong = {}
        if not (_DIGITS.fullmatch(after) and int(after) <= _LAST_CURSOR):
            wrong["after"] = "This must be the number that the last answer gave as next, or 0."
        if not (_DIGITS.fullmatch(limit) and 1 <= int(limit) <= MOST_CHANGES):
            wrong["limit"] = f"This must be a whole number from 1 to {MOST_CHANGES}."
        if wrong:
            raise Invalid(fields=wrong)
        return cls(int(after), int(limit))


@dataclass(frozen=True)
class PhoneClock:
    """How far a phone's clock is behind ours when it sends. `error` is zero unless it matters."""

    error: timedelta = timedelta(0)

    @classmethod
    def at(cls, device_time: str | None, now: datetime) -> "PhoneClock":
        """Compare the phone's own time (ISO 8601) with ours. A time that cannot be read says nothing."""
        said = instant(device_time)
        error = now - said if said else timedelta(0)
        return cls(error) if abs(error) > CLOCK_TOLERANCE else cls()

    def right(self, moment: datetime) -> datetime:
        """When it really was, by our clock; the phone's own time where that would leave the calendar."""
        try:
            corrected = moment + self.error
        except OverflowError:
            return moment
        return corrected if EARLIEST <= corrected <= LATEST else moment

    def notices(self) -> tuple[Notice, ...]:
        """What to tell the researcher about the clock: nothing when it is right."""
        if not self.error:
            return ()
        direction = "behind" if self.error > timedelta(0) else "ahead"
        return (Notice("clock_wrong", (
            f"This phone's clock is about {_in_words(abs(self.error))} {direction}. We have put the right date on what "
            "you sent. Set the date and time on the phone to automatic."
        )),)


def instant(text: object) -> datetime | None:
    """A moment in UTC from ISO 8601 with an offset, between 1970 and 9999; None for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else EARLIEST - timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment <= LATEST else None


def receipt_code_hash(code: str) -> str:
    """What is kept of a receipt code, however it was typed: the SHA-256 of its plain form."""
    return sha256_of(plain_receipt_code(code))


def plain_receipt_code(code: str) -> str:
    """Upper case without dashes and spaces; letters that look like digits are read as those (Crockford's base32)."""
    return "".join(code.split()).replace("-", "").upper().translate(_LOOK_ALIKE)


def _in_words(gap: timedelta) -> str:
    for unit, length in (("year", timedelta(days=365.25)), ("month", timedelta(days=30.5)), ("week", timedelta(7)),
                         ("day", timedelta(1)), ("hour", timedelta(hours=1))):
        count = round(gap / length)
        if gap >= length:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{round(gap / timedelta(minutes=1))} minutes"


def _no_number(name: str) -> float:
    raise ValueError(name)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found
