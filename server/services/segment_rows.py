"""The rows of a transcript's segments as values, and an edit of the values as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from server.domain.correction_log import Edit, SegmentState
from server.domain.transcript import Segment, SpokenBy
from server.domain.withholding import Withholding
from server.models.transcript import Speaker, TranscriptSegment
from server.services import transcript_rows, withholding

_POSITION = TranscriptSegment.position


def states(session: Session, transcript_id: str, *which: ColumnElement[bool]) -> list[SegmentState]:
    """These of the transcript's segments as they are now, in order."""
    row = TranscriptSegment
    query = (select(row.id, row.start_ms, row.end_ms, row.text, row.words, row.language, row.speaker_id,
                    row.speaker_suggested).where(row.transcript_id == transcript_id, *which).order_by(row.position))
    return [SegmentState(*values) for values in session.execute(query)]


def spoken(state: SegmentState, speakers: Mapping[str, Speaker], held: Withholding) -> Segment:
    """The segment as it is shown, with whoever of these speakers says it."""
    speaker = speakers.get(state.speaker_id or "")
    by = SpokenBy(speaker.id, transcript_rows.name_of(speaker), state.speaker_suggested) if speaker else None
    return withholding.shown(held, Segment(
        text=state.text, start_ms=state.start_ms, end_ms=state.end_ms, words=state.words, id=state.id, speaker=by,
        language=state.language))


def within(position: int, count: int) -> ColumnElement[bool]:
    """SQL: so many segments from this position on."""
    return _POSITION.between(position, position + count - 1)


def put(session: Session, transcript_id: str, edit: Edit) -> Edit:
    """Write an edit of segments that are there; the same with the ids of those that are new.

    What comes back has the id it had, unless another transcript was given that since.
    """
    there = [state.id for state in edit.before]
    own = TranscriptSegment.transcript_id == transcript_id
    is_in_place = there == [state.id for state in edit.after]
    if not is_in_place:
        gone = set(there) - {state.id for state in edit.after}
        session.execute(delete(TranscriptSegment).where(own, TranscriptSegment.id.in_(gone)))
        _make_room(session, own, edit)
    after = []
    for position, state in enumerate(edit.after, start=edit.position):
        if state.id not in there:
            after.append(replace(state, id=_add(session, transcript_id, state, position)))
            continue
        if not is_in_place or state != edit.before[position - edit.position]:
            session.execute(update(TranscriptSegment).where(own, TranscriptSegment.id == state.id)
                            .values(_values(state, position)))
        after.append(state)
    return replace(edit, after=tuple(after))


def _make_room(session: Session, own: ColumnElement[bool], edit: Edit) -> None:
    """Move what follows. No two segments have one position even for a moment, so they go by way of negative ones."""
    after_it = edit.position + len(edit.before)
    aside = -1 - _POSITION
    session.execute(update(TranscriptSegment).where(own, edit.position <= _POSITION).values(position=aside),
                    execution_options={"synchronize_session": "fetch"})
    session.execute(update(TranscriptSegment).where(own, -after_it > _POSITION)
                    .values(position=aside + len(edit.after) - len(edit.before)),
                    execution_options={"synchronize_session": "fetch"})


def _add(session: Session, transcript_id: str, state: SegmentState, position: int) -> int:
    values = _values(state, position) | {"transcript_id": transcript_id}
    if state.id is not None and not session.scalar(select(exists().where(TranscriptSegment.id == state.id))):
        values["id"] = state.id
    return session.execute(insert(TranscriptSegment).values(values).returning(TranscriptSegment.id)).scalar_one()


def _values(state: SegmentState, position: int) -> dict[str, Any]:
    return {"position": position, "start_ms": state.start_ms, "end_ms": state.end_ms, "text": state.text,
            "words": state.words, "language": state.language, "speaker_id": state.speaker_id,
            "speaker_suggested": state.speaker_suggested}


def without(segments: Sequence[SegmentState], ids: set[str]) -> tuple[SegmentState, ...]:
    """The segments with nobody known to speak where the speaker is none of these."""
    return tuple(state if state.speaker_id is None or state.speaker_id in ids
                 else replace(state, speaker_id=None, speaker_suggested=False) for state in segments)
