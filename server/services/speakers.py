"""Speakers of a story: suggested by a machine from their voices, and named, told apart and put right by people.

What a person said about who speaks is never written over by a machine. A speaker's name is written once and shown
everywhere. To give a segment to a speaker is a correction (`server/services/corrections.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Audience, Content
from server.domain.correction_log import from_json, to_json
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.ids import new_id
from server.domain.speaker import Speaker, checked_name
from server.domain.turns import Said, Turn, same_voices, speakers_of
from server.domain.work import Held
from server.models import transcript as rows
from server.models.story import Recording, Story
from server.models.transcript import Correction, Transcript, TranscriptSegment
from server.services import audit, later_steps, locks, transcript_rows, withholding, work
from server.services.clearances import asked_for, may_have
from server.services.withholding import OfStory

_ITSELF = "Choose another speaker to put this one together with."


def list_of_story(session: Session, viewer: Viewer, story_id: str) -> list[Speaker]:
    """In the order of their numbers, for the team. Raises NotFound."""
    _require_team(session, viewer, story_id)
    query = select(rows.Speaker).where(rows.Speaker.story_id == story_id).order_by(rows.Speaker.label)
    held = withholding.of_story(session, story_id)
    return [_speaker(row, held) for row in session.scalars(query)]


def get(session: Session, viewer: Viewer, speaker_id: str) -> Speaker:
    """A speaker whom the viewer may change. Raises NotFound."""
    row, _ = _own(session, viewer, speaker_id)
    return _speaker(row, withholding.of_story(session, row.story_id))


def rename(session: Session, viewer: Viewer, speaker_id: str, name: str, was: str | None = None) -> Speaker:
    """Give a speaker this name, wherever they speak; an empty one gives back their number. `was` is what they were
    called as the viewer saw it.

    Raises NotFound, Invalid for a name that is too long, and VersionConflict where somebody has named them meanwhile.
    """
    row, project_id = _own(session, viewer, speaker_id)
    held = withholding.of_story(session, row.story_id)
    shown, name = _speaker(row, held), checked_name(name)
    if name != shown.name:
        if was is not None and was != shown.shown:
            raise VersionConflict({"name": shown.shown}, 0)
        row.name = checked_name(withholding.written(held.everywhere, row.name, name, "name"))
        session.flush()
        audit.note(session, viewer.person_id, Action.CHANGED, "speaker", row.id, project_id, story=row.story_id)
    return _speaker(row, held)


def merge(session: Session, viewer: Viewer, speaker_id: str, into_id: str) -> Speaker:
    """Two speakers are one person: the second stays, with a name where either has one, and says what the first said.

    Earlier versions of their transcripts name the second too, so that taking a correction back names somebody who is
    there. Raises NotFound, also for a speaker of another story, and Invalid where both are the same, or have two names:
    nobody's name goes by the way.
    """
    row, project_id = _own(session, viewer, speaker_id)
    if speaker_id == into_id:
        raise Invalid(_ITSELF, fields={"into": _ITSELF})
    into = session.get(rows.Speaker, into_id, populate_existing=True)
    if into is None or into.story_id != row.story_id:
        raise NotFound
    held = withholding.of_story(session, row.story_id)
    if row.name and into.name and row.name != into.name:
        raise Invalid(f"They have two names, {held.text(row.name)} and {held.text(into.name)}. Give both the same "
                      "name first, or take one name away.", fields={"into": "They have two names."})
    into.name = into.name or row.name
    _put_together_in_log(session, row.id, into)
    session.execute(update(TranscriptSegment).where(TranscriptSegment.speaker_id == row.id).values(speaker_id=into.id),
                    execution_options={"synchronize_session": "fetch"})
    session.delete(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.REMOVED, "speaker", speaker_id, project_id, story=into.story_id,
               into=into.id)
    return _speaker(into, held)


def _put_together_in_log(session: Session, gone_id: str, into: rows.Speaker) -> None:
    of_story = (select(Transcript.id).join(Recording, Recording.id == Transcript.recording_id)
                .where(Recording.story_id == into.story_id))
    for row in session.scalars(select(Correction).where(Correction.transcript_id.in_(of_story))):
        before, after = (_spoken_by(each, gone_id, into.id) for each in (row.before, row.after))
        if (before, after) != (row.before, row.after):
            row.before, row.after = before, after


def _spoken_by(logged: list[Any], gone_id: str, into_id: str) -> list[Any]:
    """Logged segments, with one speaker in place of another."""
    return to_json(tuple(replace(state, speaker_id=into_id) if state.speaker_id == gone_id else state
                         for state in from_json(logged)))


def store_suggestion(session: Session, transcript_id: str, turns: Sequence[Turn], held: Held) -> None:
    """Write down whose each segment of a transcript may be, where that is clear and no person has said, and finish
    the job.

    A voice that speaks where somebody is known to speak already, also in an earlier transcript of the recording, is
    theirs; another makes a new speaker. Raises FenceLost. Without agreement nothing is written and the job is
    cancelled.
    """
    if not later_steps.goes_on(session, transcript_id, held):
        return
    transcript = session.get_one(Transcript, transcript_id)
    segments = session.scalars(select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript_id)
                               .order_by(TranscriptSegment.position)).all()
    numbers = speakers_of([Said(row.start_ms, row.end_ms, row.words) for row in segments], turns)
    said = _said_by_people(session, transcript_id)
    open_to_guess = [(row, number) for row, number in zip(segments, numbers, strict=True)
                     if row.id not in said and (row.speaker_id is None or row.speaker_suggested)]
    known = same_voices(turns, _known(session, transcript.recording_id))
    story_id = session.scalars(select(Recording.story_id).where(Recording.id == transcript.recording_id)).one()
    for row, number in open_to_guess:
        if number is not None and number not in known:
            known[number] = add(session, story_id)
        row.speaker_id, row.speaker_suggested = known.get(number) if number else None, number is not None
    session.flush()
    work.finish(session, held)


def _said_by_people(session: Session, transcript_id: str) -> set[int | None]:
    """The ids of the segments for which somebody has said, or taken back, who speaks."""
    changed: set[int | None] = set()
    for row in session.scalars(select(Correction).where(Correction.transcript_id == transcript_id)):
        before = {state.id: state.spoken_by for state in from_json(row.before)}
        changed |= {state.id for state in from_json(row.after)
                    if state.id in before and before[state.id] != state.spoken_by}
    return changed


def _known(session: Session, recording_id: str) -> list[tuple[int, int, str]]:
    """From when to when a speaker is known or guessed to speak in any transcript of the recording."""
    query = (select(TranscriptSegment.start_ms, TranscriptSegment.end_ms, TranscriptSegment.speaker_id)
             .join(Transcript, Transcript.id == TranscriptSegment.transcript_id)
             .where(Transcript.recording_id == recording_id))
    return [(start_ms, end_ms, who) for start_ms, end_ms, who in session.execute(query) if who is not None]


def add(session: Session, story_id: str) -> str:
    """A new speaker of the story, with the next free number; its id. The caller holds the story."""
    last = session.scalar(select(func.max(rows.Speaker.label)).where(rows.Speaker.story_id == story_id)) or 0
    row = rows.Speaker(id=new_id(), story_id=story_id, label=last + 1, name="", made_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return row.id


def _own(session: Session, viewer: Viewer, speaker_id: str) -> tuple[rows.Speaker, str]:
    """A speaker whom the viewer may change, with the story's turn, and their project. Raises NotFound."""
    row = session.get(rows.Speaker, speaker_id)
    if row is None:
        raise NotFound
    story_id = row.story_id
    _require_team(session, viewer, story_id)
    locks.take_story(session, story_id)
    found = session.get(rows.Speaker, speaker_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found, _require_team(session, viewer, story_id)


def _require_team(session: Session, viewer: Viewer, story_id: str) -> str:
    """The project of a story whose words the viewer may read and work on. Raises NotFound."""
    project_id = session.scalar(select(Story.project_id).where(Story.id == story_id)) or ""
    require(viewer, Permission.TAG, project_id)
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)
    if session.scalar(select(Story.id).where(Story.id == story_id, may_have(Story.id, asked, Content.WORDS))) is None:
        raise NotFound
    return project_id


def _speaker(row: rows.Speaker, held: OfStory) -> Speaker:
    return Speaker(row.id, row.label, held.text(row.name), held.text(transcript_rows.name_of(row)))
