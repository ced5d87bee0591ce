"""Withdrawals of voice, faces and names, written down beside those of whole stories: no restored backup forgets them.

A note holds ids, hashes and times. Replaying those that a database does not know takes the same from the story again.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Scope
from server.domain.errors import Invalid, MediaMissing
from server.domain.hashes import is_sha256
from server.domain.ids import checked_id
from server.models.consent import ConsentRecord, Erasure, PartialWithdrawal, Withdrawal
from server.models.project import Project
from server.models.story import Story
from server.services import erasures, locks, tombstones, withdrawal_scopes, withdrawals
from server.storage.store import MediaStore

log = logging.getLogger(__name__)

_PREFIX = "words-only-"
_AT_ONCE = 200
_OF_WORDS = PartialWithdrawal.scope == Scope.WORDS_ONLY.value


@dataclass(frozen=True)
class Note:
    """As of a withdrawal: `refused` are the ids that are refused since, `hashes` name bytes that may be stored yet."""

    story_id: str
    project_id: str | None
    at: str
    refused: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """It says which story it is about, even where the note is spoilt."""
        return f"{_PREFIX}{self.story_id}"

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def list_unwritten(session: Session) -> list[str]:
    """Stories of which that is not written down yet; not all at once where there are many."""
    missing = select(PartialWithdrawal.story_id).where(_OF_WORDS, PartialWithdrawal.written_down_at.is_(None))
    return list(session.scalars(missing.order_by(PartialWithdrawal.story_id).limit(_AT_ONCE)))


def find_unwritten(session: Session, story_id: str) -> Note | None:
    """The note to write of a story; None where it was written before, or there is none."""
    row = session.get(PartialWithdrawal, (story_id, Scope.WORDS_ONLY.value), populate_existing=True)
    return _note_of(session, row) if row is not None and row.written_down_at is None else None


def mark_written(session: Session, note: Note) -> None:
    """Say that the store has a note. What came of the story since is refused by its name as well."""
    row = session.get(PartialWithdrawal, (note.story_id, Scope.WORDS_ONLY.value), populate_existing=True)
    if row is not None:
        row.written_down_at = datetime.now(UTC)
        session.flush()


def list_notes(session: Session) -> list[Note]:
    """Every one that this database knows."""
    return [_note_of(session, row) for row in session.scalars(
        select(PartialWithdrawal).where(_OF_WORDS).order_by(PartialWithdrawal.at))]


def unknown(session: Session, store: MediaStore) -> list[str]:
    """The stories of which the store knows this, and the database does not."""
    found = [story_id for name in store.list_notes() if (story_id := _story_in(name)) is not None]
    known = set(session.scalars(select(PartialWithdrawal.story_id)))
    return [story_id for story_id in found if story_id not in known]


def replay(session: Session, store: MediaStore, story_ids: Iterable[str]) -> int:
    """Take voice, faces and names from these stories; how many there were to take it from. Of a story that has ended
    nothing is left to take."""
    return sum(_replayed(session, _read(store, story_id)) for story_id in story_ids)


def _replayed(session: Session, note: Note) -> bool:
    locks.take_story(session, note.story_id)
    project_id, now = _project(session, note), datetime.now(UTC)
    is_new = project_id is not None and session.get(Withdrawal, note.story_id) is None and withdrawal_scopes.keep_words(
        session, None, note.story_id, project_id, datetime.fromisoformat(note.at), replayed_at=now)
    if is_new:
        tombstones.add(session, note.story_id, note.refused)
    erasures.ask(session, note.hashes, project_id)
    return is_new


def _project(session: Session, note: Note) -> str | None:
    """The project of the story: as the rows that came back with a backup say, or as noted."""
    return session.scalars(
        select(Story.project_id).where(Story.id == note.story_id)
        .union(select(ConsentRecord.project_id).where(ConsentRecord.story_id == note.story_id),
               select(Project.id).where(Project.id == note.project_id))).first()


def _note_of(session: Session, row: PartialWithdrawal) -> Note:
    # Whatever is being erased now may be of this story: its own rows, which said so, are gone.
    return Note(row.story_id, row.project_id, row.at.isoformat(),
                tuple(sorted(withdrawals.list_refused(session, row.story_id))),
                tuple(sorted(session.scalars(select(Erasure.sha256)))))


def _read(store: MediaStore, story_id: str) -> Note:
    """The note. One that is spoilt still says by its name which story it is about."""
    try:
        return _checked(story_id, json.loads(store.read_note(f"{_PREFIX}{story_id}")))
    except (MediaMissing, ValueError, TypeError, KeyError, Invalid):
        log.error("ALARM: a note of what was withdrawn of %s cannot be read; its words alone are kept", story_id)
        return Note(story_id, None, datetime.now(UTC).isoformat())


def _checked(story_id: str, content: dict[str, Any]) -> Note:
    """Raises Invalid, ValueError, TypeError or KeyError for what is no note."""
    hashes = tuple(content["hashes"])
    if datetime.fromisoformat(content["at"]).tzinfo is None or not all(map(is_sha256, hashes)):
        raise ValueError
    return Note(story_id, checked_id(content["project_id"]), content["at"],
                tuple(checked_id(part_id) for part_id in content["refused"]), hashes)


def _story_in(name: str) -> str | None:
    """The story that a note is about; None for another note."""
    try:
        story_id = checked_id(name.removeprefix(_PREFIX))
    except Invalid:
        return None
    return story_id if name == f"{_PREFIX}{story_id}" else None
