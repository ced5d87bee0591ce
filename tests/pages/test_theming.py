"""Passages and themes on a story's page: who put what, whose are shown, and what a page is told of others."""

from html import unescape
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.theme import Excerpt, Tagging
from server.services import withdrawals
from tests import makers
from tests.pages.page_checks import assert_sound

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(session: Session, sign_in_as) -> SimpleNamespace:
    """We waited all night for a bed. Mo says that three of the words are about waiting, Ada that two are of nights."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    mo, ada = (makers.make_person(session, project, Role.COMMISSIONER, name=name) for name in ("Mo", "Ada"))
    story = makers.make_story(session, project, researcher)
    recording = makers.add_recording(session, story)
    waiting, nights = (makers.make_theme(session, project, name) for name in ("Waiting", "Nights"))
    long = makers.add_excerpt(session, recording, mo, "waited all night", start_ms=500)
    short = makers.add_excerpt(session, recording, ada, "all night", start_ms=1000)
    makers.tag(session, waiting, mo, long)
    makers.tag(session, nights, ada, short)
    session.commit()
    return SimpleNamespace(project=project, story=story, recording=recording, waiting=waiting, nights=nights, mo=mo,
                           ada=ada, long=long, short=short, browser=sign_in_as(mo), researcher=researcher,
                           page=f"/stories/{story.id}", address=f"/stories/{story.id}/theming")


def test_overlapping_excerpts_have_lines_of_their_own_and_are_named_with_who_says_so(world) -> None:
    page = world.browser.get(world.page)
    assert_sound(page)
    word = ('<span class="word" data-start="1000" data-end="1450"><span class="lane lane--1"><span class="lane lane--0'
            ' lane--on">all</span></span></span>')
    assert word in page.text
    assert '<bdi>Waiting</bdi> <span class="passage__by"><bdi>you</bdi></span>' in page.text
    assert '<bdi>Nights</bdi> <span class="passage__by"><bdi>Ada</bdi></span>' in page.text


@pytest.mark.parametrize(("by", "shown", "hidden"), [("mo", "long", "short"), ("ada", "short", "long")])
def test_the_address_says_whose_themes_are_shown(world, by: str, shown: str, hidden: str) -> None:
    person = getattr(world, by).id
    page = world.browser.get(f"{world.page}?by={person}").text
    assert f'id="passage-{getattr(world, shown).id}"' in page
    assert f'id="passage-{getattr(world, hidden).id}"' not in page
    assert f'href="?by={person}" aria-current="true"' in page


def test_where_agreement_is_measured_each_begins_with_their_own(session: Session, world) -> None:
    world.project.measures_agreement = True
    session.commit()
    page = world.browser.get(world.page).text
    assert f'id="passage-{world.long.id}"' in page
    assert f'id="passage-{world.short.id}"' not in page
    assert f'id="passage-{world.short.id}"' in world.browser.get(f"{world.page}?by=everybody").text
    assert f'id="passage-{world.short.id}"' not in world.browser.get(world.address).text


def test_a_page_is_told_only_what_has_changed(session: Session, world) -> None:
    first = world.browser.get(world.address)
    again = world.browser.get(world.address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    makers.tag(session, world.nights, world.ada, world.long)
    session.commit()
    changed = world.browser.get(world.address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert '<span class="passage__by"><bdi>Ada</bdi> and <bdi>you</bdi></span>' in changed.text
    page, told = (answer.text[answer.text.index(f'id="passage-{world.long.id}"'):]
                  for answer in (world.browser.get(world.page), changed))
    assert page[:1500] == told[:1500]  # the same, so that nothing else moves


def test_what_is_gone_is_not_found_by_a_page_that_still_shows_it(session: Session, world) -> None:
    stamp = world.browser.get(world.address).headers["ETag"]
    withdrawals.withdraw(session, makers.viewer_of(session, world.researcher), world.story.id)
    session.commit()
    assert world.browser.get(world.address, headers={"If-None-Match": stamp}).status_code == 404


def test_an_excerpt_is_made_and_taken_off_again_without_loading_the_page(session: Session, world) -> None:
    sent = {"recording_id": world.recording.id, "start_ms": "2500", "end_ms": "2900", "theme": world.nights.id}
    answer = world.browser.post(f"/stories/{world.story.id}/excerpts", data=sent, headers=JSON)
    made = answer.json["made"]
    assert f'id="passage-{made}"' in unescape(answer.json["html"])
    assert world.browser.get(world.address, headers={"If-None-Match": f'"{answer.json["stamp"]}"'}).status_code == 304
    undone = world.browser.post(f"/excerpts/{made}/take-back", data={"theme": world.nights.id, "made": "1"},
                                headers=JSON)
    assert f'id="passage-{made}"' not in undone.json["html"]
    assert session.get(Excerpt, made) is None


def test_a_theme_is_put_where_the_passage_stands_and_a_refusal_comes_in_words(session: Session, world) -> None:
    address = f"/excerpts/{world.long.id}/themes"
    assert world.browser.post(address, data={"new_theme": "Beds"}, headers=JSON).status_code == 200
    assert world.browser.post(address, data={"seen": world.waiting.id}, headers=JSON).status_code == 200
    refused = world.browser.post(address, data={"new_theme": "x" * 81}, headers=JSON)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert "shorter" in refused.json["message"]
    [left] = session.query(Tagging).filter_by(excerpt_id=world.long.id)
    assert left.theme_id not in (world.waiting.id, world.nights.id)


def test_the_form_says_what_it_showed_so_that_nothing_of_others_is_taken_off(session: Session, world) -> None:
    """fault 25"""
    address = f"/excerpts/{world.long.id}/themes"
    form = world.browser.get(address)
    assert_sound(form)
    assert f'<input type="hidden" name="seen" value="{world.waiting.id}">' in form.text
    makers.tag(session, world.nights, world.ada, world.long)
    session.commit()
    world.browser.post(address, data={"seen": [world.waiting.id], "theme": []})
    assert [row.theme_id for row in session.query(Tagging).filter_by(excerpt_id=world.long.id)] == [world.nights.id]


def test_a_theme_that_was_retired_stays_where_it_is_until_somebody_takes_it_off(session: Session, world) -> None:
    world.waiting.retired_at = makers.NOON
    session.commit()
    address, both = f"/excerpts/{world.long.id}/themes", [world.waiting.id, world.nights.id]
    form = world.browser.get(address).text
    assert "<bdi>Waiting</bdi> (retired)" in form
    world.browser.post(address, data={"seen": both[:1], "theme": both})
    assert {row.theme_id for row in session.query(Tagging).filter_by(excerpt_id=world.long.id)} == set(both)
    world.browser.post(address, data={"seen": both, "theme": both[1:]})
    assert {row.theme_id for row in session.query(Tagging).filter_by(excerpt_id=world.long.id)} == {world.nights.id}
