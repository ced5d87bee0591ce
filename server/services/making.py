"""Recordings made of segments, once and for all: passages and transcripts rest on them.

What was made never moves. A segment that its recording was made without is a recording of its own when it comes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.consent import may_transcribe
from server.domain.manifest import CAME_LATER, LEFT_OUT, UNPLAYABLE, UNREADABLE, Heard, Stretch
from server.domain.work import Kind
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.services import consents, erasures, segments, work


@dataclass(frozen=True)
class File:
    """What a recording is stored as, and its copy for browsers, where there is one. `size` is bytes."""

    sha256: str
    size: int
    container: str
    playback_sha256: str | None = None


def laid_out(row: RecordingManifest, lengths: dict[int, int | None]) -> Heard:
    """Where the segments are, which have these lengths in ms by their numbers when they can be played."""
    numbers = [segment.number for segment in segments.listed(row)]
    return dict(zip(numbers, rules.laid_end_to_end([lengths.get(number) for number in numbers]).values(), strict=True))


def complete_as_it_is(session: Session, row: RecordingManifest, only: RecordingSegment) -> None:
    """The recording is its only segment that can be played."""
    _make(session, row, laid_out(row, {only.number: only.duration_ms or 0}), _as_it_is(only))
    _ask_for_copy_and_transcript(session, row, row.id)


def complete_joined(session: Session, row: RecordingManifest, heard: Heard, file: File) -> None:
    """The recording is this file, in which its segments are joined."""
    _make(session, row, heard, file)
    _ask_for_transcript(session, row, row.id)


def complete_without_sound(session: Session, row: RecordingManifest, heard: Heard) -> None:
    """No sound was found in any segment. What was made of them before stays as it is."""
    if session.get(Recording, row.id) is None:
        _place(session, row, heard)


def take_in_late(session: Session, row: RecordingManifest, part: RecordingSegment) -> None:
    """A segment that somebody had decided to go without is here. Nothing that was made changes but what is said of its
    stretch: it is a recording of its own, or, where it cannot be played, only kept."""
    offsets = {listed.id: timedelta(milliseconds=listed.offset_ms) for listed in segments.listed(row)}
    is_listed = part.id in offsets
    if part.container is not None:
        started_at = row.started_at + offsets[part.id] if is_listed else part.started_at
        part.recording_id, part.start_ms = rules.recording_of_its_own(part.id), 0
        _add(session, row, part.recording_id, started_at, _as_it_is(part), part.duration_ms or 0)
        _ask_for_copy_and_transcript(session, row, part.recording_id)
    if not is_listed:
        return  # its number is what it was announced with, and may be another's
    its_gap = RecordingGap.recording_id == row.id, RecordingGap.segment == part.number
    session.execute(update(RecordingGap).where(*its_gap).values(reason=CAME_LATER if part.container else UNPLAYABLE))


def say_more(session: Session, row: RecordingManifest) -> None:
    """The phone's manifest came after all. Of a recording that is made, it says what is not in it and what was marked;
    its sound, and where each segment is, stay as they are."""
    late = select(RecordingSegment).where(RecordingSegment.id.in_(row.left_out), RecordingSegment.start_ms.is_not(None))
    for part in session.scalars(late):
        _mark_late(session, row, part)
    if session.get(Recording, row.id) is not None:
        placed = {part.id: Stretch(part.start_ms, part.start_ms + (part.duration_ms or 0))
                  for part in segments.stored(session, row) if part.start_ms is not None}
        _mark(session, row, {listed.number: placed.get(listed.id) for listed in segments.listed(row)})


def measured(session: Session, recording: Recording, duration_ms: int) -> None:
    """All of a recording was decoded. Where it is one segment as it came, say what of that cannot be read: until then
    its length was what its packets claim. With the story's lock."""
    part = session.scalar(select(RecordingSegment).where(
        RecordingSegment.recording_id == recording.id, RecordingSegment.sha256 == recording.sha256,
        RecordingSegment.start_ms.is_not(None)))
    if part is None:
        return
    part.duration_ms = duration_ms
    for row in session.scalars(select(RecordingManifest).where(RecordingManifest.story_id == part.story_id)):
        if row.id == recording.id:
            _mark(session, row, laid_out(row, {part.number: duration_ms}))
        elif part.id in row.left_out:
            _mark_late(session, row, part)


def _as_it_is(part: RecordingSegment) -> File:
    return File(part.sha256, part.size, part.container or "")


