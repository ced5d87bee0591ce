"""Themes on parts of a photo: with four numbers, on its page, and as themes on the photo everywhere else."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience
from server.models.theme import Tagging
from server.services import clearing, evidence, provocations
from tests import makers
from tests.pages.page_checks import assert_sound

LAMP = {"left": "10", "top": "20.5", "width": "30,5", "height": " 25 % "}


@pytest.fixture
def world(app: Flask, session: Session, sign_in_as):
    """A story with a photo, its copy in the store."""

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        ada = makers.make_person(session, project, Role.COMMISSIONER, name="Ada")
        ben = makers.make_person(session, project, Role.COMMISSIONER, name="Ben")
        story = makers.make_story(session, project, researcher)
        photo = makers.add_photo(session, story)
        nights, beds = makers.make_theme(session, project, "Nights"), makers.make_theme(session, project, "Beds")

    world = World()
    world.photo.derivative_sha256 = app.extensions["earshot"].store.put(io.BytesIO(b"shown")).sha256
    session.commit()
    world.browser, world.other = sign_in_as(world.ada), sign_in_as(world.ben)
    world.page, world.remove = f"/photos/{world.photo.id}/parts", f"/photos/{world.photo.id}/parts/remove"
    return world


def _regions(session: Session) -> list[str]:
    session.expire_all()
    return sorted(session.scalars(select(Tagging.region)))


def test_a_part_gets_themes_and_is_numbered_framed_and_said_in_words(session: Session, world) -> None:
    answer = world.browser.post(world.page, data={**LAMP, "theme": [world.nights.id], "new_theme": "Light"})
    assert (answer.status_code, answer.location) == (303, world.page)
    world.other.post(world.page, data={"left": "5", "top": "5", "width": "50", "height": "50", "theme": world.beds.id})
    assert _regions(session) == ["100,205,305,250", "100,205,305,250", "50,50,500,500"]
    page = world.browser.get(world.page)
    assert_sound(page)
    words = re.sub(r"\s+", " ", page.text)
    assert re.findall(r"<h3[^>]*>(Part \d)</h3> <p[^>]*>([^<]+)", words) == [
        ("Part 1", "5 % from the left, 5 % from the top, 50 % wide, 50 % high"),
        ("Part 2", "10 % from the left, 20.5 % from the top, 30.5 % wide, 25 % high")]
    assert page.text.count('<g class="photo-part__frame ') == page.text.count('<g class="photo-part__number') == 2
    assert {"Nights", "Light", "Beds"} <= set(re.findall(r"<bdi>([^<]+)</bdi>", words.split('id="more"')[0]))


def test_a_theme_on_a_part_is_a_theme_on_the_photo_everywhere(session: Session, world) -> None:
    world.browser.post(world.page, data={**LAMP, "theme": world.nights.id})
    story = world.browser.get(f"/stories/{world.story.id}")
    assert_sound(story)
    assert "Part 1:" in story.text
    theme = world.browser.get(f"/themes/{world.nights.id}")
    assert_sound(theme)
    assert "Part 1:" in theme.text
    assert "10 % from the left" in theme.text
    listed = world.browser.get(f"/projects/{world.project.id}/stories?theme={world.nights.id}")
    assert f"/stories/{world.story.id}" in listed.text
    commissioner = makers.viewer_of(session, world.ada)
    card = provocations.make(session, commissioner, world.project.id, provocations.ProvocationText("Who?"))
    assert [part.id for part in evidence.offer(session, commissioner, card.project_id, world.nights.id).parts] == [
        world.photo.id]
    board = makers.viewer_of(session, makers.make_person(session, world.project, Role.BOARD_MEMBER))
    photo = clearing.get_photo(session, board, world.photo.id, Audience.BOARD)
    assert [theme.name for theme in photo.themes] == ["Nights"]
    assert photo.taggings == ()


def test_a_theme_is_taken_off_one_part_and_stays_on_the_others(session: Session, world) -> None:
    for left in ("10", "40"):
        world.browser.post(world.page, data=LAMP | {"left": left, "theme": world.nights.id})
    taken = {"region": "100,205,305,250", "theme": world.nights.id}
    assert world.other.post(world.remove, data=taken).location == world.page
    assert _regions(session) == ["400,205,305,250"]
    assert world.other.post(world.remove, data=taken | {"region": "1,2,3"}).status_code == 422


def test_where_agreement_is_measured_nobody_takes_off_what_another_put(session: Session, world) -> None:
    world.browser.post(world.page, data={**LAMP, "theme": world.nights.id})
    world.project.measures_agreement = True
    session.commit()
    assert "No part of this photo has a theme yet" in world.other.get(world.page).text
    world.other.post(world.remove, data={"region": "100,205,305,250", "theme": world.nights.id})
    assert _regions(session) == ["100,205,305,250"]
    assert "Take it off" in world.browser.get(world.page).text


@pytest.mark.parametrize(("change", "field"), [
    ({"left": ""}, "left"), ({"left": "100"}, "left"), ({"width": "0"}, "width"), ({"height": "Infinity"}, "height"),
    ({"theme": ""}, "part-new-theme"), ({"theme": [], "new_theme": " "}, "part-new-theme")])
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(session: Session, world,
                                                                             change: dict[str, object],
                                                                             field: str) -> None:
    answer = world.browser.post(world.page, data={**LAMP, "theme": world.nights.id} | change)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert 'value="20.5"' in answer.text
    assert _regions(session) == []
    assert_sound(answer)


def test_a_photo_has_themes_on_so_many_parts_and_no_more(session: Session, world) -> None:
    for place in range(50):
        makers.tag(session, world.nights, world.ada, world.photo).region = f"{place},1,20,20"
        session.flush()
    session.commit()
    assert world.browser.post(world.page, data={**LAMP, "theme": world.nights.id}).status_code == 422
    known = {"left": "0", "top": "0.1", "width": "2", "height": "2", "theme": world.beds.id}
    assert world.browser.post(world.page, data=known).status_code == 303
    assert len(_regions(session)) == 51


def test_a_photo_with_a_covered_part_stays_covered_here_too(session: Session, world) -> None:
    world.browser.post(f"/photos/{world.photo.id}/covered", data=LAMP)
    assert world.browser.get(world.page).status_code == 404
    world.photo = session.merge(world.photo)
    page = world.browser.get(f"/stories/{world.story.id}")
    assert f"/photos/{world.photo.id}/clean-image" not in page.text


def test_only_whoever_puts_themes_on_things_gets_there(session: Session, world, sign_in_as) -> None:
    for role in set(Role) - {Role.COMMISSIONER}:
        browser = sign_in_as(makers.make_person(session, world.project, role))
        statuses = {browser.get(world.page).status_code,
                    browser.post(world.page, data={**LAMP, "theme": world.nights.id}).status_code,
                    browser.post(world.remove, data={"region": "x"}).status_code}
        assert statuses == {404}, role
