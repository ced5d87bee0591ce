"""Corrections: what the team makes of a machine's words, one change at a time, each of which can be taken back.

Rows of segments are changed in place, and a log keeps what was there before and after each change, so that every
version there ever was can be read again (`server/services/transcript_versions.py`). Whoever holds a story's turn is
alone with its words: two people correct beside each other, and never over each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.correction import Change, Kind
from server.domain.heard import Stretch
from server.domain.transcript import Segment, Word
from server.models.transcript import Speaker
from server.services import (
    anchors,
    audit,
    correction_rows,
    heard,
    segment_rows,
    story_language,
    transcript_reach,
    transcript_rows,
    wanted_edits,
    withholding,
)
from server.services.correction_rows import Done
from server.services.transcript_reach import Reached


@dataclass(frozen=True)
class Corrected:
    """What a change did: the segments from `position` on as they are now, the ids of those that are no more, which
    stretches of the transcript were heard, and which excerpts say something else than it."""

    version: int
    position: int
    segments: tuple[Segment, ...]
    gone: tuple[int, ...]
    may_undo: bool
    may_redo: bool
    heard: tuple[Stretch, ...]
    flagged: tuple[str, ...]


def make(session: Session, viewer: Viewer, recording_id: str, transcript_id: str, change: Change) -> Corrected:
    """Change the words, the segments or the speakers of a recording's current transcript.

    What changes nothing is no correction. Raises NotFound, Invalid, and VersionConflict where it is not as the writer
    saw it, with the `text` that is there now.
    """
    found = transcript_reach.to_change(session, viewer, recording_id, transcript_id)
    done = wanted_edits.of(session, viewer, found, change)
    flagged: Sequence[str] = ()
    if done is not None and (done.undoes is not None or not done.edit.changes_nothing):
        done = Done(segment_rows.put(session, transcript_id, done.edit), done.kind, done.undoes)
        number = correction_rows.append(session, found.row, viewer.person_id, done)
        session.expire(found.row, ["segments"])
        audit.note(session, viewer.person_id, Action.CHANGED, "transcript", transcript_id, found.project_id,
                   story=found.story_id, correction=number, how=done.kind.value)
        flagged = _tell(session, viewer, found, done, number)
        story_language.settle(session, found.story_id)
    return _corrected(session, found, done, flagged)


def _tell(session: Session, viewer: Viewer, found: Reached, done: Done, number: int) -> list[str]:
    """Note who heard what of the new words, and find the excerpts that say something else now. Whoever heard what was
    said there before has not heard these."""
    new = _stretches(done.edit.new_words)
    if done.undoes is not None:
        heard.taken_back(session, found.row.id, done.undoes)
    heard.forget(session, found.row.id, new)
    if _are_theirs(session, viewer, found, done):
        heard.corrected(session, viewer, found.row.id, new, number)
    return anchors.check(session, found.row.id, viewer)


def _are_theirs(session: Session, viewer: Viewer, found: Reached, done: Done) -> bool:
    """Whether the new words are the viewer's own: what they write now, or wrote and do again."""
    kind, maker = done.kind.value, viewer.person_id
    if done.undoes is not None and done.kind is not Kind.UNDO:
        kind, maker = correction_rows.first_of(session, found.row.id, done.undoes)
    return kind == Kind.WORDS and maker == viewer.person_id


def _stretches(words: Sequence[Word]) -> list[Stretch]:
    return [(word.start_ms, word.end_ms) for word in words]


def _corrected(session: Session, found: Reached, done: Done | None, flagged: Sequence[str]) -> Corrected:
    stands = correction_rows.standing_of(session, found.row.id)
    before, after = (done.edit.before, done.edit.after) if done else ((), ())
    ids = {state.id for state in after}
    held = withholding.of_story(session, found.story_id).of(found.row.recording_id)  # with what this change added
    speakers = {row.id: row for row in session.scalars(select(Speaker).where(Speaker.story_id == found.story_id))}
    return Corrected(
        version=found.row.version, position=done.edit.position if done else 0,
        segments=tuple(segment_rows.spoken(state, speakers, held) for state in after),
        gone=tuple(state.id for state in before if state.id is not None and state.id not in ids),
        may_undo=stands.to_undo is not None, may_redo=stands.to_redo is not None,
        heard=transcript_rows.heard_of(session, [found.row.id]).get(found.row.id, ()), flagged=tuple(flagged))
