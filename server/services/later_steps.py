"""What is done with a transcript once it is there: guess who speaks, put it into English. It stays whatever they do."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.consent import may_transcribe
from server.domain.work import Held, Kind
from server.models.story import Recording, Story
from server.models.transcript import Transcript, TranscriptSegment
from server.services import consents, work

ENGLISH = "en"
KINDS = (Kind.SPEAKERS, Kind.TRANSLATE)


def ask(session: Session, transcript: Transcript) -> None:
    """Ask for what follows a new transcript."""
    found = session.execute(
        select(Story.id, Story.project_id).join(Recording, Recording.story_id == Story.id)
        .where(Recording.id == transcript.recording_id)).one()
    for kind in KINDS:
        if kind is Kind.SPEAKERS or _has_other_languages(session, transcript):
            work.request(session, kind=kind, subject_id=transcript.id, story_id=found.id, project_id=found.project_id)


def sound_of(session: Session, transcript_id: str) -> str | None:
    """The SHA-256 of the sound that a transcript is of; None when it is gone or nobody agrees to it any more."""
    recording = session.scalar(select(Recording).join(Transcript, Transcript.recording_id == Recording.id)
                               .where(Transcript.id == transcript_id))
    if recording is None or not may_transcribe(consents.agreed_uses(session, recording.story_id)):
        return None
    return recording.sha256


def goes_on(session: Session, transcript_id: str, held: Held) -> bool:
    """With the story's turn, whether there still is agreement; where not, the work ends. Raises FenceLost."""
    story_id = session.scalar(select(Recording.story_id).join(Transcript, Transcript.recording_id == Recording.id)
                              .where(Transcript.id == transcript_id))
    work.hold(session, held, story_id)
    if sound_of(session, transcript_id) is not None:
        return True
    work.cancel(session, held)
    return False


def give_up(session: Session, transcript_id: str, held: Held) -> None:
    """Nobody agrees to it any more, as it seemed: the job is cancelled. Where somebody has agreed meanwhile, it waits
    for its turn again. Raises FenceLost."""
    if goes_on(session, transcript_id, held):
        work.release(session, held)


def _has_other_languages(session: Session, transcript: Transcript) -> bool:
    """Whether anything is said in another language than English. An empty language is the transcript's."""
    english = {ENGLISH, ""} if transcript.language == ENGLISH else {ENGLISH}
    return bool(session.scalar(select(exists().where(
        TranscriptSegment.transcript_id == transcript.id, TranscriptSegment.language.not_in(english)))))
