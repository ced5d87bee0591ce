"""Letting go of stored bytes that no row names any more.

A row in `erasure` says that bytes may be in the store without reason. It is written before bytes are stored or when
their last row goes, and taken away in the transaction that names them again or has deleted them. So whatever is
killed half-way, either a row names the bytes or the sweep still knows of them.
"""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, String, delete, exists, func, inspect, literal, or_, select, text
from sqlalchemy.orm import Session

from server.domain.work import Kind
from server.models.consent import ConsentEvidence, ConsentRecord, Embargo, Erasure, Withdrawal
from server.models.group import SelfDescription
from server.models.held import HeldArrival
from server.models.note import Note
from server.models.redaction import PhotoRegion, Redaction
from server.models.row import Row
from server.models.search import SearchPassage, Tokens
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Conversation, Participant, Photo, Quote, Recording, Story
from server.models.suggestion import PassageVectors
from server.models.theme import Excerpt
from server.models.transcript import Correction, Speaker, Transcript, TranscriptSegment, TranscriptWindow, Translation
from server.models.upload import Upload
from server.models.work import Attempt, Job
from server.services import work
from server.services.search_index import index_of
from server.storage.store import MediaStore

_LOCK_WAIT_MS = 10_000
_HELD_WORDS = (
    Attempt, ConsentEvidence, ConsentRecord, Conversation, Correction, Embargo, Excerpt, HeldArrival, Note,
    Participant, PassageVectors, Photo, PhotoRegion, Quote, Recording, RecordingGap, RecordingManifest,
    RecordingMarker, RecordingSegment, Redaction, SearchPassage, SelfDescription, Speaker, Story, Transcript,
    TranscriptSegment, TranscriptWindow, Translation, Upload, Withdrawal)
_NAMED_BY = (Recording.sha256, Recording.playback_sha256, Recording.clean_sha256, RecordingSegment.sha256, Photo.sha256,
             Photo.derivative_sha256, Photo.clean_sha256, Excerpt.clip_sha256, ConsentEvidence.sha256)


def expect(session: Session, sha256: str, *, until: datetime | None = None) -> None:
    """Say that these bytes are about to be stored and not named yet. Commit it before storing them.

    They may come at any moment before `until`: erasing them earlier is not the end of it.
    """
    _alone(session, sha256)
    before = session.scalar(select(Erasure.asked_at).where(Erasure.sha256 == sha256))
    asked_at = max(filter(None, (datetime.now(UTC), until, before)))
    session.merge(Erasure(sha256=sha256, asked_at=asked_at))
    session.flush()


def keep(session: Session, sha256: str) -> None:
    """Say, in the transaction that names these bytes, that they stay. Call it before they are stored."""
    _alone(session, sha256)
    session.execute(delete(Erasure).where(Erasure.sha256 == sha256))


def ask(session: Session, sha256s: Iterable[str], project_id: str | None) -> None:
    """Ask for the bytes that no row names any more to be erased.

    Two stories that rest on the same bytes may end at the same moment: the second sees that the first has gone.
    """
    for sha256 in sorted(set(sha256s)):
        _alone(session, sha256)
        if not is_named(session, sha256):
            expect(session, sha256)
            work.request(session, kind=Kind.ERASE, subject_id=sha256, story_id=None, project_id=project_id)


def ask_again(session: Session) -> None:
    """Ask for what was left behind when a worker was killed."""
    asked = exists().where(Job.kind == Kind.ERASE, Job.subject_id == Erasure.sha256)
    for sha256 in session.scalars(select(Erasure.sha256).where(~asked, Erasure.asked_at <= datetime.now(UTC))):
        work.request(session, kind=Kind.ERASE, subject_id=sha256, story_id=None, project_id=None)


def erase(session: Session, store: MediaStore, sha256: str) -> None:
    """Delete the bytes unless some row names them; doing it again changes nothing."""
    _alone(session, sha256)
    if not is_named(session, sha256):
        store.delete(sha256)
    session.execute(delete(Erasure).where(Erasure.sha256 == sha256, Erasure.asked_at <= datetime.now(UTC)))


def is_named(session: Session, sha256: str) -> bool:
    """Whether a recording, a photo or an excerpt still rests on these bytes."""
    return bool(session.scalar(select(or_(*(exists().where(column == sha256) for column in _NAMED_BY)))))


def scrub(session: Session) -> None:
    """Write anew what held words, so that no deleted word stays readable in the files. Not within a transaction.

    SQLite's `secure_delete` alone leaves copies in pages that were moved (seen with 3.40). PostgreSQL's plain VACUUM
    leaves what was deleted in the free room of its pages. Raises OperationalError where somebody else reads or
    writes for long; the job is tried again.
    """
    engine = session.get_bind().engine
    with engine.begin() as connection:
        index_of(session).forget_deleted(connection)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            _scrub_postgresql(connection.execution_options(isolation_level="AUTOCOMMIT"))


def _scrub_postgresql(connection: Connection) -> None:
    connection.execute(text(f"SET lock_timeout = {_LOCK_WAIT_MS}"))
    try:
        for owner in _HELD_WORDS:
            connection.execute(text(f'VACUUM (FULL, ANALYZE) "{owner.__tablename__}"'))
            _forget_statistics(connection, owner)
        # What the planner remembered of the words.
        connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))
    finally:
        connection.execute(text("RESET lock_timeout"))


def _forget_statistics(connection: Connection, owner: type[Row]) -> None:
    """Of a table that is empty now, ANALYZE leaves what the planner knew of it. To give a column its own type once more
    has it forgotten."""
    if connection.scalar(select(exists(select(owner)))):
        return
    for column in inspect(owner).columns:
        if isinstance(column.type, (String, Tokens)) and not column.foreign_keys:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f'ALTER TABLE "{owner.__tablename__}" ALTER COLUMN "{column.name}" TYPE {kind}'))


def _alone(session: Session, sha256: str) -> None:
    """Until the transaction ends, nobody else keeps or erases these bytes. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = zlib.crc32(sha256.encode())
        session.execute(select(func.pg_advisory_xact_lock(literal(number))))
