"""Segments become a recording: as soon as all that its manifest lists are stored, and never before, unless
an administrator has it made of what came (`going_without`).

One segment is the recording as it is. Several are joined by a worker into one file, which is also the copy that
browsers play, so that nothing is encoded twice. The segments themselves stay as they came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.consent import may_keep_recording, may_transcribe
from server.domain.manifest import UNPLAYABLE, Heard
from server.domain.work import Held, Kind
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.services import consents, derivatives, locks, remaking, segments, work
from server.services.derivatives import Made
from server.storage.store import MediaStore

JOINED = "mp3"


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
    row = session.get(RecordingManifest, recording_id)
    if row is None or not _may_keep(session, row):
        return
    segments.put_in_order(session, row)
    _expect_what_came_after_all(session, row)
    if row.completed_at is not None or segments.awaited(session, row):
        return
    playable = _playable(session, row)
    if len(playable) > 1:
        work.request(session, kind=Kind.JOIN, subject_id=row.id, story_id=row.story_id,
                     project_id=_project(session, row))
        return
    if playable:
        _complete_as_it_is(session, row, playable[0])
    row.completed_at = datetime.now(UTC)
    session.flush()


def go_on_with_story(session: Session, story_id: str) -> None:
    """As `go_on`, with every recording of the story."""
    locks.take_story(session, story_id)
    unfinished = RecordingManifest.story_id == story_id, RecordingManifest.completed_at.is_(None)
    for recording_id in session.scalars(select(RecordingManifest.id).where(*unfinished).order_by(RecordingManifest.id)):
        go_on(session, recording_id)


def list_left(session: Session) -> list[str]:
    """The stories with a recording that is unfinished, for any reason; the one that has waited longest comes first."""
    query = (select(RecordingManifest.story_id).where(RecordingManifest.completed_at.is_(None))
             .group_by(RecordingManifest.story_id)
             .order_by(func.min(RecordingManifest.received_at), RecordingManifest.story_id))
    return list(session.scalars(query))


def join_again(session: Session, recording_id: str) -> None:
    """Have a joined file that was lost be made of its segments once more; until then the recording cannot be played."""
    row, recording = session.get_one(RecordingManifest, recording_id), session.get_one(Recording, recording_id)
    recording.playback_sha256 = None
    _open_again(session, row)
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
    if row is not None:
        locks.take_story(session, row.story_id)  # an answer that comes now is either seen here, or sees a recording
    work.hold(session, held)
    found = sources(session, recording_id)
    if row is None or found is None:
        work.cancel(session, held)
        derivatives.abandon(session, joined.made)
        return
    heard = _heard(row, {source.number: length for source, length in zip(found, joined.lengths, strict=True)})
    if any(heard.values()):
        sha256 = derivatives.kept(session, store, joined.made)
        _add(session, row, heard, sha256=sha256, size=joined.size, container=JOINED, playback_sha256=sha256)
        _ask_for_transcript(session, row)
    else:
        derivatives.abandon(session, joined.made)
    row.completed_at = datetime.now(UTC)
    work.finish(session, held)


def _expect_what_came_after_all(session: Session, row: RecordingManifest) -> None:
    """A segment that somebody had decided to go without is here: with it the recording is made anew. Until that is
    done, what was made without it stays. One that cannot be played changes nothing but what is said of its stretch."""
    came = [part for part in segments.stored(session, row) if part.id in row.left_out]
    if not came:
        return
    row.left_out = sorted(set(row.left_out) - {part.id for part in came})
    if any(part.container is not None for part in came):
        _open_again(session, row)
        return
    of_them = RecordingGap.recording_id == row.id, RecordingGap.segment.in_([part.number for part in came])
    session.execute(update(RecordingGap).where(*of_them).values(reason=UNPLAYABLE))


def _open_again(session: Session, row: RecordingManifest) -> None:
    """Whoever joins it now writes nothing any more."""
    row.completed_at = None
    work.drop(session, row.id, Kind.JOIN)
    session.flush()


def _complete_as_it_is(session: Session, row: RecordingManifest, only: RecordingSegment) -> None:
    heard = _heard(row, {only.number: only.duration_ms or 0})
    _add(session, row, heard, sha256=only.sha256, size=only.size, container=only.container or "")
    work.request(session, kind=Kind.PLAYBACK, subject_id=row.id, story_id=row.story_id,
                 project_id=_project(session, row))
    _ask_for_transcript(session, row)


def _heard(row: RecordingManifest, lengths: dict[int, int | None]) -> Heard:
    return rules.laid_end_to_end([lengths.get(segment.number) for segment in segments.listed(row)])


def _add(session: Session, row: RecordingManifest, heard: Heard, *, sha256: str, size: int, container: str,
         playback_sha256: str | None = None) -> None:
    """The recording, with where each segment, gap and marker is in it. One that was made before is made anew."""
    now, listed = datetime.now(UTC), segments.listed(row)
    before = remaking.standing(session, row)
    session.execute(delete(RecordingGap).where(RecordingGap.recording_id == row.id))
    session.merge(Recording(
        id=row.id, story_id=row.story_id, position=row.position, sha256=sha256, size=size, container=container,
        duration_ms=max(stretch.end_ms for stretch in heard.values() if stretch), started_at=row.started_at,
        playback_sha256=playback_sha256, received_at=now, stored_at=now))
    session.flush()
    for part in segments.stored(session, row):
        _place(part, heard)
    remaking.carry_over(session, row, before, heard)
    session.add_all(
        RecordingGap(recording_id=row.id, number=number, at_ms=gap.at_ms, length_ms=gap.length_ms, reason=gap.reason,
                     segment=gap.segment)
        for number, gap in enumerate(rules.gaps(listed, heard, row.left_out)))
    for marker in session.scalars(select(RecordingMarker).where(RecordingMarker.recording_id == row.id)):
        marker.at_ms = rules.position(listed, heard, marker.saved_at_ms)
    session.flush()


def _place(part: RecordingSegment, heard: Heard) -> None:
    stretch = heard[part.number]
    if stretch is None:
        part.container = part.duration_ms = None
    else:
        part.start_ms, part.duration_ms = stretch.start_ms, stretch.end_ms - stretch.start_ms


def _ask_for_transcript(session: Session, row: RecordingManifest) -> None:
    if may_transcribe(consents.agreed_uses(session, row.story_id)):
        work.request(session, kind=Kind.TRANSCRIBE, subject_id=row.id, story_id=row.story_id,
                     project_id=_project(session, row))


def _playable(session: Session, row: RecordingManifest) -> list[RecordingSegment]:
    return [part for part in segments.stored(session, row) if part.container is not None]


def _may_keep(session: Session, row: RecordingManifest) -> bool:
    return may_keep_recording(consents.agreed_uses(session, row.story_id))


def _project(session: Session, row: RecordingManifest) -> str:
    return session.get_one(Story, row.story_id).project_id
