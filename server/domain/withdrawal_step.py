"""The checklist of a withdrawal: where something of a story can be, and what has gone from there since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from server.domain.consent import Scope

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


@dataclass(frozen=True)
class PhoneToTell:
    """A phone that may have a copy: who has it, what it is, and when it was last heard of. One that was shut out is
    told nothing any more, and sends nothing."""

    person_name: str
    label: str
    last_seen_at: datetime
    is_shut_out: bool


def may_have_receipt(steps: Iterable[Step], phones: Mapping[str, PhoneToTell], now: datetime) -> bool:
    """Whether everything has gone that the server can make go. Backups go by themselves, and a phone that was shut out
    or was not heard of for long may never be heard of again: it holds nobody's receipt back."""
    def is_in_the_way(step: Step) -> bool:
        if step.done_at is not None or step.place is Place.BACKUPS:
            return False
        if step.place is Place.PHONES:
            phone = phones.get(step.subject)
            return not (step.is_late(now) or phone is None or phone.is_shut_out)
        return True

    return not any(is_in_the_way(step) for step in steps)


@dataclass(frozen=True)
class Receipt:
    """What has gone of a story, by ids, moments and numbers. It can be checked later by its SHA-256."""

    story_id: str
    project_id: str
    scopes: tuple[tuple[Scope, datetime], ...]
    steps: tuple[Step, ...]
    files_taken_away: int

    def to_bytes(self) -> bytes:
        """JSON in its one canonical form: ASCII, names in order, no spaces, moments in UTC."""
        places = [self._of_place(place) for place in Place if any(step.place is place for step in self.steps)]
        content = {
            "kind": "earshot withdrawal receipt", "version": 1, "story": self.story_id, "project": self.project_id,
            "withdrawn": [{"scope": scope.value, "at": _moment(at)} for scope, at in self.scopes],
            "places": places, "files_taken_away_before": self.files_taken_away,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def _of_place(self, place: Place) -> dict[str, Any]:
        steps = [step for step in self.steps if step.place is place]
        done = [step.done_at for step in steps if step.done_at is not None]
        due = [step.due_at for step in steps if step.done_at is None and step.due_at is not None]
        return {"place": place.value, "count": sum(step.count for step in steps),
                "gone": sum(step.count for step in steps if step.done_at is not None),
                "last_gone_at": _moment(max(done)) if done else None, "gone_by": _moment(max(due)) if due else None}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
