"""Putting themes on parts of stories, and taking them off."""

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.services import clearing, taggings, themes
from server.services.taggings import Part
from tests import makers


@pytest.fixture
def world(session: Session, world):
    world.story = makers.make_story(session, world.project, world.researcher)
    world.waiting = makers.make_theme(session, world.project, "Waiting")
    world.nights = makers.make_theme(session, world.project, "Nights")
    return world


def _themes_of_quote(session: Session, world, quote_id: str) -> list[str]:
    quote = clearing.get_quote(session, world.commissioner, quote_id, Audience.COMMISSIONERS)
    return [theme.name for theme in quote.themes]


def test_the_chosen_set_replaces_the_themes_of_a_part(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    taggings.put(session, world.commissioner, part, [world.waiting.id])
    story_id = taggings.put(session, world.commissioner, part, [world.nights.id], "Beds")
    assert story_id == world.story.id
    assert _themes_of_quote(session, world, part.id) == ["Beds", "Nights"]


def test_an_empty_set_takes_every_theme_off(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    taggings.put(session, world.commissioner, part, [world.waiting.id, world.nights.id])
    taggings.put(session, world.commissioner, part, [])
    assert _themes_of_quote(session, world, part.id) == []


def test_excerpts_quotes_and_photos_can_all_carry_a_theme(session: Session, world) -> None:
    recording = makers.add_recording(session, world.story)
    parts = (Part("excerpt", makers.add_excerpt(session, recording, world.researcher).id),
             Part("quote", makers.add_quote(session, world.story).id),
             Part("photo", makers.add_photo(session, world.story).id))
    for part in parts:
        taggings.put(session, world.commissioner, part, [world.waiting.id])
    _theme, tagged = themes.get_tagged(session, world.commissioner, world.waiting.id)
    assert (len(tagged.excerpts), len(tagged.quotes), len(tagged.photos)) == (1, 1, 1)


def test_putting_the_same_theme_twice_puts_it_once(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    for _ in range(2):
        taggings.add(session, world.commissioner, part, [world.waiting.id, world.waiting.id])
    assert _themes_of_quote(session, world, part.id) == ["Waiting"]


def test_a_theme_of_another_project_cannot_be_put(session: Session, world) -> None:
    foreign = makers.make_theme(session, makers.make_project(session, "Another project"), "Foreign")
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(NotFound):
        taggings.put(session, world.commissioner, part, [foreign.id])


def test_a_bad_new_name_puts_nothing(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(Invalid):
        taggings.put(session, world.commissioner, part, [world.waiting.id], "x" * 81)
    assert _themes_of_quote(session, world, part.id) == []


def test_what_is_not_cleared_for_commissioners_cannot_be_tagged(session: Session, world) -> None:
    uses = makers.ALL_USES - {Use.COMMISSIONERS}
    closed = makers.make_story(session, world.project, world.researcher, uses=uses)
    part = Part("quote", makers.add_quote(session, closed).id)
    with pytest.raises(NotFound):
        taggings.put(session, world.commissioner, part, [world.waiting.id])


def test_a_board_member_tags_nothing(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(NotFound):
        taggings.put(session, world.board_member, part, [world.waiting.id])
