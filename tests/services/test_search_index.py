"""Both indexes of words find the same of one corpus: what is expected, and what a slow rule in Python finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from server.domain.search_query import parse
from server.domain.work import Kind
from server.models.search import SearchPassage, SearchStory
from server.models.story import Quote, Story
from server.models.work import Job
from server.services import erasures, indexing, search_index
from tests import makers
from tests.services.search_corpus import EXPECTED, SAID


def found_by(session: Session, project_id: str, asked: str) -> set[str]:
    """The ids of the quotes that have the words."""
    query = parse(asked)
    if query.is_empty:
        return set()
    found = search_index.index_of(session).find(query, indexing.scope_of(project_id, is_for_team=True))
    return set(session.scalars(select(SearchPassage.part_id).select_from(found.tables).where(found.words)))


@pytest.fixture
def corpus(session: Session, world) -> dict[str, str]:
    """The name of each text by the id of the quote that says it."""
    found = {}
    for name, said in SAID.items():
        story = makers.make_story(session, world.project, world.researcher)
        found[makers.add_quote(session, story, said).id] = name
        indexing.ask(session, story.id)
    return found


def test_what_is_expected_of_the_corpus_is_found_in_it(session: Session, world, corpus: dict[str, str]) -> None:
    wrong = {}
    for asked, expected in EXPECTED.items():
        found = {corpus[id] for id in found_by(session, world.project.id, asked)}
        if found != expected or {name for name, said in SAID.items() if parse(asked).finds(said)} != expected:
            wrong[asked] = found ^ expected
    assert wrong == {}


def test_deleted_words_are_in_no_part_of_the_index_once_the_database_was_cleared(session: Session, world) -> None:
    """fault 29"""
    story = makers.make_story(session, world.project, world.researcher)
    for said in ("A zebra", "zebrafinch and zebrafinches"):
        makers.add_quote(session, story, said)
    indexing.ask(session, story.id)
    session.commit()
    if session.get_bind().dialect.name == "sqlite":
        assert b"finch" in _parts(session)
    indexing.forget(session, story.id)
    session.commit()
    erasures.scrub(session)
    assert found_by(session, world.project.id, "zebrafinch") == set()
    if session.get_bind().dialect.name == "sqlite":
        assert b"finch" not in _parts(session)


def _parts(session: Session) -> bytes:
    """All that FTS5 keeps. It writes what words begin with once, so only their ends are whole."""
    return b"".join(session.scalars(text("SELECT block FROM search_text_data")))


def test_every_story_is_looked_at_again_when_asked_for_and_what_was_found_stays(session: Session, world,
                                                                               corpus: dict[str, str]) -> None:
    assert indexing.ask_for_all(session) == len(SAID)
    assert {corpus[id] for id in found_by(session, world.project.id, "wait*")} == {"bed", "bus"}
    assert session.query(Job).filter_by(kind=Kind.INDEX).count() == len(SAID)
    for story_id in session.scalars(select(Story.id)):
        indexing.ask(session, story_id)
    session.query(Job).delete()
    assert indexing.ask_for_missing(session) == 0


def test_stories_told_in_one_second_have_places_of_their_own(session: Session, world) -> None:
    """Those of nobody are all told at the first moment of a month."""
    for _ in range(40):
        story = makers.make_story(session, world.project, world.researcher)
        makers.add_quote(session, story, "together")
        indexing.ask(session, story.id)
        indexing.ask(session, story.id)
    assert len(found_by(session, world.project.id, "together")) == 40
    assert len(set(session.scalars(select(SearchStory.number)))) == 40


WORDS = st.sampled_from(["bed", "beds", "Bed", "bé", "b", "wait", "waiting", "東", "京", "東京", "أم", "o'b", "-", "*",
                         '"', "?", "=t", "'", "\\", ":*", "&", "!", "(", "NOT"])
TEXTS = st.lists(WORDS, max_size=8).map(" ".join) | st.lists(WORDS, max_size=5).map("".join)
LOOKED_FOR = st.one_of(TEXTS, TEXTS.map('"{}"'.format), st.lists(st.tuples(
    st.sampled_from(["", "-"]), st.sampled_from(['{}', '"{} {}"']), WORDS, WORDS, st.sampled_from(["", "*"])),
    max_size=3).map(lambda items: " ".join(no + form.format(one, two) + star for no, form, one, two, star in items)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(TEXTS, min_size=1, max_size=4), looked_for=st.lists(LOOKED_FOR, min_size=1, max_size=8))
def test_whatever_is_said_and_looked_for_is_found_as_the_rule_says(session: Session, world, said: list[str],
                                                                   looked_for: list[str]) -> None:
    for table in (SearchPassage, SearchStory, Quote):
        session.execute(delete(table))
    if (story := session.scalars(select(Story)).first()) is None:
        story = makers.make_story(session, world.project, world.researcher)
    quotes = {makers.add_quote(session, story, one).id: one for one in said}
    indexing.ask(session, story.id)
    for asked in looked_for:
        query = parse(asked)
        expected = {id for id, words in quotes.items() if query.finds(words)}
        assert found_by(session, world.project.id, asked) == expected, (asked, query)
