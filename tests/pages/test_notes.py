"""Notes of the team on pages: written, changed, deleted after a question, and read by commissioners alone."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.note import Note
from server.services import provocations
from tests import makers
from tests.makers_of_collections import make_collection, share_with
from tests.pages.page_checks import assert_sound

HERON = "The heron again: ask her sister."


@pytest.fixture
def world(session: Session, sign_in_as):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        ada = makers.make_person(session, project, Role.COMMISSIONER, name="Ada")
        ben = makers.make_person(session, project, Role.COMMISSIONER, name="Ben")
        story = makers.make_story(session, project, researcher)
        recording = makers.add_recording(session, story)
        excerpt = makers.add_excerpt(session, recording, researcher)
        quote = makers.add_quote(session, story)
        photo = makers.add_photo(session, story)
        theme = makers.make_theme(session, project)

    world = World()
    collection = make_collection(session, world.project, world.ada, "For June", world.quote)
    share_with(session, collection, world.ben)
    at_collection = f"/collections/{collection.id}"
    world.provocation = provocations.make(session, makers.viewer_of(session, world.ada), world.project.id,
                                          provocations.ProvocationText("Who waits?"))
    session.commit()
    world.browser, world.other = sign_in_as(world.ada), sign_in_as(world.ben)
    world.story_page = f"/stories/{world.story.id}"
    world.places = {
        f"/stories/{world.story.id}/notes": world.story_page, f"/excerpts/{world.excerpt.id}/notes":
        f"/excerpts/{world.excerpt.id}", f"/quotes/{world.quote.id}/notes": world.story_page,
        f"/photos/{world.photo.id}/notes": world.story_page, f"/themes/{world.theme.id}/notes":
        f"/themes/{world.theme.id}", f"/provocations/{world.provocation.id}/notes":
        f"/provocations/{world.provocation.id}", f"{at_collection}/notes": at_collection}
    return world


def _note(session: Session) -> Note:
    session.expire_all()
    return session.scalars(select(Note)).one()


def test_a_note_is_put_on_anything_and_stands_beside_it_with_who_and_when(session: Session, world) -> None:
    for number, (address, page) in enumerate(world.places.items()):
        answer = world.browser.post(address, data={"text": f"{HERON} {number}"})
        assert answer.status_code == 303
        assert answer.location.startswith(page)
        shown = world.other.get(page)
        assert f"{HERON} {number}" in shown.text
        assert "Ada" in shown.text
        assert_sound(shown)
        assert_sound(world.other.get(address))
    listed = world.other.get(f"/projects/{world.project.id}/notes")
    assert re.findall(rf"{HERON} (\d)", listed.text) == ["6", "5", "4", "3", "2", "1", "0"]
    assert_sound(listed)
    assert f"/projects/{world.project.id}/notes" in world.other.get(f"/projects/{world.project.id}/stories").text


def test_an_empty_note_comes_back_with_what_to_do(session: Session, world) -> None:
    for address in world.places:
        answer = world.browser.post(address, data={"text": " \n "})
        assert answer.status_code == 422
        assert "Write something first." in answer.text
        assert_sound(answer)
    assert session.scalars(select(Note)).all() == []


def test_two_windows_that_change_one_note_both_keep_their_words(session: Session, world) -> None:
    world.browser.post(f"/quotes/{world.quote.id}/notes", data={"text": HERON})
    address = f"/notes/{_note(session).id}/change"
    assert_sound(world.browser.get(address))
    assert world.browser.post(address, data={"text": "First", "version": "1"}).status_code == 303
    both = world.browser.post(address, data={"text": "Second", "version": "1"})
    assert both.status_code == 412
    assert "First" in both.text
    assert "Second" in both.text
    assert _note(session).text == "First"
    assert world.browser.post(address, data={"text": "Both", "version": "2"}).status_code == 303
    assert "changed" in world.browser.get(world.story_page).text
    empty = world.browser.post(address, data={"text": "", "version": "3"})
    assert empty.status_code == 422
    assert_sound(empty)


def test_only_who_wrote_a_note_changes_it_and_anybody_of_the_team_deletes_it_after_a_question(
        session: Session, world) -> None:
    world.browser.post(f"/stories/{world.story.id}/notes", data={"text": HERON})
    note_id = _note(session).id
    assert world.other.get(f"/notes/{note_id}/change").status_code == 404
    assert world.other.post(f"/notes/{note_id}/change", data={"text": "x", "version": "1"}).status_code == 404
    asked = world.other.get(f"/notes/{note_id}/delete")
    assert HERON in asked.text
    assert_sound(asked)
    assert _note(session).text == HERON
    assert world.other.post(f"/notes/{note_id}/delete").status_code == 303
    assert session.scalars(select(Note)).all() == []
    assert world.other.post(f"/notes/{note_id}/delete").status_code == 404


def test_nobody_but_commissioners_reads_or_writes_a_note(session: Session, world, sign_in_as) -> None:
    for address in world.places:
        world.browser.post(address, data={"text": HERON})
    provocations.add_evidence(session, makers.viewer_of(session, world.ada), world.provocation.id, "quote",
                              world.quote.id)
    provocations.publish(session, makers.viewer_of(session, world.ada), world.provocation.id)
    makers.tag(session, world.theme, world.ada, world.quote)
    session.commit()
    note_ids = session.scalars(select(Note.id)).all()
    everywhere = {*world.places, *world.places.values(), f"/projects/{world.project.id}/notes",
                  *(f"/notes/{note_id}/{what}" for note_id in note_ids for what in ("change", "delete"))}
    for role in set(Role) - {Role.COMMISSIONER}:
        browser = sign_in_as(makers.make_person(session, world.project, role))
        assert not [address for address in everywhere if HERON in browser.get(address).text], role
        assert {browser.post(address, data={"text": "x"}).status_code for address in world.places} == {404}, role


def test_the_list_can_be_of_one_person_and_is_turned_page_by_page(session: Session, world) -> None:
    world.other.post(f"/quotes/{world.quote.id}/notes", data={"text": "Of Ben alone"})
    for number in range(22):
        world.browser.post(f"/themes/{world.theme.id}/notes", data={"text": f"Of Ada, {number}."})
    address = f"/projects/{world.project.id}/notes"
    assert "Of Ben alone" not in world.browser.get(address).text
    older = re.findall(r'href="([^"]+older=[^"]+)"', world.browser.get(address).text)[0].replace("&amp;", "&")
    assert "Of Ben alone" in world.browser.get(older).text
    of_ben = world.browser.get(f"{address}?by={world.ben.id}")
    assert "Of Ben alone" in of_ben.text
    assert "Of Ada" not in of_ben.text
    nobody = world.browser.get(f"{address}?by={world.researcher.id}")
    assert "Nothing from this person" in nobody.text
    assert_sound(nobody)
