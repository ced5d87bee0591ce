"""Both indexes of words find the same of one corpus: what is expected, and what a slow rule in Python finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.search_query import parse
from server.models.search import SearchPassage
from server.models.story import Quote, Story
from server.services import indexing, search_index
from tests import makers
from tests.services.search_corpus import EXPECTED, SAID


def found_by(session: Session, project_id: str, text: str) -> set[str]:
    """The ids of the quotes that have the words."""
    query = parse(text)
    if query.is_empty:
        return set()
    found = search_index.index_of(session).find(query, indexing.scope_of(project_id, is_for_team=True))
    return set(session.scalars(select(SearchPassage.part_id).select_from(found.tables).where(found.words)))


@pytest.fixture
def corpus(session: Session, world) -> dict[str, str]:
    """The name of each text by the id of the quote that says it."""
    found = {}
    for name, text in SAID.items():
        story = makers.make_story(session, world.project, world.researcher)
        found[makers.add_quote(session, story, text).id] = name
        indexing.ask(session, story.id)
    return found


def test_what_is_expected_of_the_corpus_is_found_in_it(session: Session, world, corpus: dict[str, str]) -> None:
    wrong = {}
    for text, expected in EXPECTED.items():
        found = {corpus[id] for id in found_by(session, world.project.id, text)}
        if found != expected or {name for name, said in SAID.items() if parse(text).finds(said)} != expected:
            wrong[text] = found ^ expected
    assert wrong == {}


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
    for table in (SearchPassage, search_index.SearchStory, Quote):
        session.execute(delete(table))
    if (story := session.scalars(select(Story)).first()) is None:
        story = makers.make_story(session, world.project, world.researcher)
    quotes = {makers.add_quote(session, story, text).id: text for text in said}
    indexing.ask(session, story.id)
    for text in looked_for:
        query = parse(text)
        expected = {id for id, words in quotes.items() if query.finds(words)}
        assert found_by(session, world.project.id, text) == expected, (text, query)
