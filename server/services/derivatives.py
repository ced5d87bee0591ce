"""Copies made from what was sent: a recording that every browser plays, a photo without its metadata, an excerpt's
own seconds. Each is put into the store, and then named in one transaction, while the consent for it holds.

A store can be far away, so nothing is put while a transaction is open, but for one case: bytes that were erased between
being put and being named are put again under the lock that keeps erasures out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use, may_keep_photo, may_keep_recording, may_transcribe
from server.domain.work import Held, Kind
from server.models.segment import RecordingSegment
from server.models.story import Photo, Recording
from server.models.theme import Excerpt
from server.services import consents, erasures, making, work
from server.storage.store import MediaStore

# By then no copy can still be on its way into the store.
_PUT_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A finished copy: an open file and the SHA-256 of what is in it."""

    file: BinaryIO
    sha256: str


@dataclass(frozen=True)
class Passage:
    """The sound an excerpt is cut from, and where."""

    sha256: str
    start_ms: int
    end_ms: int


def playback_source(session: Session, recording_id: str) -> str | None:
    """The SHA-256 of the recording to copy; None when it is gone or nobody agrees to it any more."""
    row = session.get(Recording, recording_id)
    return row.sha256 if row and _agreed(session, row.story_id, may_keep_recording) else None


def photo_source(session: Session, photo_id: str) -> str | None:
    """The SHA-256 of the photo to copy; None when it is gone or nobody agrees to it any more."""
    row = session.get(Photo, photo_id)
    return row.sha256 if row and _agreed(session, row.story_id, may_keep_photo) else None


def clip_source(session: Session, excerpt_id: str) -> Passage | None:
    """What to cut an excerpt's sound from; None when it is gone or nobody agrees to it any more."""
    row = session.get(Excerpt, excerpt_id)
    if row is None or not _agreed(session, row.story_id, may_transcribe):
        return None
    return _where_it_was_said(session, row)


def _where_it_was_said(session: Session, row: Excerpt) -> Passage:
    """In the segment as it came, where a recording was joined and the passage is within one: less was lost there."""
    segment = session.scalar(select(RecordingSegment).where(
        RecordingSegment.recording_id == row.recording_id, RecordingSegment.start_ms <= row.start_ms,
        RecordingSegment.start_ms + RecordingSegment.duration_ms >= row.end_ms))
    if segment is None or segment.start_ms is None:
        return Passage(session.get_one(Recording, row.recording_id).sha256, row.start_ms, row.end_ms)
    return Passage(segment.sha256, row.start_ms - segment.start_ms, row.end_ms - segment.start_ms)


def expect(session: Session, made: Made) -> None:
    """Say that these bytes are about to be put. Commit it first, so that they go if they come to nothing."""
    erasures.expect(session, made.sha256, until=datetime.now(UTC) + _PUT_WITHIN)


def put(store: MediaStore, made: Made) -> None:
    """Raises StorageFull, StoreUnavailable."""
    made.file.seek(0)
    store.put(made.file)


def abandon(session: Session, made: Made) -> None:
    """Nobody wants these bytes any more."""
    erasures.ask(session, [made.sha256], project_id=None)


def store_playback(session: Session, store: MediaStore, recording_id: str, made: Made, duration_ms: int,
                   held: Held) -> None:
    """Name a recording's copy, which was put, and finish the job. Raises FenceLost, StorageFull, StoreUnavailable."""
    if not _goes_on(session, Kind.PLAYBACK, recording_id, held):
        return abandon(session, made)
    row = session.get_one(Recording, recording_id)
    row.playback_sha256, row.duration_ms = kept(session, store, made), duration_ms
    making.measured(session, row, duration_ms)
    work.finish(session, held)


def store_photo(session: Session, store: MediaStore, photo_id: str, made: Made, size: tuple[int, int],
                held: Held) -> None:
    """Name a photo's copy, `size` its width and height in pixels, and finish the job. Raises as `store_playback`."""
    if not _goes_on(session, Kind.PHOTO, photo_id, held):
        return abandon(session, made)
    row = session.get_one(Photo, photo_id)
    row.derivative_sha256 = kept(session, store, made)
    row.width, row.height = size
    work.finish(session, held)


def store_clip(session: Session, store: MediaStore, excerpt_id: str, made: Made, held: Held) -> None:
    """Name an excerpt's sound and finish the job. Raises as `store_playback`."""
    if not _goes_on(session, Kind.CLIP, excerpt_id, held):
        return abandon(session, made)
    session.get_one(Excerpt, excerpt_id).clip_sha256 = kept(session, store, made)
    work.finish(session, held)


def kept(session: Session, store: MediaStore, made: Made) -> str:
    """The name of these bytes, which some row is given in this transaction. Raises StorageFull, StoreUnavailable."""
    erasures.keep(session, made.sha256)
    if made.sha256 not in store:
        put(store, made)
    return made.sha256


def give_up(session: Session, kind: Kind, subject_id: str, held: Held) -> None:
    """Nobody agrees to a copy any more, as it seemed: its job is cancelled. Where somebody has agreed meanwhile, it
    waits for its turn again. Raises FenceLost."""
    if _goes_on(session, kind, subject_id, held):
        work.release(session, held)


def _goes_on(session: Session, kind: Kind, subject_id: str, held: Held) -> bool:
    """With the story's lock, whether there still is agreement; where not, the job is cancelled. Raises FenceLost."""
    owner, source = _COPIES[kind]
    story_id = session.scalar(select(owner.story_id).where(owner.id == subject_id))
    work.hold(session, held, story_id)
    if source(session, subject_id) is not None:
        return True
    work.cancel(session, held)
    return False


_COPIES: dict[Kind, tuple[type[Recording | Photo | Excerpt], Callable[[Session, str], object | None]]] = {
    Kind.PLAYBACK: (Recording, playback_source), Kind.PHOTO: (Photo, photo_source), Kind.CLIP: (Excerpt, clip_source)}


def _agreed(session: Session, story_id: str, allows: Callable[[frozenset[Use]], bool]) -> bool:
    return allows(consents.agreed_uses(session, story_id))
