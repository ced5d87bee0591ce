"""What a change that somebody asks for comes to in the segments as they are now. The caller holds the story.

Whoever asks has seen the words without what is withheld, so that is what is compared with what is shown now, and what
is told of it; the edit itself is of the words that are kept.
"""

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
from server.services import correction_rows, segment_rows, speakers, transcript_rows, withholding
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
        raise VersionConflict(_current_words(session, found, change), transcript.version)
    if isinstance(change, Words):
        return Done(_words(session, found, change), change.kind)
    if isinstance(change, Split):
        return Done(_split(session, found, change), change.kind)
    if isinstance(change, Merge):
        return Done(_merge(session, found, change), change.kind)
    if isinstance(change, Speaker):
        return Done(_speaker(session, found, change), change.kind)
    if isinstance(change, Adopt):
        return Done(_adopt(session, found, change), change.kind)
    if change.version not in (None, transcript.version):
        raise VersionConflict({}, transcript.version)
    done = _back(session, found, Kind.UNDO if isinstance(change, Undo) else Kind.REDO)
    if done is not None and isinstance(change, Undo) and not change.others:
        _require_own(session, viewer, found, done)
    return done


def _words(session: Session, found: Reached, change: Words) -> Edit:
    """A writer who pressed a button twice has what they wanted. Raises Invalid where they took out what stands for
    withheld words, or put more of it in."""
    position, state = _there(session, found, change.segment)
    if change.text == tidy(_shown(found, [state])):
        return Edit(position, (state,), (state,))
    _require_seen(found, state, change.was)
    return Edit(position, (state,), write(state, withholding.written(found.held, state, change.text, "text")))


def _split(session: Session, found: Reached, change: Split) -> Edit:
    """Words that are withheld count as the one that is shown for them."""
    position, state = _seen(session, found, change.segment, change.was)
    hidden, word = found.held.hide(state), change.word
    if hidden is not None:
        word = hidden.firsts[word] if word < len(hidden.firsts) else len(state.timed_words)
    return Edit(position, (state,), split(state, word))


def _merge(session: Session, found: Reached, change: Merge) -> Edit:
    position, first = _seen(session, found, change.segment, change.was)
    [*after] = segment_rows.states(session, found.row.id, segment_rows.within(position + 1, 1))
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


def _adopt(session: Session, found: Reached, change: Adopt) -> Edit:
    transcript = found.row
    source = session.get(Transcript, change.source)
    if source is None or source.recording_id != transcript.recording_id or source.id == transcript.id:
        raise NotFound
    states = segment_rows.states(session, transcript.id)
    edit = adopt(states, segment_rows.states(session, source.id), (change.start_ms, change.end_ms))
    if change.version is not None and not (edit and edit.changes_nothing):
        since = map(correction_rows.edit_of, correction_rows.newest_first(session, transcript.id, change.version))
        if any(_lie_in(change, (*one.before, *one.after)) for one in since):
            raise VersionConflict({"text": _shown(found, _lie_in(change, states))}, transcript.version)
    if edit is None:
        raise Invalid(_NOTHING_THERE, fields={"start_ms": _NOTHING_THERE})
    return edit


def _lie_in(stretch: Adopt, states: Iterable[SegmentState]) -> list[SegmentState]:
    return [state for state in states if state.start_ms <= stretch.end_ms and state.end_ms >= stretch.start_ms]


def _require_own(session: Session, viewer: Viewer, found: Reached, undo: Done) -> None:
    """Raises VersionConflict, with who did what would be taken back, and what was there before."""
    row = correction_rows.one(session, found.row.id, undo.undoes or 0)
    if row.made_by != viewer.person_id:
        current = {"by": session.get_one(Person, row.made_by).name, "change": row.number, "kind": row.kind,
                   "text": _shown(found, undo.edit.before), "before": _shown(found, undo.edit.after)}
        raise VersionConflict(current, found.row.version)


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


def _seen(session: Session, found: Reached, segment_id: int, was: str) -> tuple[int, SegmentState]:
    """The position of a segment and what it is now, which is what was seen. Raises VersionConflict."""
    position, state = _there(session, found, segment_id)
    _require_seen(found, state, was)
    return position, state


def _require_seen(found: Reached, state: SegmentState, was: str) -> None:
    shown = _shown(found, [state])
    if tidy(was) != tidy(shown):
        raise VersionConflict({"segment": state.id, "text": shown}, found.row.version)


def _there(session: Session, found: Reached, segment_id: int) -> tuple[int, SegmentState]:
    """The position of a segment and what it is now. Raises VersionConflict where it is no more, with what took its
    place."""
    own = TranscriptSegment.transcript_id == found.row.id, TranscriptSegment.id == segment_id
    position = session.scalar(select(TranscriptSegment.position).where(*own))
    if position is not None:
        [state] = segment_rows.states(session, found.row.id, TranscriptSegment.id == segment_id)
        return position, state
    raise VersionConflict({"segment": None, "text": _in_its_place(session, found, segment_id)}, found.row.version)


def _in_its_place(session: Session, found: Reached, segment_id: int) -> str:
    """What the correction that took a segment away put there. Raises NotFound for one that never was."""
    for row in correction_rows.newest_first(session, found.row.id):
        edit = correction_rows.edit_of(row)
        if segment_id in {state.id for state in edit.before}:
            return _shown(found, edit.after)
    raise NotFound


def _shown(found: Reached, states: Iterable[SegmentState]) -> str:
    """What these say, without what is withheld."""
    return " ".join(found.held.segment(state).text for state in states)


def _current_words(session: Session, found: Reached, change: Change) -> dict[str, Any]:
    """Another machine version is current meanwhile: which, and what it says where somebody changed a segment, with
    the segment there where it is one."""
    current = transcript_rows.current_of(session, found.row.recording_id)
    if current is None:
        return {}
    told: dict[str, Any] = {"transcript": current.id}
    if isinstance(change, Words | Split | Merge):
        row = TranscriptSegment
        for state in segment_rows.states(session, found.row.id, row.id == change.segment):
            near = segment_rows.states(session, current.id, row.start_ms < state.end_ms, row.end_ms > state.start_ms)
            told["segment"] = near[0].id if len(near) == 1 else None
            told["text"] = _shown(found, near)
    return told


def _speakers(session: Session, story_id: str) -> set[str]:
    return set(session.scalars(select(SpeakerRow.id).where(SpeakerRow.story_id == story_id)))
