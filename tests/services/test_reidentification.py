"""What could point at one family is told before others are shown it, counted among what whoever asks may have."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience, Use
from server.domain.errors import NotFound
from server.domain.reidentification import Kind
from server.domain.theme import Taggable
from server.models.reidentification import ReidentificationLook
from server.models.story import Photo, Quote, Story
from server.services import clearing, indexing, photo_regions, redactions, reidentification, withdrawals
from tests import makers

COMMON = "We waited a long time."


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """Six stories of one place and month, with the same theme, and of none can anybody be told."""
    world.theme = makers.make_theme(session, world.project, "Waiting")
    world.quotes = [add(session, world, COMMON) for _ in range(6)]
    return world


def add(session: Session, world: SimpleNamespace, text: str, *, place: str = "Northgate", **asked: object) -> Quote:
    story = makers.make_story(session, world.project, world.researcher, place=place, **asked)
    quote = makers.add_quote(session, story, text)
    makers.tag(session, world.theme, world.researcher, quote)
    indexing.ask(session, story.id)
    return quote


def cleared(session: Session, world: SimpleNamespace, quote: Quote) -> ClearedPart:
    return clearing.get_quote(session, world.commissioner, quote.id, Audience.COMMISSIONERS)


def told(session: Session, world: SimpleNamespace, quote: Quote) -> list[set[str]]:
    found = reidentification.warnings_on(session, world.commissioner, cleared(session, world, quote))
    return [{fact.name for fact in warning.facts} for warning in found]


def test_what_enough_stories_share_warns_of_nothing(session: Session, world) -> None:
    assert told(session, world, world.quotes[0]) == []


def test_a_place_that_no_other_story_has_warns(session: Session, world) -> None:
    assert told(session, world, add(session, world, COMMON, place="Mossley")) == [{"Mossley"}]


def test_a_name_or_an_occupation_that_few_stories_have_warns(session: Session, world) -> None:
    quote = add(session, world, "Then Siobhan came, who is a herpetologist.")
    assert told(session, world, quote) == [{"Siobhan", "herpetologist"}]


def test_a_word_that_enough_stories_have_does_not(session: Session, world) -> None:
    quotes = [add(session, world, "Then Siobhan came.") for _ in range(6)]
    assert told(session, world, quotes[0]) == []


def test_a_theme_that_is_rare_in_a_place_is_named_with_it(session: Session, world) -> None:
    for _ in range(6):
        quote = add(session, world, COMMON, place="Mossley")
    other = makers.make_theme(session, world.project, "Bees")
    for one in (quote, *world.quotes[1:]):
        makers.tag(session, other, world.researcher, one)
    assert told(session, world, quote) == [{"Mossley", "Bees"}]


def test_a_face_warns_until_it_is_covered(session: Session, world) -> None:
    def photo_of(row: Photo) -> list[Kind]:
        part = clearing.get_photo(session, world.commissioner, row.id, Audience.COMMISSIONERS)
        found = reidentification.warnings_on(session, world.commissioner, part)
        return [fact.kind for warning in found for fact in warning.facts]

    rows = [makers.add_photo(session, quote_story(session, quote)) for quote in world.quotes]
    rows[0].people = "agreed"
    session.flush()
    assert photo_of(rows[0]) == [Kind.FACE]
    photo_regions.add(session, world.commissioner, rows[0].id, photo_regions.Region(0, 0, 100, 100))
    rows[1].people = "nobody"
    session.flush()
    assert photo_of(rows[1]) == []


def quote_story(session: Session, quote: Quote) -> Story:
    return session.get_one(Story, quote.story_id)


def test_stories_that_the_readers_or_the_tagger_may_not_have_are_not_counted(session: Session, world) -> None:
    """Nobody learns from a warning that is missing that others told of the same."""
    quote = add(session, world, COMMON, place="Mossley")
    for uses in ({Use.COMMISSIONERS}, {Use.BOARD}, {Use.COMMISSIONERS}, {Use.BOARD}, {Use.BOARD}):
        add(session, world, COMMON, place="Mossley", uses=uses)
    assert told(session, world, quote) == [{"Mossley"}]


def test_what_nobody_else_may_be_shown_is_not_weighed(session: Session, world) -> None:
    assert told(session, world, add(session, world, COMMON, place="Mossley", uses={Use.COMMISSIONERS})) == []


def test_a_withheld_place_tells_nothing(session: Session, world) -> None:
    quote = add(session, world, COMMON, place="Mossley")
    redactions.make(session, world.commissioner, quote.story_id, redactions.Asked("Mossley"))
    assert told(session, world, quote) == []


def test_a_look_counts_for_the_team_until_other_facts_make_it_rare(session: Session, world) -> None:
    quote = add(session, world, COMMON, place="Mossley")
    other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Zaynab"))
    part = cleared(session, world, quote)
    reidentification.keep(session, world.commissioner, part)
    [weighed], _ = reidentification.list_standing(session, other, world.project.id)
    reidentification.look(session, other, Taggable.QUOTE, quote.id, Audience.BOARD, "0" * 64)
    assert reidentification.list_standing(session, other, world.project.id)[0], "these were other facts"
    reidentification.look(session, other, Taggable.QUOTE, quote.id, Audience.BOARD, weighed.facts_sha256)
    assert reidentification.list_standing(session, other, world.project.id)[0] == []
    now = reidentification.weigh(session, world.commissioner, part)
    assert now is not None
    assert (now.looked_by, now.is_to_look_at) == ("Zaynab", False)
    bees = makers.make_theme(session, world.project, "Bees")
    for one in world.quotes[:2]:
        makers.tag(session, bees, world.researcher, one)
    makers.tag(session, bees, world.researcher, quote)
    for _ in range(5):
        add(session, world, COMMON, place="Mossley")
    reidentification.keep(session, world.commissioner, cleared(session, world, quote))
    assert len(reidentification.list_standing(session, other, world.project.id)[0]) == 1


def test_what_was_looked_at_goes_with_its_story(session: Session, world) -> None:
    quote = add(session, world, COMMON, place="Mossley")
    reidentification.keep(session, world.commissioner, cleared(session, world, quote))
    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    withdrawals.withdraw(session, administrator, quote.story_id)
    assert session.query(ReidentificationLook).count() == 0


def test_an_analyst_weighs_what_is_published_and_a_board_member_nothing(session: Session, world) -> None:
    quote = add(session, world, COMMON, place="Mossley")
    part = clearing.get_quote(session, world.analyst, quote.id, Audience.PUBLICATION)
    reidentification.keep(session, world.analyst, part)
    [found], _ = reidentification.list_standing(session, world.analyst, world.project.id)
    assert found.audience is Audience.PUBLICATION
    with pytest.raises(NotFound):
        reidentification.list_standing(session, world.board_member, world.project.id)
    with pytest.raises(NotFound):
        reidentification.look(session, world.board_member, Taggable.QUOTE, quote.id, Audience.PUBLICATION, "")
