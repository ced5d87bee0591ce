"""The words of a recording, from the speech model to the database, while the consent for them holds."""

from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.consent import may_transcribe
from server.domain.ids import new_id
from server.domain.transcript import Segment, Transcription
from server.domain.work import Held
from server.models.story import Recording
from server.models.transcript import Transcript, TranscriptSegment
from server.services import consents, work


def source(session: Session, recording_id: str) -> str | None:
    """The SHA-256 of the sound to transcribe; None when it is gone or nobody agrees to it any more."""
    recording = session.get(Recording, recording_id)
    if recording is None or not may_transcribe(consents.agreed_uses(session, recording.story_id)):
        return None
    return recording.sha256


def store(session: Session, recording_id: str, transcription: Transcription, held: Held) -> None:
    """Write a transcript and finish its job. A recording has one transcript: a second is not written.

    Raises FenceLost. Without agreement nothing is written and the job is cancelled.
    """
    work.hold(session, held)
    if source(session, recording_id) is None:
        work.cancel(session, held)
        return
    if not session.scalar(select(exists().where(Transcript.recording_id == recording_id))):
        transcript = Transcript(
            id=new_id(), recording_id=recording_id, language=transcription.language,
            language_probability=transcription.language_probability, model=transcription.model,
            created_at=datetime.now(UTC))
        transcript.segments = [_row(number, segment) for number, segment in enumerate(transcription.segments)]
        session.add(transcript)
        session.flush()
    work.finish(session, held)


def _row(position: int, segment: Segment) -> TranscriptSegment:
    return TranscriptSegment(position=position, start_ms=segment.start_ms, end_ms=segment.end_ms, text=segment.text,
                             words=segment.words)
