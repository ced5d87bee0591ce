"""A computer finds what is like the passages under a theme; a person says of each whether it gets the theme."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.models.story import Quote, Recording
from server.models.suggestion import SuggestionAnswer
from server.models.theme import Excerpt, Tagging, Theme
from server.services import embargoes, excerpts, redactions, suggestions, taggings
from server.services.alike import Passage
from server.services.redactions import Asked
from server.services.suggestions import State
from server.services.taggings import Part
from tests import makers
from tests.embedding.talk import TOPICS
from tests.services.compared import compare

HOME, GETTING_THERE, WAITING = (TOPICS[name] for name in ("home", "getting there", "waiting for an appointment"))
SAID = f"{GETTING_THERE['en'][0]} {HOME['en'][4]}"


@pytest.fixture
def library(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """A theme on three quotes about homes; beside them one more in French and one in Spanish, a recording whose second
    sentence is about a home too, and a few about other things."""
    def tell(*texts: str) -> list[Quote]:
        story = makers.make_story(session, world.project, world.researcher, pseudonym=texts[0][:20])
        return [makers.add_quote(session, story, text) for text in texts]

    theme = makers.make_theme(session, world.project, "Home")
    person = makers.make_person(session, world.project, Role.COMMISSIONER)
    under = [quote for text in HOME["en"][:3] for quote in tell(text)]
    for quote in under:
        makers.tag(session, theme, person, quote)
    more, spanish = tell(HOME["fr"][0], HOME["es"][0])
    tell(*GETTING_THERE["en"][1:], *WAITING["en"])
    story = makers.make_story(session, world.project, world.researcher, pseudonym="Speaks")
    recording = makers.add_recording(session, story, SAID)
    compare(session)
    return SimpleNamespace(theme=theme, person=person, under=under, more=more, spanish=spanish, recording=recording,
                           project=world.project, viewer=makers.viewer_of(session, person))


def found(session: Session, library: SimpleNamespace,
          viewer: Viewer | None = None) -> dict[str, suggestions.Suggestion]:
    page = suggestions.get_page(session, viewer or library.viewer, library.theme.id)
    assert page.state is State.READY
    return {one.source_id: one for one in page.found}


def of(one: suggestions.Suggestion) -> Passage:
    return Passage(one.source_id, one.start_ms, one.end_ms)


def test_what_is_like_the_passages_under_a_theme_is_suggested_in_any_language_with_what_it_is_like(
    session: Session, library: SimpleNamespace
) -> None:
    suggested = found(session, library)
    assert {library.more.id, library.spanish.id} <= set(suggested)
    assert not {quote.id for quote in library.under} & set(suggested)
    assert suggested[library.spanish.id].like.text == HOME["en"][0]
    assert len(session.scalars(select(Tagging)).all()) == 3


def test_what_a_recording_says_is_suggested_from_its_word_and_taken_as_an_excerpt_of_whoever_takes_it(
    session: Session, library: SimpleNamespace
) -> None:
    said = found(session, library)[library.recording.id]
    assert (said.text, said.words[0].start_ms) == (HOME["en"][4], said.start_ms)
    suggestions.take(session, library.viewer, library.theme.id, of(said))
    made = session.scalars(select(Excerpt)).one()
    assert (made.text, made.made_by) == (said.text, library.viewer.person_id)
    tagging = session.scalars(select(Tagging).where(Tagging.excerpt_id == made.id)).one()
    assert (tagging.theme_id, tagging.tagged_by) == (library.theme.id, library.viewer.person_id)
    assert library.recording.id not in found(session, library)
    assert [(row.answer, row.answered_by) for row in session.scalars(select(SuggestionAnswer))] == [
        ("taken", library.viewer.person_id)]


def test_a_quote_that_is_taken_has_the_theme_and_helps_to_find_others(
    session: Session, library: SimpleNamespace
) -> None:
    quote = suggestions.take(session, library.viewer, library.theme.id, Passage(library.more.id, 0, 0))
    assert [theme.name for theme in quote.themes] == ["Home"]
    assert suggestions.get_page(session, library.viewer, library.theme.id).under == 4


def test_what_somebody_does_not_want_is_suggested_to_nobody_until_it_is_brought_back(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    passage = Passage(library.more.id, 0, 0)
    suggestions.dismiss(session, library.viewer, library.theme.id, passage)
    assert library.more.id not in found(session, library, world.commissioner)
    _, kept = suggestions.list_dismissed(session, world.commissioner, library.theme.id)
    assert [one.text for one in kept] == [library.more.text]
    suggestions.bring_back(session, world.commissioner, library.theme.id, passage)
    assert library.more.id in found(session, library)
    assert suggestions.list_dismissed(session, world.commissioner, library.theme.id)[1] == []


def test_what_is_held_back_is_neither_suggested_nor_compared_with_nor_answered(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    """Before the sweep has had its turn, too."""
    suggestions.dismiss(session, library.viewer, library.theme.id, Passage(library.spanish.id, 0, 0))
    administrator = makers.make_person(session, world.project, Role.ADMINISTRATOR)
    for story_id in (library.more.story_id, library.under[0].story_id):
        embargoes.put(session, makers.viewer_of(session, world.researcher), world.project.id, story_id, "Afraid.",
                      administrator.id)
    page = suggestions.get_page(session, library.viewer, library.theme.id)
    assert (page.state, page.under) == (State.FEW, 2)
    assert suggestions.list_dismissed(session, library.viewer, library.theme.id)[1] == []
    for answer in (suggestions.take, suggestions.dismiss, suggestions.bring_back):
        with pytest.raises(NotFound):
            answer(session, library.viewer, library.theme.id, Passage(library.more.id, 0, 0))


def test_only_what_commissioners_may_have_is_suggested(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    makers.record_consent(session, world.project, world.researcher, library.recording.story_id, {Use.TRANSCRIBE})
    assert library.recording.id not in found(session, library)


def test_nothing_that_is_withheld_is_suggested_or_shown(session: Session, library: SimpleNamespace) -> None:
    suggestions.dismiss(session, library.viewer, library.theme.id, of(found(session, library)[library.recording.id]))
    suggestions.dismiss(session, library.viewer, library.theme.id, Passage(library.more.id, 0, 0))
    for story_id, word in ((library.recording.story_id, "walls"), (library.more.story_id, "ascenseur")):
        redactions.make(session, library.viewer, story_id, Asked(word))
    session.commit()
    _, kept = suggestions.list_dismissed(session, library.viewer, library.theme.id)
    assert [word in one.text for one, word in zip(kept, ("ascenseur", "walls"), strict=True)] == [False, False]
    compare(session)
    assert library.recording.id not in found(session, library)


def test_nobody_is_suggested_anything_but_who_puts_themes_on_things(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    other = makers.make_person(session, makers.make_project(session, "Another"), Role.COMMISSIONER)
    for viewer in (world.board_member, world.analyst, makers.viewer_of(session, other)):
        for ask in (suggestions.get_page, suggestions.list_dismissed):
            with pytest.raises(NotFound):
                ask(session, viewer, library.theme.id)
        for answer in (suggestions.take, suggestions.dismiss, suggestions.bring_back):
            with pytest.raises(NotFound):
                answer(session, viewer, library.theme.id, Passage(library.more.id, 0, 0))


def test_a_passage_of_another_project_has_no_answer(session: Session, library: SimpleNamespace) -> None:
    elsewhere = makers.make_project(session, "Another")
    story = makers.make_story(session, elsewhere, makers.make_person(session, elsewhere, Role.RESEARCHER))
    quote = makers.add_quote(session, story, HOME["en"][4])
    compare(session)
    assert quote.id not in found(session, library)
    both = makers.viewer_of(session, library.person)
    for answer in (suggestions.take, suggestions.dismiss):
        with pytest.raises(NotFound):
            answer(session, both, library.theme.id, Passage(quote.id, 0, 0))


def test_it_says_why_nothing_is_suggested(session: Session, world: SimpleNamespace, library: SimpleNamespace) -> None:
    few = makers.make_theme(session, world.project, "Kindness")
    assert suggestions.get_page(session, library.viewer, few.id).state is State.FEW
    world.project.suggests_themes = False
    assert suggestions.get_page(session, library.viewer, library.theme.id).state is State.OFF
    world.project.suggests_themes = True
    session.get_one(Theme, library.theme.id).retired_at = makers.NOON
    session.flush()
    assert suggestions.get_page(session, library.viewer, library.theme.id).state is State.RETIRED
    with pytest.raises(NotFound):
        suggestions.take(session, library.viewer, library.theme.id, Passage(library.more.id, 0, 0))


def test_where_people_are_compared_each_is_shown_what_is_like_their_own(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    world.project.measures_agreement = True
    session.flush()
    assert suggestions.get_page(session, library.viewer, library.theme.id).state is State.READY
    assert suggestions.get_page(session, world.commissioner, library.theme.id).under == 0


def test_what_stands_under_a_theme_counts_for_it(session: Session, world: SimpleNamespace,
                                                 library: SimpleNamespace) -> None:
    above = makers.make_theme(session, world.project, "Living")
    session.get_one(Theme, library.theme.id).parent_id = above.id
    session.flush()
    page = suggestions.get_page(session, library.viewer, above.id)
    assert page.under == 3
    assert library.more.id in {one.source_id for one in page.found}


def test_words_that_somebody_chose_already_are_not_suggested_again(
    session: Session, world: SimpleNamespace, library: SimpleNamespace
) -> None:
    """Though they chose fewer of them."""
    said = found(session, library)[library.recording.id]
    made = excerpts.make(session, world.commissioner, excerpts.Chosen(
        library.recording.id, said.start_ms, said.start_ms + 1400))
    taggings.add(session, world.commissioner, Part(taggings.Taggable.EXCERPT, made.id), [library.theme.id])
    assert library.recording.id not in found(session, library)
    assert session.scalars(select(Recording)).one()
