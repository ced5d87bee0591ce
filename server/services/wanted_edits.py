"""What a change that somebody asks for comes to in the segments as they are now. The caller holds the story."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.corrected_segments import adopt, merge, split, write
from server.domain.correction import MOST_SEGMENTS, Adopt, Change, Kind, Merge, Speaker, Split, Undo, Words
from server.domain.correction_log import Edit, SegmentState, put_back
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.written_words import tidy
from server.models.people import Person
from server.models.transcript import Speaker as SpeakerRow
from server.models.transcript import Transcript, TranscriptSegment
from server.services import correction_rows, segment_rows, speakers, transcript_rows
from server.services.correction_rows import Done
from server.services.transcript_reach import Reached

_NOT_NEXT = "These two passages are not next to each other any more. Look at them again, then choose."
_TOO_FAR = f"Choose passages that are within {MOST_SEGMENTS} of each other."
_NOTHING_THERE = "Neither version says anything there."


def of(session: Session, viewer: Viewer, found: Reached, change: Change) -> Done | None:
    """The edit that the change makes; None where there is nothing to undo or redo.

    Raises Invalid, NotFound for a speaker or a transcript of something else, and VersionConflict where the words are
    not as the writer saw them, or where an undo would take back what somebody else did.
    """
    transcript = found.row
    if not transcript.is_current:
        raise VersionConflict(_current_words(session, transcript, change), transcript.version)
    if isinstance(change, Words):
        return Done(_words(session, transcript, change), change.kind)
    if isinstance(change, Split):
        position, state = _seen(session, transcript, change.segment, change.was)
        return Done(Edit(position, (state,), split(state, change.word)), change.kind)
    if isinstance(change, Merge):
        return Done(_merge(session, transcript, change), change.kind)
    if isinstance(change, Speaker):
        return Done(_speaker(session, found, change), change.kind)
    if isinstance(change, Adopt):
        return Done(_adopt(session, transcript, change), change.kind)
    if change.version not in (None, transcript.version):
        raise VersionConflict({}, transcript.version)
    done = _back(session, found, Kind.UNDO if isinstance(change, Undo) else Kind.REDO)
    if done is not None and isinstance(change, Undo) and not change.others:
        _require_own(session, viewer, transcript, done)
    return done


def _words(session: Session, transcript: Transcript, change: Words) -> Edit:
    """A writer who pressed a button twice has what they wanted."""
    position, state = _there(session, transcript, change.segment, change.text)
    if change.text != tidy(state.text):
        _require_seen(transcript, state, change.was)
    return Edit(position, (state,), write(state, change.text))


def _merge(session: Session, transcript: Transcript, change: Merge) -> Edit:
    position, first = _seen(session, transcript, change.segment, change.was)
    [*after] = segment_rows.states(session, transcript.id, segment_rows.within(position + 1, 1))
    if [state.id for state in after] != [change.next]:
        raise Invalid(_NOT_NEXT, fields={"next": _NOT_NEXT})
    return Edit(position, (first, *after), (merge(first, after[0]),))


def _speaker(session: Session, found: Reached, change: Speaker) -> Edit:
    query = select(func.min(TranscriptSegment.position), func.max(TranscriptSegment.position), func.count()).where(
        TranscriptSegment.transcript_id == found.row.id, TranscriptSegment.id.in_(change.segments))
    first, last, count = session.execute(query).one()
    if count != len(change.segments):
        raise VersionConflict({}, found.row.version)
    speaker = speakers.add(session, found.story_id) if change.is_new else change.speaker
    if speaker is not None and speaker not in _speakers(session, found.story_id):
        raise NotFound
    if last - first >= MOST_SEGMENTS:
        raise Invalid(_TOO_FAR, fields={"segments": _TOO_FAR})
    before = segment_rows.states(session, found.row.id, segment_rows.within(first, last - first + 1))
    after = (replace(state, speaker_id=speaker, speaker_suggested=False) if state.id in change.segments else state
             for state in before)
    return Edit(first, tuple(before), tuple(after))


def _adopt(session: Session, transcript: Transcript, change: Adopt) -> Edit:
    source = session.get(Transcript, change.source)
    if source is None or source.recording_id != transcript.recording_id or source.id == transcript.id:
        raise NotFound
    states = segment_rows.states(session, transcript.id)
    edit = adopt(states, segment_rows.states(session, source.id), (change.start_ms, change.end_ms))
    if change.version is not None and not (edit and edit.changes_nothing):
        since = map(correction_rows.edit_of, correction_rows.newest_first(session, transcript.id, change.version))
        if any(_lie_in(change, (*one.before, *one.after)) for one in since):
            raise VersionConflict({"text": " ".join(state.text for state in _lie_in(change, states))},
                                  transcript.version)
    if edit is None:
        raise Invalid(_NOTHING_THERE, fields={"start_ms": _NOTHING_THERE})
    return edit


def _lie_in(stretch: Adopt, states: Iterable[SegmentState]) -> list[SegmentState]:
    return [state for state in states if state.start_ms <= stretch.end_ms and state.end_ms >= stretch.start_ms]


def _require_own(session: Session, viewer: Viewer, transcript: Transcript, undo: Done) -> None:
    """Raises VersionConflict, with who did what would be taken back, and what was there before."""
    row = correction_rows.one(session, transcript.id, undo.undoes or 0)
    if row.made_by != viewer.person_id:
        current = {"by": session.get_one(Person, row.made_by).name, "change": row.number, "kind": row.kind,
                   "text": " ".join(state.text for state in undo.edit.before),
                   "before": " ".join(state.text for state in undo.edit.after)}
        raise VersionConflict(current, transcript.version)


def _back(session: Session, found: Reached, kind: Kind) -> Done | None:
    """Take back the newest correction that stands, or the newest undo."""
    stands = correction_rows.standing_of(session, found.row.id)
    number = stands.to_undo if kind is Kind.UNDO else stands.to_redo
    if number is None:
        return None
    logged = correction_rows.edit_of(correction_rows.one(session, found.row.id, number))
    now = segment_rows.states(session, found.row.id, segment_rows.within(logged.position, len(logged.after)))
    if [state.text for state in now] != [state.text for state in logged.after]:
        raise VersionConflict({}, found.row.version)
    edit = put_back(now, logged)
    known = _speakers(session, found.story_id)
    return Done(replace(edit, after=segment_rows.without(edit.after, known)), kind, number)


def _seen(session: Session, transcript: Transcript, segment_id: int, was: str) -> tuple[int, SegmentState]:
    """The position of a segment and what it is now, which is what was seen. Raises VersionConflict."""
    position, state = _there(session, transcript, segment_id, was)
    _require_seen(transcript, state, was)
    return position, state


def _require_seen(transcript: Transcript, state: SegmentState, was: str) -> None:
    if tidy(was) != tidy(state.text):
        raise VersionConflict({"segment": state.id, "text": state.text}, transcript.version)


def _there(session: Session, transcript: Transcript, segment_id: int, text: str) -> tuple[int, SegmentState]:
    """The position of a segment and what it is now. Raises VersionConflict where it is no more, with what took its
    place."""
    own = TranscriptSegment.transcript_id == transcript.id, TranscriptSegment.id == segment_id
    position = session.scalar(select(TranscriptSegment.position).where(*own))
    if position is not None:
        [state] = segment_rows.states(session, transcript.id, TranscriptSegment.id == segment_id)
        return position, state
    raise VersionConflict({"segment": None, "text": _in_its_place(session, transcript, segment_id)},
                          transcript.version)


def _in_its_place(session: Session, transcript: Transcript, segment_id: int) -> str:
    """What the correction that took a segment away put there. Raises NotFound for one that never was."""
    for row in correction_rows.newest_first(session, transcript.id):
        edit = correction_rows.edit_of(row)
        if segment_id in {state.id for state in edit.before}:
            return " ".join(state.text for state in edit.after)
    raise NotFound


def _current_words(session: Session, transcript: Transcript, change: Change) -> dict[str, Any]:
    """Another machine version is current meanwhile: which, and what it says where somebody changed a segment, with
    the segment there where it is one."""
    current = transcript_rows.current_of(session, transcript.recording_id)
    if current is None:
        return {}
    found: dict[str, Any] = {"transcript": current.id}
    if isinstance(change, Words | Split | Merge):
        row = TranscriptSegment
        for state in segment_rows.states(session, transcript.id, row.id == change.segment):
            near = segment_rows.states(session, current.id, row.start_ms < state.end_ms, row.end_ms > state.start_ms)
            found["segment"] = near[0].id if len(near) == 1 else None
            found["text"] = " ".join(other.text for other in near)
    return found


def _speakers(session: Session, story_id: str) -> set[str]:
    return set(session.scalars(select(SpeakerRow.id).where(SpeakerRow.story_id == story_id)))
