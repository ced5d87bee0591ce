"""When an excerpt stops being a draft: somebody has heard every word of it, and it says what they heard.

From then on it may be quoted for as long as its own text stays, whatever becomes of the transcript around it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from server.domain import anchor, heard
from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.transcript import Word
from server.models.story import Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment
from server.services import audit, transcript_rows

# How something was heard: by listening to it, or by writing what is said.
LISTENED, CORRECTED = "listened", "corrected"


def settle(session: Session, viewer: Viewer | None, recording_id: str) -> list[str]:
    """Let the drafts of a recording that were heard be quoted, by what the viewer did or by none of anybody's doing;
    their ids. The caller holds the story."""
    is_draft = Excerpt.quotable_at.is_(None)
    drafts = session.scalars(select(Excerpt).where(Excerpt.recording_id == recording_id, is_draft)).all()
    transcript = transcript_rows.current_of(session, recording_id) if drafts else None
    if transcript is None:
        return []
    spoken = spoken_under_excerpts(session, transcript, is_draft)
    stretches = transcript_rows.heard_of(session, [transcript.id]).get(transcript.id, ())
    found = [row for row in drafts if heard.are_heard(row.words, stretches) and _is_said(row, spoken)]
    may_be_quoted(session, viewer, found)
    return [row.id for row in found]


def may_be_quoted(session: Session, viewer: Viewer | None, excerpts: Sequence[Excerpt]) -> None:
    """From now on these are no drafts, and the audit says by whose doing. Those that were none stay as they are."""
    for row in excerpts:
        if row.quotable_at is None:
            row.quotable_at = datetime.now(UTC)
            project_id = session.scalar(select(Story.project_id).where(Story.id == row.story_id))
            audit.note(session, viewer.person_id if viewer else None, Action.CHANGED, "excerpt", row.id, project_id,
                       story=row.story_id, quotable=True)
    session.flush()


def spoken_under_excerpts(session: Session, transcript: Transcript,
                          which: ColumnElement[bool] | None = None) -> tuple[Word, ...]:
    """What is said now in the segments that excerpts of the recording, all or these, lie in."""
    under = exists().where(
        Excerpt.recording_id == transcript.recording_id, Excerpt.start_ms <= TranscriptSegment.end_ms,
        Excerpt.end_ms >= TranscriptSegment.start_ms, true() if which is None else which)
    return transcript_rows.words_of_transcript(session, transcript.id, under)


def _is_said(row: Excerpt, spoken: tuple[Word, ...]) -> bool:
    """Whether the transcript says the same as the excerpt. Otherwise nobody who heard the one heard the other: whoever
    keeps such words listens to the excerpt itself."""
    return anchor.is_same(anchor.words_now(spoken, row.words, row.start_ms, row.end_ms), row.text)
