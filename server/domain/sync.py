"""What passes between a phone and the server: exact bytes, receipts for them, and a clock that may be wrong."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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

    @classmethod
    def of(cls, content: bytes) -> "Body":
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True)
class Notice:
    """Something the researcher should know although everything went well."""

    code: str
    message: str


@dataclass(frozen=True)
class Receipt:
    """What the server has: for media the hash and size of the file, otherwise of the request as sent."""

    id: str
    kind: str
    sha256: str
    size: int
    received_at: datetime


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
