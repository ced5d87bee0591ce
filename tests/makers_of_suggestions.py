"""Rows of what is made of a story to suggest it, and of what somebody answered, beside those of `tests/makers.py`."""

from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.embedding import DIMENSIONS, MODEL
from server.models.people import Person
from server.models.story import Quote, Recording, Story
from server.models.suggestion import PassageVectors, SuggestionAnswer
from server.models.theme import Theme
from tests.makers import NOON, digest


def add_vectors(session: Session, part: Recording | Quote, content: bytes = b"\x05") -> PassageVectors:
    """The whole of a recording or quote as numbers, which are this content over and over."""
    story = session.get_one(Story, part.story_id)
    end = (part.duration_ms or 0) if isinstance(part, Recording) else 0
    found = PassageVectors(
        source_id=part.id, story_id=story.id, project_id=story.project_id, model=MODEL, version="", places=[[0, end]],
        text_sha256=digest(part.id), vectors=(content * DIMENSIONS)[:DIMENSIONS])
    session.add(found)
    session.flush()
    return found


def add_answer(session: Session, theme: Theme, person: Person, part: Recording | Quote,
               answer: str = "dismissed") -> SuggestionAnswer:
    """What somebody made of the whole of a recording or quote that was suggested."""
    end = (part.duration_ms or 0) if isinstance(part, Recording) else 0
    found = SuggestionAnswer(id=new_id(), theme_id=theme.id, story_id=part.story_id, source_id=part.id, start_ms=0,
                             end_ms=end, answer=answer, answered_by=person.id, answered_at=NOON)
    session.add(found)
    session.flush()
    return found
