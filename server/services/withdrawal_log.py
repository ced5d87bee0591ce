"""Withdrawals written down outside the database, one note each in the store, so that no restored backup forgets one.

A note holds ids, hashes and times, and nothing that was ever said. Replaying the notes that a database does not know
brings its withdrawals up to date, whatever backup it came from.
"""

import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.audit import Action
from server.domain.consent import Scope
from server.domain.errors import Invalid, MediaMissing
from server.domain.hashes import is_sha256
from server.domain.ids import checked_id
from server.domain.retention import Cause
from server.models.consent import ConsentRecord, Erasure, Tombstone, Withdrawal
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.services import anonymous_stories, audit, erasures, locks, withdrawals, withdrawn_codes
from server.storage.store import MediaStore

log = logging.getLogger(__name__)

_AT_ONCE = 200


@dataclass(frozen=True)
class Note:
    """A withdrawal. `refused` are the ids that are refused since; `hashes` name bytes that may still be stored.

    `codes` are the hashed receipt codes of those who told the story together. Notes from before stories were kept for a
    time alone say no `cause`: somebody asked. One that was made anonymous says so in its `scope`: `became_id` is the
    story in which some of its words went on, until no backup has the old one any more.
    """

    story_id: str
    project_id: str | None
    recorded_by: str | None
    at: str
    receipt_code_hash: str
    refused: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cause: str = Cause.ASKED.value
    scope: str = Scope.ERASE.value
    became_id: str | None = None

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def list_unwritten(session: Session) -> list[str]:
    """Stories whose withdrawal is not written down yet; not all at once where there are many."""
    missing = select(Withdrawal.story_id).where(Withdrawal.written_down_at.is_(None))
    return list(session.scalars(missing.order_by(Withdrawal.story_id).limit(_AT_ONCE)))


def find_unwritten(session: Session, story_id: str) -> Note | None:
    """The note to write of a withdrawal; None where it was written before, or there is none."""
    row = session.get(Withdrawal, story_id, populate_existing=True)
    return _note_of(session, row) if row is not None and row.written_down_at is None else None


def mark_written(session: Session, note: Note) -> None:
    """Say that the store has a note. Where more is known of that withdrawal by now it is written again: a fuller note
    may have been written and marked meanwhile, and this one may have replaced it."""
    locks.take_story(session, note.story_id)
    row = session.get(Withdrawal, note.story_id, populate_existing=True)
    if row is None:
        return
    row.written_down_at = datetime.now(UTC) if _says_all(_note_of(session, row), note) else None
    session.flush()


def _says_all(now: Note, written: Note) -> bool:
    """And nothing that is forgotten by now."""
    return ({*now.refused} <= {*written.refused} and {*now.codes} <= {*written.codes}
            and written.became_id == now.became_id)


def list_notes(session: Session) -> list[Note]:
    """Every withdrawal that this database knows."""
    return [_note_of(session, row) for row in session.scalars(select(Withdrawal).order_by(Withdrawal.at))]


def unknown(session: Session, store: MediaStore) -> list[str]:
    """The stories that were withdrawn according to the store, and not according to the database."""
    known = set(session.scalars(select(Withdrawal.story_id)))
    return [name for name in store.list_notes() if name not in known and _is_id(name)]


def replay(session: Session, store: MediaStore, story_ids: Iterable[str]) -> int:
    """Withdraw these stories as their notes say, the first one first; how many there were to withdraw.

    A note of a project that this database does not have withdraws nothing, since nothing of it can be here or come.
    """
    notes = sorted((_read(store, story_id) for story_id in story_ids), key=lambda note: datetime.fromisoformat(note.at))
    return sum(_replayed(session, note) for note in notes)


def _replayed(session: Session, note: Note) -> bool:
    project_id = _project(session, note)
    if project_id is None or not _added(session, note, project_id):
        erasures.ask(session, note.hashes, None)
        return False
    there = set(session.scalars(select(Tombstone.id).where(Tombstone.id.in_(note.refused))))
    session.add_all(Tombstone(id=part_id, story_id=note.story_id) for part_id in sorted({*note.refused} - there))
    session.flush()
    withdrawn_codes.keep(session, note.story_id, note.codes)
    if note.became_id is not None:
        anonymous_stories.carry_over(session, note.story_id, datetime.fromisoformat(note.at), note.became_id)
    withdrawals.empty(session, note.story_id, project_id)
    erasures.ask(session, note.hashes, project_id)
    audit.note(session, None, Action.REPLAYED, "withdrawal", note.story_id, project_id)
    return True


def _added(session: Session, note: Note, project_id: str) -> bool:
    """False when somebody else replayed it a moment ago."""
    recorded_by = note.recorded_by if note.recorded_by and session.get(Person, note.recorded_by) else None
    code = withdrawn_codes.free(session, note.story_id, note.receipt_code_hash)
    try:
        with session.begin_nested():
            session.add(Withdrawal(
                story_id=note.story_id, project_id=project_id, recorded_by=recorded_by, reason="", cause=note.cause,
                receipt_code_hash=code, at=datetime.fromisoformat(note.at), scope=note.scope,
                became_id=note.became_id,
                written_down_at=datetime.now(UTC)))
    except IntegrityError:
        return False
    return True


def _project(session: Session, note: Note) -> str | None:
    """The project of the story: as noted, or as the rows that came back with a backup say."""
    there = select(Story.project_id).where(Story.id == note.story_id).union(
        select(ConsentRecord.project_id).where(ConsentRecord.story_id == note.story_id),
        select(Project.id).where(Project.id == note.project_id))
    return session.scalars(there).first()


def _note_of(session: Session, row: Withdrawal) -> Note:
    # Whatever is being erased now may be of this story: its own rows, which said so, are gone.
    hashes = tuple(sorted(session.scalars(select(Erasure.sha256))))
    refused = tuple(sorted(withdrawals.list_refused(session, row.story_id)))
    return Note(row.story_id, row.project_id, row.recorded_by, row.at.isoformat(), row.receipt_code_hash, refused,
                hashes, tuple(withdrawn_codes.list_kept(session, row.story_id)), row.cause, row.scope,
                row.became_id)


def _read(store: MediaStore, story_id: str) -> Note:
    """The note. One that is spoilt still says by its name which story was withdrawn."""
    try:
        return _checked(story_id, json.loads(store.read_note(story_id)))
    except (MediaMissing, ValueError, TypeError, KeyError, Invalid):
        log.error("ALARM: the note of the withdrawal of %s cannot be read; the story is withdrawn all the same",
                  story_id)
        return Note(story_id, None, None, datetime.now(UTC).isoformat(), secrets.token_hex(32))


def _checked(story_id: str, content: dict[str, Any]) -> Note:
    """Raises Invalid, ValueError, TypeError or KeyError for what is no note."""
    at, digest, hashes = datetime.fromisoformat(content["at"]), content["receipt_code_hash"], content["hashes"]
    codes = content.get("codes", [])  # notes from before stories had several people have none
    if at.tzinfo is None or not all(is_sha256(item) for item in (digest, *hashes, *codes)):
        raise ValueError
    refused = tuple(checked_id(item) for item in content["refused"])
    cause, scope = Cause(content.get("cause", Cause.ASKED)), Scope(content.get("scope", Scope.ERASE))
    became_id = content.get("became_id")
    return Note(story_id, checked_id(content["project_id"]), content["recorded_by"], content["at"], digest, refused,
                tuple(hashes), tuple(codes), cause.value, scope.value,
                checked_id(became_id) if became_id is not None else None)


def _is_id(name: str) -> bool:
    try:
        return checked_id(name) == name
    except Invalid:
        return False
