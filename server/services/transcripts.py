"""The words of a recording, from the speech model to the database, while the consent for them holds."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Audience, may_transcribe
from server.domain.errors import NotFound
from server.domain.hearing import Heard, HeardWindow, Hints, Outline
from server.domain.ids import new_id
from server.domain.transcript import Segment
from server.domain.work import Held, Kind
from server.models.project import Project
from server.models.story import Recording, Story
from server.models.transcript import HeardStretch, Speaker, Transcript, TranscriptSegment, TranscriptWindow
from server.services import (
    anchors,
    audit,
    clearing,
    consents,
    later_steps,
    locks,
    story_language,
    transcript_rows,
    work,
)
from server.transcription.segments import transcription_of


def source(session: Session, recording_id: str) -> str | None:
    """The SHA-256 of the sound to transcribe; None when it is gone or nobody agrees to it any more."""
    recording = session.get(Recording, recording_id)
    if recording is None or not may_transcribe(consents.agreed_uses(session, recording.story_id)):
        return None
    return recording.sha256


def hints(session: Session, recording_id: str) -> Hints:
    """What the project says of its recordings beforehand."""
    found = session.execute(
        select(Project.languages, Project.vocabulary).join(Story, Story.project_id == Project.id)
        .join(Recording, Recording.story_id == Story.id).where(Recording.id == recording_id)).one_or_none()
    return Hints(tuple(found.languages), tuple(found.vocabulary)) if found else Hints()


def heard_before(session: Session, recording_id: str, model: str) -> Heard | None:
    """Which windows an earlier attempt has kept, without their words; None when there are none by this model."""
    rows = session.scalars(_windows(recording_id).where(TranscriptWindow.model == model)).all()
    if not rows:
        return None
    return Heard(tuple(HeardWindow(row.position, row.start_ms, row.end_ms, language=row.language,
                                   language_probability=row.language_probability) for row in rows))


def keep(session: Session, recording_id: str, model: str, heard: Heard, held: Held) -> None:
    """Write down some windows, from which another attempt can go on. What another model heard goes.

    Raises FenceLost. Without agreement nothing is written and the job is cancelled.
    """
    if not _goes_on(session, recording_id, held):
        return
    positions = [window.position for window in heard.windows]
    _drop(session, recording_id, or_(TranscriptWindow.model != model, TranscriptWindow.position.in_(positions)))
    session.add_all(
        TranscriptWindow(
            recording_id=recording_id, position=window.position, model=model, language=window.language,
            language_probability=window.language_probability, start_ms=window.start_ms, end_ms=window.end_ms,
            words=window.words)
        for window in heard.windows)
    session.flush()


def store(session: Session, recording_id: str, outline: Outline, held: Held) -> None:
    """Make a transcript of the windows that were kept, which go, ask for what follows it, and finish its job.

    It is the recording's next machine version. People read it from now on, unless somebody has corrected or heard
    anything of the one that they read: then it lies beside that. Raises FenceLost, and ValueError when a window is
    missing. Without agreement nothing is written and the job is cancelled.
    """
    if not _goes_on(session, recording_id, held):
        return
    transcription = transcription_of(outline, _heard_now(session, recording_id, outline))
    before = transcript_rows.current_of(session, recording_id)
    transcript = Transcript(
        id=new_id(), recording_id=recording_id, number=_newest(session, recording_id) + 1,
        is_current=before is None or not _is_somebodys(session, before), language=transcription.language,
        language_probability=transcription.language_probability, model=transcription.model,
        created_at=datetime.now(UTC))
    transcript.segments = [_row(number, segment) for number, segment in enumerate(transcription.segments)]
    if before is not None and transcript.is_current:
        before.is_current = False
        session.flush()
    session.add(transcript)
    session.flush()
    anchors.check(session, transcript.id)
    story_language.settle(session, session.get_one(Recording, recording_id).story_id)
    later_steps.ask(session, transcript)
    _drop(session, recording_id)
    work.finish(session, held)


def again(session: Session, viewer: Viewer, recording_id: str) -> None:
    """Have a recording transcribed once more, though it was before. For the team. Raises NotFound, also where nobody
    agrees to a transcript."""
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    project_id = session.scalars(select(Story.project_id).where(Story.id == found.story_id)).one()
    require(viewer, Permission.TAG, project_id)
    locks.take_story(session, found.story_id)
    if source(session, recording_id) is None:
        raise NotFound
    work.request_again(session, kind=Kind.TRANSCRIBE, subject_id=recording_id, story_id=found.story_id,
                       project_id=project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "recording", recording_id, project_id, story=found.story_id,
               transcribed_again=True)


def give_up(session: Session, recording_id: str, held: Held) -> None:
    """Nobody agrees to a transcript any more, as it seemed: what was heard goes, and the job is cancelled. Where
    somebody has agreed meanwhile, it waits for its turn again. Raises FenceLost."""
    if _goes_on(session, recording_id, held):
        work.release(session, held)


def _goes_on(session: Session, recording_id: str, held: Held) -> bool:
    """With the story's lock, whether there still is agreement; where not, the work ends. Raises FenceLost."""
    story_id = session.scalar(select(Recording.story_id).where(Recording.id == recording_id))
    work.hold(session, held, story_id)
    if source(session, recording_id) is not None:
        return True
    _drop(session, recording_id)
    work.cancel(session, held)
    return False


def _is_somebodys(session: Session, transcript: Transcript) -> bool:
    """Whether anybody has had a hand in it: corrected it, heard some of it, or named who speaks in it."""
    heard = exists().where(HeardStretch.transcript_id == transcript.id)
    named = exists().where(TranscriptSegment.transcript_id == transcript.id,
                           TranscriptSegment.speaker_id == Speaker.id, Speaker.name != "")
    return transcript.version > 0 or bool(session.scalar(select(or_(heard, named))))


def _newest(session: Session, recording_id: str) -> int:
    return session.scalar(select(func.max(Transcript.number)).where(Transcript.recording_id == recording_id)) or 0


def _heard_now(session: Session, recording_id: str, outline: Outline) -> list[HeardWindow]:
    """Every window of the outline, in order. Raises ValueError when one is missing."""
    rows = session.scalars(_windows(recording_id).where(TranscriptWindow.model == outline.model,
                                                        TranscriptWindow.position < outline.windows)).all()
    if len(rows) != outline.windows:
        raise ValueError(f"{len(rows)} of {outline.windows} windows were kept")
    return [HeardWindow(row.position, row.start_ms, row.end_ms, row.words, row.language, row.language_probability)
            for row in rows]


def _windows(recording_id: str) -> Select[TranscriptWindow]:
    return (select(TranscriptWindow).where(TranscriptWindow.recording_id == recording_id)
            .order_by(TranscriptWindow.position))


def _drop(session: Session, recording_id: str, *which: ColumnElement[bool]) -> None:
    session.execute(delete(TranscriptWindow).where(TranscriptWindow.recording_id == recording_id, *which))


def _row(position: int, segment: Segment) -> TranscriptSegment:
    return TranscriptSegment(position=position, start_ms=segment.start_ms, end_ms=segment.end_ms, text=segment.text,
                             words=segment.words, language=segment.language)
