"""The checklist of a withdrawal: where something of a story can be, and what has gone from there since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long a backup is kept where nobody says otherwise.
BACKUPS_KEPT = timedelta(days=35)
# What the server does by itself takes minutes. After this long something is in the way.
LATE_AFTER = timedelta(hours=1)
# A phone that is in use is heard of within days.
PHONE_LATE_AFTER = timedelta(days=14)


class Place(StrEnum):
    """Where something of a story can be, in the order in which a checklist has it; in the comment what a step's
    `subject` names."""

    ROWS = "rows"
    QUEUED_WORK = "queued_work"
    INDEX = "index"
    EMBEDDINGS = "embeddings"
    PACKS = "packs"
    ORIGINALS = "originals"  # a SHA-256
    DERIVATIVES = "derivatives"  # a SHA-256
    EVIDENCE = "evidence"  # a SHA-256
    STAGED = "staged"  # the id of a staging place
    VERSIONS = "versions"
    DATABASE_PAGES = "database_pages"
    CACHES = "caches"
    PHONES = "phones"  # the id of a phone
    BACKUPS = "backups"


# Bytes that the store has, each until it has let go of them.
STORED = (Place.ORIGINALS, Place.DERIVATIVES, Place.EVIDENCE)


@dataclass(frozen=True)
class Step:
    """One thing that has to go, until it is done. `due_at` is when it will have gone by itself, where nobody can make
    it go."""

    place: Place
    subject: str
    count: int
    asked_at: datetime
    due_at: datetime | None
    done_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether it takes longer than it should, so that somebody looks why."""
        if self.done_at is not None or self.place is Place.BACKUPS:
            return False
        allowed = PHONE_LATE_AFTER if self.place is Place.PHONES else LATE_AFTER
        return now > (self.due_at or self.asked_at) + allowed


@dataclass(frozen=True)
class Summary:
    """How far a checklist is. `last_copy_dies_at` is when the last backup with the story in it is gone; None where
    nothing had to go."""

    steps: int
    done: int
    waits_for: tuple[Place, ...]
    last_copy_dies_at: datetime | None

    @property
    def is_done_but_backups(self) -> bool:
        return set(self.waits_for) <= {Place.BACKUPS}


def summed_up(steps: Iterable[Step]) -> Summary:
    """How far these steps are; what is waited for in the order of places."""
    found = list(steps)
    waiting = {step.place for step in found if step.done_at is None}
    ends = [step.due_at for step in found if step.place is Place.BACKUPS and step.due_at is not None]
    return Summary(len(found), sum(step.done_at is not None for step in found),
                   tuple(place for place in Place if place in waiting), max(ends, default=None))
