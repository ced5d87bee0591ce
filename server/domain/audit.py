"""Who did what, as a chain: each entry's hash covers the entry and the hash before it, so that no edit goes unseen.

An entry holds ids, never words, names, addresses or email.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

# What the first entry rests on, the same in every installation.
GENESIS = hashlib.sha256(b"Earshot: who did what").hexdigest()


class Action(StrEnum):
    """What somebody did. The first five are reads, which are noted once they have succeeded."""

    READ = "read"
    HEARD = "heard"
    SEEN = "seen"
    PRESENTED = "presented"
    EXPORTED = "exported"
    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    WITHDREW = "withdrew"
    DISPOSED = "disposed"
    REPLAYED = "replayed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    RESTORED = "restored"
    REVOKED = "revoked"
    ALLOWED = "allowed"
    PASSED_ON = "passed_on"
    UNLOCKED = "unlocked"
    UNLOCK_FAILED = "unlock_failed"
    IMPORTED = "imported"
    OVERRODE_CUSTODY = "overrode_custody"


@dataclass(frozen=True)
class Noted:
    """What is to be entered: who (nobody for a visitor or the server itself), what, and on which thing.

    `details` holds ids and numbers alone.
    """

    person_id: str | None
    action: str
    kind: str
    subject_id: str
    project_id: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the chain. `at` is in UTC."""

    sequence: int
    at: datetime
    noted: Noted
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The newest entry: written down elsewhere, it shows when entries at the end were taken away."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


BEGINNING = Head(0, GENESIS)


def entered(noted: Noted, sequence: int, at: datetime, previous_hash: str) -> Entry:
    """The entry with this number, after the one with this hash."""
    return Entry(sequence, at, noted, previous_hash, hash_of(noted, sequence, at, previous_hash))


def hash_of(noted: Noted, sequence: int, at: datetime, previous_hash: str) -> str:
    """SHA-256 over the hash before it and the entry in its one canonical form."""
    return hashlib.sha256(previous_hash.encode() + canonical(noted, sequence, at)).hexdigest()


def canonical(noted: Noted, sequence: int, at: datetime) -> bytes:
    """JSON in ASCII, names in order, no spaces, the moment in UTC to the microsecond."""
    content = {
        "sequence": sequence, "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "person": noted.person_id, "action": noted.action, "kind": noted.kind, "subject": noted.subject_id,
        "project": noted.project_id, "details": dict(noted.details),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def problem_with(entry: Entry, before: Head) -> str | None:
    """What is wrong with an entry that comes after this one, in words; None when the chain holds."""
    if entry.sequence != before.sequence + 1:
        return f"entry {before.sequence + 1} is not there"
    if entry.previous_hash != before.hash:
        return f"entry {entry.sequence} does not follow from the one before it"
    if entry.hash != hash_of(entry.noted, entry.sequence, entry.at, entry.previous_hash):
        return f"entry {entry.sequence} was altered"
    return None


def read_head(text: str) -> Head | None:
    """A head as it was printed, `SEQUENCE:HASH`, or None when that is not what it is."""
    sequence, _, digest = text.strip().partition(":")
    if not (sequence.isascii() and sequence.isdigit() and len(digest) == 64):
        return None
    return Head(int(sequence), digest)
