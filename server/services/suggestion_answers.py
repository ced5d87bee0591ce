"""What people made of suggestions: the passages they took for a theme, and those they did not want."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.ids import new_id
from server.domain.suggestion import Answer
from server.domain.theme import Theme
from server.models.suggestion import SuggestionAnswer
from server.services import audit
from server.services.alike import Passage


def dismissed(session: Session, theme_id: str) -> dict[Passage, str]:
    """The passages that somebody did not want for this theme, the newest first, each with its story."""
    query = (select(SuggestionAnswer.source_id, SuggestionAnswer.start_ms, SuggestionAnswer.end_ms,
                    SuggestionAnswer.story_id)
             .where(SuggestionAnswer.theme_id == theme_id, SuggestionAnswer.answer == Answer.DISMISSED.value)
             .order_by(SuggestionAnswer.answered_at.desc(), SuggestionAnswer.id.desc()))
    return {Passage(source_id, start, end): story_id for source_id, start, end, story_id in session.execute(query)}


def put(session: Session, viewer: Viewer, theme: Theme, story_id: str, passage: Passage, answer: Answer) -> None:
    """Write down what somebody made of a passage. Whoever answers last, answered. The caller holds the story."""
    session.execute(delete(SuggestionAnswer).where(*_same(theme.id, passage)))
    session.add(SuggestionAnswer(id=new_id(), theme_id=theme.id, story_id=story_id, source_id=passage.source_id,
                                 start_ms=passage.start_ms, end_ms=passage.end_ms, answer=answer.value,
                                 answered_by=viewer.person_id, answered_at=datetime.now(UTC)))
    session.flush()
    audit.note(session, viewer.person_id, Action.CHANGED, "suggestion", theme.id, theme.project_id, story=story_id,
               of=passage.source_id, answer=answer.value)


def take_back(session: Session, viewer: Viewer, theme: Theme, passage: Passage) -> None:
    """Forget that somebody did not want a passage, where somebody did not."""
    same = (*_same(theme.id, passage), SuggestionAnswer.answer == Answer.DISMISSED.value)
    story_id = session.scalar(delete(SuggestionAnswer).where(*same).returning(SuggestionAnswer.story_id))
    if story_id is not None:
        audit.note(session, viewer.person_id, Action.CHANGED, "suggestion", theme.id, theme.project_id,
                   story=story_id, of=passage.source_id, answer="asked again")


def _same(theme_id: str, passage: Passage) -> tuple[ColumnElement[bool], ...]:
    return (SuggestionAnswer.theme_id == theme_id, SuggestionAnswer.source_id == passage.source_id,
            SuggestionAnswer.start_ms == passage.start_ms, SuggestionAnswer.end_ms == passage.end_ms)
