"""The register: who sees which stories in it, a page at a time, and how one is found."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.errors import NotFound
from server.services import register
from server.services.turning import ON_A_PAGE
from tests import makers


@pytest.fixture
def administrator(session: Session, world):
    return makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))


@pytest.fixture
def researcher(session: Session, world):
    return makers.viewer_of(session, world.researcher)


def test_researchers_see_their_own_and_administrators_all(session: Session, world, administrator, researcher) -> None:
    mine = makers.make_story(session, world.project, world.researcher)
    for add in (makers.add_quote, makers.add_photo, makers.add_recording):
        add(session, mine)
    colleague = makers.make_person(session, world.project, Role.RESEARCHER, name="Jo Bright")
    theirs = makers.make_story(session, world.project, colleague, pseudonym="Bea")
    listed = register.get_page(session, researcher, world.project.id, Turn()).entries
    assert [entry.story_id for entry in listed] == [mine.id]
    assert (listed[0].recordings, listed[0].photos, listed[0].quotes) == (1, 1, 1)
    everything = register.get_page(session, administrator, world.project.id, Turn()).entries
    assert {(entry.story_id, entry.researcher_name) for entry in everything} == {
        (mine.id, "Sam Okoro"), (theirs.id, "Jo Bright")}


def test_it_is_closed_to_everybody_else(session: Session, world) -> None:
    story = makers.make_story(session, world.project, world.researcher)
    for viewer in (world.commissioner, world.analyst, world.board_member):
        with pytest.raises(NotFound):
            register.get_page(session, viewer, world.project.id, Turn())
        with pytest.raises(NotFound):
            register.get_entry(session, viewer, world.project.id, story.id)


def test_one_entry_is_found_by_whoever_may_withdraw_it(session: Session, world, administrator, researcher) -> None:
    colleague = makers.make_person(session, world.project, Role.RESEARCHER)
    theirs = makers.make_story(session, world.project, colleague, pseudonym="Bea")
    assert register.get_entry(session, administrator, world.project.id, theirs.id).pseudonym == "Bea"
    with pytest.raises(NotFound):
        register.get_entry(session, researcher, world.project.id, theirs.id)
    elsewhere = makers.make_project(session, "Another project")
    with pytest.raises(NotFound):
        register.get_entry(session, administrator, elsewhere.id, theirs.id)


@pytest.mark.parametrize(("search", "found"), [
    ("amal", ["Amal"]), ("har", ["Bea", "Harriet"]), ("100%", ["100% sure"]), ("%", ["100% sure"]), ("_", []),
    ("nobody", []),
])
def test_a_story_is_found_by_a_part_of_its_name_or_place(session: Session, world, administrator, search: str,
                                                         found: list[str]) -> None:
    for name, place in (("Amal", "Northgate"), ("Bea", "Harbour"), ("Harriet", ""), ("100% sure", "Quay")):
        makers.make_story(session, world.project, world.researcher, pseudonym=name, place=place)
    page = register.get_page(session, administrator, world.project.id, Turn(), search)
    assert sorted(entry.pseudonym for entry in page.entries) == sorted(found)
    assert page.count == len(found)


def test_a_story_is_found_by_the_name_of_anybody_who_told_it_and_once(session: Session, world, administrator,
                                                                      researcher) -> None:
    story = makers.make_story(session, world.project, world.researcher, pseudonym="Tuesday carers")
    for name in ("Rose", "Rosalind", "Ali"):
        makers.add_participant(session, story, name)
    other = makers.make_story(session, world.project, world.researcher, pseudonym="Wednesday carers")
    makers.add_participant(session, other, "Sam")
    for viewer in (administrator, researcher):
        for search in ("ros", "ALI", "tuesday"):
            page = register.get_page(session, viewer, world.project.id, Turn(), search)
            assert ([entry.story_id for entry in page.entries], page.count) == ([story.id], 1)
    colleague = makers.viewer_of(session, makers.make_person(session, world.project, Role.RESEARCHER))
    assert register.get_page(session, colleague, world.project.id, Turn(), "ros").count == 0
    assert register.get_page(session, administrator, world.project.id, Turn(), "_").count == 0


def test_it_is_read_a_page_at_a_time(session: Session, world, administrator) -> None:
    for number in range(ON_A_PAGE + 3):
        makers.make_story(session, world.project, world.researcher, told_at=makers.NOON + timedelta(hours=number))
    first = register.get_page(session, administrator, world.project.id, Turn())
    assert (len(first.entries), first.newer, first.count) == (ON_A_PAGE, None, ON_A_PAGE + 3)
    second = register.get_page(session, administrator, world.project.id, Turn(first.older))
    assert (len(second.entries), second.older) == (3, None)
    assert not {entry.story_id for entry in first.entries} & {entry.story_id for entry in second.entries}
