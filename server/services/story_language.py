"""What a story was told in: most of what was written down of it says so, or else what its consent was read in."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.models.consent import ConsentRecord
from server.models.story import Recording, Story
from server.models.transcript import Transcript, TranscriptSegment


def settle(session: Session, story_id: str) -> None:
    """Say of a story again what language it was told in. Whoever makes or corrects words of it calls this, and whoever
    receives a consent or the story itself. A story that is not there stays so."""
    found = _spoken(session, story_id) or _read(session, story_id)
    # Only where it changes: a story is corrected word by word.
    session.execute(update(Story).where(Story.id == story_id, Story.language != found).values(language=found))


def _spoken(session: Session, story_id: str) -> str:
    """The language of the most letters in its current transcripts. What people said of a passage counts before what a
    machine heard of the whole."""
    language = func.coalesce(func.nullif(TranscriptSegment.language, ""), Transcript.language).label("spoken")
    query = (select(language).select_from(TranscriptSegment)
             .join(Transcript, Transcript.id == TranscriptSegment.transcript_id)
             .join(Recording, Recording.id == Transcript.recording_id)
             .where(Recording.story_id == story_id, Transcript.is_current)
             .group_by(language).order_by(func.sum(func.length(TranscriptSegment.text)).desc(), language).limit(1))
    return session.scalar(query) or ""


def _read(session: Session, story_id: str) -> str:
    """The language in which the first of those who told it read what they agreed to."""
    query = (select(ConsentRecord.language)
             .where(ConsentRecord.story_id == story_id, ConsentRecord.language != "")
             .order_by(ConsentRecord.sequence).limit(1))
    return session.scalar(query) or ""
