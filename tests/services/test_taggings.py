"""Putting themes on parts of stories, and taking them off, by several people at once."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.models.audit import AuditEntry
from server.models.story import Story
from server.services import clearing, taggings, themes
from server.services.tagged import Holding
from server.services.taggings import Part
from tests import makers
from tests.services.together import together


@pytest.fixture
def world(session: Session, world):
    world.story = makers.make_story(session, world.project, world.researcher)
    world.waiting = makers.make_theme(session, world.project, "Waiting")
    world.nights = makers.make_theme(session, world.project, "Nights")
    world.other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Mo"))
    return world


def _themes_of_quote(session: Session, world, quote_id: str) -> list[str]:
    quote = clearing.get_quote(session, world.commissioner, quote_id, Audience.COMMISSIONERS)
    return [theme.name for theme in quote.themes]


def _putters(session: Session, part: Part) -> set[tuple[str, str]]:
    """The themes on it, each with who put it there."""
    column = taggings.Tagging.column_of(part.kind)
    return set(session.query(taggings.Tagging).filter(column == part.id).with_entities(
        taggings.Tagging.theme_id, taggings.Tagging.tagged_by).tuples())


def test_what_is_wanted_goes_on_and_what_was_seen_and_is_not_wanted_comes_off(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    taggings.put(session, world.commissioner, part, [], [world.waiting.id])
    story_id = taggings.put(session, world.commissioner, part, [world.waiting.id], [world.nights.id], "Beds")
    assert story_id == world.story.id
    assert _themes_of_quote(session, world, part.id) == ["Beds", "Nights"]


def test_what_somebody_else_put_meanwhile_stays(session: Session, world) -> None:
    """fault 25"""
    part = Part("quote", makers.add_quote(session, world.story).id)
    taggings.put(session, world.other, part, [], [world.nights.id])
    taggings.put(session, world.commissioner, part, [], [world.waiting.id])
    assert _themes_of_quote(session, world, part.id) == ["Nights", "Waiting"]
    taggings.put(session, world.other, part, [world.nights.id], [])
    assert _themes_of_quote(session, world, part.id) == ["Waiting"]


def test_people_who_put_themes_on_one_passage_in_the_same_moment_all_find_theirs(
    app: Flask, session: Session, world,
) -> None:
    """fault 25"""
    recording = makers.add_recording(session, world.story)
    part = Part("excerpt", makers.add_excerpt(session, recording, world.researcher).id)
    more = [makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER)) for _ in range(2)]
    viewers: list[Viewer] = [world.commissioner, world.other, *more]
    mine = {viewer.person_id: makers.make_theme(session, world.project, f"Theme {number}").id
            for number, viewer in enumerate(viewers)}
    shared = world.waiting.id
    together(app, [partial(taggings.put, viewer=viewer, part=part, seen=[], wanted=[mine[viewer.person_id], shared])
                   for viewer in viewers])
    expected = {(mine[viewer.person_id], viewer.person_id) for viewer in viewers}
    assert _putters(session, part) == expected | {(shared, viewer.person_id) for viewer in viewers}


def test_a_theme_that_is_taken_off_is_off_whoever_put_it_there(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    for viewer in (world.commissioner, world.other):
        taggings.put(session, viewer, part, [], [world.waiting.id])
    taggings.put(session, world.commissioner, part, [world.waiting.id], [])
    assert _putters(session, part) == set()


def test_where_agreement_is_measured_everybody_takes_off_their_own_alone(session: Session, world) -> None:
    world.project.measures_agreement = True
    part = Part("quote", makers.add_quote(session, world.story).id)
    for viewer in (world.commissioner, world.other):
        taggings.put(session, viewer, part, [], [world.waiting.id])
    taggings.put(session, world.commissioner, part, [world.waiting.id], [])
    assert _putters(session, part) == {(world.waiting.id, world.other.person_id)}


def test_taking_back_takes_off_what_this_person_put_and_nothing_else(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    for viewer in (world.commissioner, world.other):
        taggings.put(session, viewer, part, [], [world.waiting.id, world.nights.id])
    taggings.take_back(session, world.commissioner, part, [world.waiting.id])
    assert _putters(session, part) - {(world.waiting.id, world.other.person_id)} == {
        (world.nights.id, viewer.person_id) for viewer in (world.commissioner, world.other)}
    assert (world.waiting.id, world.other.person_id) in _putters(session, part)


def test_a_theme_on_a_region_of_a_photo_goes_with_the_photo_or_alone(session: Session, world) -> None:
    photo = makers.add_photo(session, world.story)
    left, right = (Part("photo", photo.id, region) for region in ("0,0,100,100", "500,0,100,100"))
    for part in (left, right):
        taggings.put(session, world.commissioner, part, [], [world.waiting.id])
    taggings.put(session, world.commissioner, left, [world.waiting.id], [])
    assert [row.region for row in session.query(taggings.Tagging)] == [right.region]
    taggings.put(session, world.commissioner, Part("photo", photo.id), [world.waiting.id], [])
    assert session.query(taggings.Tagging).count() == 0


def test_nothing_is_audited_where_nothing_changes(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    taggings.put(session, world.commissioner, part, [], [world.waiting.id])
    session.commit()
    taggings.put(session, world.commissioner, part, [world.waiting.id], [world.waiting.id])
    session.commit()
    [entry] = session.query(AuditEntry).filter_by(kind="themes of quote")
    assert (entry.details["themes"], entry.details["taken_off"]) == ([world.waiting.id], [])


def test_excerpts_quotes_and_photos_can_all_carry_a_theme(session: Session, world) -> None:
    recording = makers.add_recording(session, world.story)
    parts = (Part("excerpt", makers.add_excerpt(session, recording, world.researcher).id),
             Part("quote", makers.add_quote(session, world.story).id),
             Part("photo", makers.add_photo(session, world.story).id))
    for part in parts:
        taggings.put(session, world.commissioner, part, [], [world.waiting.id])
    _theme, page = themes.get_tagged(session, world.commissioner, world.waiting.id)
    assert page.holding == Holding(1, 1, 1)


def test_putting_the_same_theme_twice_puts_it_once(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    put_on = [taggings.add(session, world.commissioner, part, [world.waiting.id, world.waiting.id]) for _ in range(2)]
    assert put_on == [{world.waiting.id}, set()]
    assert _themes_of_quote(session, world, part.id) == ["Waiting"]


@pytest.mark.slow_on_postgresql
def test_the_themes_that_somebody_put_last_come_first(session: Session, world) -> None:
    parts = [Part("quote", makers.add_quote(session, world.story, f"Words {number}").id) for number in range(3)]
    many = [makers.make_theme(session, world.project, f"Theme {number:02}").id for number in range(12)]
    for theme_id in many:
        taggings.add(session, world.commissioner, parts[0], [theme_id])
    taggings.add(session, world.commissioner, parts[1], [many[0]])
    taggings.add(session, world.other, parts[2], [world.nights.id])
    recent = taggings.recent(session, world.commissioner, world.project.id)
    assert recent == [many[0], *reversed(many[4:])]
    assert taggings.recent(session, world.other, world.project.id) == [world.nights.id]
    with pytest.raises(NotFound):
        taggings.recent(session, world.board_member, world.project.id)


def test_a_theme_of_another_project_cannot_be_put(session: Session, world) -> None:
    foreign = makers.make_theme(session, makers.make_project(session, "Another project"), "Foreign")
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(NotFound):
        taggings.put(session, world.commissioner, part, [], [foreign.id])


def test_a_bad_new_name_puts_nothing(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(Invalid):
        taggings.put(session, world.commissioner, part, [], [world.waiting.id], "x" * 81)
    assert _themes_of_quote(session, world, part.id) == []


def test_what_is_not_cleared_for_commissioners_cannot_be_tagged(session: Session, world) -> None:
    uses = makers.ALL_USES - {Use.COMMISSIONERS}
    closed = makers.make_story(session, world.project, world.researcher, uses=uses)
    part = Part("quote", makers.add_quote(session, closed).id)
    for act in (partial(taggings.put, seen=[], wanted=[world.waiting.id]),
                partial(taggings.take_back, theme_ids=[world.waiting.id])):
        with pytest.raises(NotFound):
            act(session, world.commissioner, part)


def test_a_board_member_tags_nothing(session: Session, world) -> None:
    part = Part("quote", makers.add_quote(session, world.story).id)
    with pytest.raises(NotFound):
        taggings.put(session, world.board_member, part, [], [world.waiting.id])


def test_the_team_alone_is_told_who_put_which_theme_on_what(session: Session, world) -> None:
    recording = makers.add_recording(session, world.story)
    parts = (makers.add_excerpt(session, recording, world.researcher), makers.add_quote(session, world.story),
             makers.add_photo(session, world.story))
    for kind, part in zip(("excerpt", "quote", "photo"), parts, strict=True):
        taggings.put(session, world.other, Part(kind, part.id), [], [world.nights.id])
        taggings.put(session, world.commissioner, Part(kind, part.id), [], [world.waiting.id, world.nights.id])
    parts_as = {audience: clearing.list_parts(session, viewer, world.project.id, audience, Story.id == world.story.id)
                for audience, viewer in ((Audience.COMMISSIONERS, world.commissioner),
                                         (Audience.BOARD, world.board_member), (Audience.PUBLICATION, world.analyst))}
    for part in parts_as.pop(Audience.COMMISSIONERS):
        assert [(put.theme.name, put.by) for put in part.taggings] == [
            ("Nights", "Mo"), ("Nights", "Sam Okoro"), ("Waiting", "Sam Okoro")]
    looks_as_board = clearing.list_parts(session, world.commissioner, world.project.id, Audience.BOARD,
                                         Story.id == world.story.id)
    for parts in (*parts_as.values(), looks_as_board):
        assert {(len(part.themes), part.taggings) for part in parts} == {(2, ())}
