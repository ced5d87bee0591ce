"""The words of a recording, from the speech model to the database, while the consent for them holds."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from server.domain.consent import may_transcribe
from server.domain.hearing import Heard, HeardWindow, Outline
from server.domain.ids import new_id
from server.domain.transcript import Segment
from server.domain.work import Held
from server.models.story import Recording
from server.models.transcript import Transcript, TranscriptSegment, TranscriptWindow
from server.services import consents, work
from server.transcription.segments import transcription_of


def source(session: Session, recording_id: str) -> str | None:
    """The SHA-256 of the sound to transcribe; None when it is gone or nobody agrees to it any more."""
    recording = session.get(Recording, recording_id)
    if recording is None or not may_transcribe(consents.agreed_uses(session, recording.story_id)):
        return None
    return recording.sha256


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
    """Make the transcript of the windows that were kept, which go, and finish its job. A recording has one
    transcript: a second is not written.

    Raises FenceLost, and ValueError when a window is missing. Without agreement nothing is written and the job is
    cancelled.
    """
    if not _goes_on(session, recording_id, held):
        return
    if not session.scalar(select(exists().where(Transcript.recording_id == recording_id))):
        transcription = transcription_of(outline, _heard_now(session, recording_id, outline))
        transcript = Transcript(
            id=new_id(), recording_id=recording_id, language=transcription.language,
            language_probability=transcription.language_probability, model=transcription.model,
            created_at=datetime.now(UTC))
        transcript.segments = [_row(number, segment) for number, segment in enumerate(transcription.segments)]
        session.add(transcript)
        session.flush()
    _drop(session, recording_id)
    work.finish(session, held)


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
                             words=segment.words)