def _make(session: Session, row: RecordingManifest, heard: Heard, file: File) -> None:
    """The recording, with where each segment, gap and marker is in it, once and for all: passages rest on it."""
    made = session.get(Recording, row.id)
    if made is not None:
        return _replace(session, row, made, file)
    duration_ms = max(stretch.end_ms for stretch in heard.values() if stretch)
    _add(session, row, row.id, row.started_at, file, duration_ms)
    _place(session, row, heard)
    _mark(session, row, heard)


def _mark(session: Session, row: RecordingManifest, heard: Heard) -> None:
    """Say where the recording stopped, what is not in it, and where the marked moments are."""
    listed = segments.listed(row)
    session.execute(delete(RecordingGap).where(RecordingGap.recording_id == row.id))
    found = rules.gaps(listed, heard, _why_left_out(session, row), may_go_on=row.is_of_what_came)
    session.add_all(
        RecordingGap(recording_id=row.id, number=number, at_ms=gap.at_ms, length_ms=gap.length_ms, reason=gap.reason,
                     segment=gap.segment)
        for number, gap in enumerate(found))
    for marker in session.scalars(select(RecordingMarker).where(RecordingMarker.recording_id == row.id)):
        marker.at_ms = rules.position(listed, heard, marker.saved_at_ms)
    session.flush()


def _mark_late(session: Session, row: RecordingManifest, part: RecordingSegment) -> None:
    """Say what cannot be read of a segment that is a recording of its own."""
    [counted_ms] = [listed.duration_ms for listed in segments.listed(row) if listed.id == part.id]
    heard_ms, its_own = part.duration_ms or 0, part.recording_id
    session.execute(delete(RecordingGap).where(RecordingGap.recording_id == its_own))
    if unread := rules.unread_ms(counted_ms, heard_ms):
        session.add(RecordingGap(recording_id=its_own, number=0, at_ms=heard_ms, length_ms=unread, reason=UNREADABLE,
                                 segment=part.number))


def _add(session: Session, row: RecordingManifest, recording_id: str, started_at: datetime, file: File,
         duration_ms: int) -> None:
    now = datetime.now(UTC)
    session.add(Recording(
        id=recording_id, story_id=row.story_id, position=row.position, sha256=file.sha256, size=file.size,
        container=file.container, duration_ms=duration_ms, started_at=started_at,
        playback_sha256=file.playback_sha256, received_at=now, stored_at=now))
    session.flush()


def _replace(session: Session, row: RecordingManifest, made: Recording, file: File) -> None:
    """Its file was lost, and this is made of the same segments: all that rests on it stays as it is, also what is
    withheld of it, which is in this file."""
    lost, made.sha256, made.size, made.container = made.sha256, file.sha256, file.size, file.container
    if made.withheld:
        made.clean_sha256 = file.playback_sha256
        work.request_again(session, kind=Kind.PLAYBACK, subject_id=made.id, story_id=made.story_id,
                           project_id=_project(session, row))
    else:
        made.playback_sha256 = file.playback_sha256
    session.flush()
    erasures.ask(session, [lost], project_id=None)  # it may be found again


def _place(session: Session, row: RecordingManifest, heard: Heard) -> None:
    for part in segments.stored(session, row):
        stretch = heard[part.number]
        if stretch is None:
            part.container = part.duration_ms = None
        else:
            part.start_ms, part.duration_ms = stretch.start_ms, stretch.end_ms - stretch.start_ms
    session.flush()


def _why_left_out(session: Session, row: RecordingManifest) -> dict[str, str]:
    """By their ids, why those that it is made without are not in it; nothing of one that cannot be played."""
    came = select(RecordingSegment.id, RecordingSegment.container).where(
        RecordingSegment.id.in_(row.left_out), RecordingSegment.story_id == row.story_id,
        RecordingSegment.stored_at.is_not(None))
    late = {part_id: CAME_LATER if container else UNPLAYABLE for part_id, container in session.execute(came)}
    return {part_id: late.get(part_id, LEFT_OUT) for part_id in row.left_out}


def _ask_for_copy_and_transcript(session: Session, row: RecordingManifest, recording_id: str) -> None:
    work.request(session, kind=Kind.PLAYBACK, subject_id=recording_id, story_id=row.story_id,
                 project_id=_project(session, row))
    _ask_for_transcript(session, row, recording_id)


def _ask_for_transcript(session: Session, row: RecordingManifest, recording_id: str) -> None:
    if may_transcribe(consents.agreed_uses(session, row.story_id)):
        work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording_id, story_id=row.story_id,
                     project_id=_project(session, row))


def _project(session: Session, row: RecordingManifest) -> str:
    return session.get_one(Story, row.story_id).project_id
