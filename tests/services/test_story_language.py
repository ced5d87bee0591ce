"""The language of a story is that of most of its words, or of the consent that was read, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.transcript import Word
from server.models.consent import ConsentRecord
from server.models.story import Story
from server.models.transcript import Transcript, TranscriptSegment
from server.services import story_language
from tests import makers


@pytest.fixture
def story(session: Session) -> Story:
    project = makers.make_project(session)
    return makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))


def settled(session: Session, story: Story) -> str:
    story_language.settle(session, story.id)
    session.expire_all()
    return story.language


def said(session: Session, *passages: tuple[str, str]) -> Transcript:
    """The only transcript, in Welsh but where a passage says otherwise."""
    found = session.scalars(select(Transcript)).one()
    found.language, found.segments = "cy", []
    session.flush()
    found.segments = [TranscriptSegment(position=place, start_ms=place, end_ms=place, text=text, language=language,
                                        words=(Word(text, place, place),))
                      for place, (text, language) in enumerate(passages)]
    session.flush()
    return found


def test_before_there_are_words_it_is_what_consent_was_read_in(session: Session, story: Story) -> None:
    assert settled(session, story) == ""
    session.scalars(select(ConsentRecord)).one().language = "ur"
    session.flush()
    assert settled(session, story) == "ur"


def test_most_of_the_words_say_what_it_was_told_in_and_people_say_it_of_passages(session: Session,
                                                                                  story: Story) -> None:
    session.scalars(select(ConsentRecord)).one().language = "ur"
    makers.add_recording(session, story)
    transcript = said(session, ("Aros.", ""), ("We waited.", "en"), ("Nos da.", ""))
    assert settled(session, story) == "cy"
    transcript.segments[2].language = "en"
    session.flush()
    assert settled(session, story) == "en"
