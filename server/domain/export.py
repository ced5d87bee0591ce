"""What was carried away, and why it should not be used any more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stale(StrEnum):
    """Why a part of a file should not be used any more. Nothing is said after that it was withdrawn."""

    WITHDRAWN = "withdrawn"
    NARROWED = "narrowed"  # it was agreed to, and is not any more
    EXPIRED = "expired"  # the agreement to it has ended
    WITHHELD = "withheld"  # words or sound of it are withheld since
    EMBARGO = "embargo"  # nothing of it may leave for now
    KEPT = "kept"  # the partner that collected it keeps it to itself


@dataclass(frozen=True)
class LeftOut:
    """A part that could have been in a file and is not, or a whole story by its own id, since when and why."""

    part_id: str
    story_id: str
    because: Stale
    since: datetime


@dataclass(frozen=True)
class FilePart:
    """A part that is in a file, at this place in it, and since when and why it should not be used any more."""

    position: int
    part_id: str
    story_id: str
    stale_at: datetime | None
    because: Stale | None


@dataclass(frozen=True)
class FileMade:
    """A file that somebody was given, by ids alone. `kind` is as in the audit; nobody made what was asked for at the
    server's command line."""

    id: str
    project_id: str
    kind: str
    made_by: str | None
    made_at: datetime
    parts: tuple[FilePart, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def stale(self) -> tuple[FilePart, ...]:
        return tuple(part for part in self.parts if part.stale_at is not None)


def row_of(kind: str, position: int) -> int | None:
    """The row that a spreadsheet shows a part in, under the names of the columns; None in files without rows."""
    return position + 1 if kind == "quotes.csv" else None
