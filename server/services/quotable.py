"""When an excerpt stops being a draft: somebody has heard every word of it, and it says what they heard.

From then on it may be quoted for as long as its own text stays, whatever becomes of the transcript around it.
"""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from server.domain import anchor, heard
from server.domain.heard import Stretch
from server.domain.transcript import Word
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch, Transcript, TranscriptSegment
from server.services import transcript_rows

# How something was heard: by listening to it, or by writing what is said.
LISTENED, CORRECTED = "listened", "corrected"


def settle(session: Session, recording_id: str) -> list[str]:
    """Let the drafts of a recording that were heard be quoted; their ids. The caller holds the story."""
    is_draft = Excerpt.quotable_at.is_(None)
    drafts = session.scalars(select(Excerpt).where(Excerpt.recording_id == recording_id, is_draft)).all()
    transcript = transcript_rows.current_of(session, recording_id) if drafts else None
    if transcript is None:
        return []
    spoken = spoken_under_excerpts(session, transcript, is_draft)
    anyhow, listened = _heard(session, transcript.id), _heard(session, transcript.id, HeardStretch.how == LISTENED)
    found = [row for row in drafts if heard.are_heard(row.words, _counting(row, spoken, anyhow, listened))]
    for row in found:
        row.quotable_at = datetime.now(UTC)
    session.flush()
    return [row.id for row in found]


def spoken_under_excerpts(session: Session, transcript: Transcript,
                          which: ColumnElement[bool] | None = None) -> tuple[Word, ...]:
    """What is said now in the segments that excerpts of the recording, all or these, lie in."""
    under = exists().where(
        Excerpt.recording_id == transcript.recording_id, Excerpt.start_ms <= TranscriptSegment.end_ms,
        Excerpt.end_ms >= TranscriptSegment.start_ms, true() if which is None else which)
    return transcript_rows.words_of_transcript(session, transcript.id, under)


def _counting(row: Excerpt, spoken: tuple[Word, ...], anyhow: tuple[Stretch, ...],
              listened: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """What counts as heard for an excerpt. Nothing while it says something else than the transcript. Where somebody
    looked at both and kept its words, those who listened; whoever wrote the other words did not hear these."""
    now = anchor.words_now(spoken, row.words, row.start_ms, row.end_ms)
    if anchor.is_same(now, row.text):
        return anyhow
    was_kept = row.changed_at is None and row.changed_text == anchor.text_of(now)
    return listened if was_kept else ()


def _heard(session: Session, transcript_id: str, *which: ColumnElement[bool]) -> tuple[Stretch, ...]:
    query = select(HeardStretch.start_ms, HeardStretch.end_ms).where(HeardStretch.transcript_id == transcript_id)
    return heard.union((start_ms, end_ms) for start_ms, end_ms in session.execute(query.where(*which)))
