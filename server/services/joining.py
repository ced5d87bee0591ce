"""Segments become a recording: as soon as all that its manifest lists are stored, and never before, unless
an administrator has it made of what came (`going_without`).

One segment is the recording as it is. Several are joined by a worker into one file, which is also the copy that
browsers play, so that nothing is encoded twice. The segments themselves stay as they came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from server.domain.consent import may_keep_recording
from server.domain.work import Held, Kind
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Recording, Story
from server.services import consents, derivatives, erasures, locks, making, segments, work
from server.services.derivatives import Made
from server.storage.store import MediaStore

JOINED = "mp3"

# A segment that can be played has its place once the recording is made, or stands alone.
_HAS_NO_PLACE = exists().where(
    RecordingSegment.recording_id == RecordingManifest.id, RecordingSegment.story_id == RecordingManifest.story_id,
    RecordingSegment.stored_at.is_not(None), RecordingSegment.container.is_not(None),
    RecordingSegment.start_ms.is_(None))
_IS_LEFT = or_(RecordingManifest.completed_at.is_(None), _HAS_NO_PLACE)


@dataclass(frozen=True)
class Source:
    """A segment to join: its number, and what it is stored as. `size` is bytes."""

    number: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Joined:
    """A finished file, its size in bytes, and the length in ms of each source in it; None where there was no sound."""

    made: Made
    size: int
    lengths: Sequence[int | None]


def go_on(session: Session, recording_id: str) -> None:
    """Make the recording, or have it joined, if all of it is here and may be kept.

    With the story's lock, in the transaction that stores a segment, keeps the manifest, or hears of an agreement.
    """
    row = session.get(RecordingManifest, recording_id, populate_existing=True)
    if row is None or not _may_keep(session, row):
        return
    segments.put_in_order(session, row)
    for part in segments.came_late(session, row):
        making.take_in_late(session, row, part)
    if row.completed_at is not None or segments.awaited(session, row):
        return
    playable = _playable(session, row)
    if len(playable) > 1:
        work.request(session, kind=Kind.JOIN, subject_id=row.id, story_id=row.story_id,
                     project_id=session.get_one(Story, row.story_id).project_id)
        return
    if playable:
        making.complete_as_it_is(session, row, playable[0])
    row.completed_at = datetime.now(UTC)
    session.flush()


def go_on_with_story(session: Session, story_id: str) -> None:
    """As `go_on`, with every recording of the story."""
    locks.take_story(session, story_id)
    left = select(RecordingManifest.id).where(RecordingManifest.story_id == story_id, _IS_LEFT)
    for recording_id in session.scalars(left.order_by(RecordingManifest.id)).all():
        go_on(session, recording_id)


def list_left(session: Session) -> list[str]:
    """The stories with a recording that is unfinished, for any reason, or a late segment of which nothing was made; the
    one that has waited longest comes first."""
    query = (select(RecordingManifest.story_id).where(_IS_LEFT)
             .group_by(RecordingManifest.story_id)
             .order_by(func.min(RecordingManifest.received_at), RecordingManifest.story_id))
    return list(session.scalars(query))


def join_again(session: Session, recording_id: str) -> None:
    """Have a joined file that was lost be made of its segments once more; until then the recording cannot be played."""
    row, recording = session.get_one(RecordingManifest, recording_id), session.get_one(Recording, recording_id)
    copies = filter(None, {recording.playback_sha256, recording.clean_sha256} - {recording.sha256})
    recording.playback_sha256 = recording.clean_sha256 = row.completed_at = None
    work.drop(session, row.id, Kind.JOIN)
    session.flush()
    erasures.ask(session, copies, project_id=None)
    go_on(session, recording_id)


def sources(session: Session, recording_id: str) -> list[Source] | None:
    """What to join, in order; None when it was done, is gone, or nobody agrees to it any more."""
    row = session.get(RecordingManifest, recording_id, populate_existing=True)
    if row is None or row.completed_at is not None or not _may_keep(session, row):
        return None
    return [Source(found.number, found.sha256, found.size) for found in _playable(session, row)]


def settle(session: Session, store: MediaStore, recording_id: str, joined: Joined, held: Held) -> None:
    """Make the recording of a joined file, which was put, and finish the job. Raises FenceLost, StorageFull,
    StoreUnavailable."""
    row = session.get(RecordingManifest, recording_id)
    work.hold(session, held, row.story_id if row else None)
    found = sources(session, recording_id)
    if row is None or found is None:
        work.cancel(session, held)
        derivatives.abandon(session, joined.made)
        return
    heard = making.laid_out(row, {source.number: length for source, length in zip(found, joined.lengths, strict=True)})
    if any(heard.values()):
        sha256 = derivatives.kept(session, store, joined.made)
        making.complete_joined(session, row, heard, making.File(sha256, joined.size, JOINED, sha256))
    else:
        derivatives.abandon(session, joined.made)
        making.complete_without_sound(session, row, heard)
    row.completed_at = datetime.now(UTC)
    work.finish(session, held)


def _playable(session: Session, row: RecordingManifest) -> list[RecordingSegment]:
    return [part for part in segments.stored(session, row) if part.container is not None]


def _may_keep(session: Session, row: RecordingManifest) -> bool:
    return may_keep_recording(consents.agreed_uses(session, row.story_id))
