"""Making, reading, ordering and sharing a collection with plain forms, each as somebody may."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.collection import Collection, CollectionItem
from tests import makers
from tests.pages.looking import looked_in


@pytest.fixture
def place(session: Session, sign_in_as) -> SimpleNamespace:
    project = makers.make_project(session)
    people = {role: makers.make_person(session, project, role, name=role.value) for role in Role}
    researcher = people[Role.RESEARCHER]
    for _ in range(5):
        makers.make_story(session, project, researcher)
    story = makers.make_story(session, project, researcher)
    quotes = [makers.add_quote(session, story, text) for text in ("we waited", "nobody told us")]
    private = makers.make_story(session, project, researcher, uses={Use.COMMISSIONERS})
    quotes.append(makers.add_quote(session, private, "for commissioners alone"))
    session.commit()
    return SimpleNamespace(project=project, people=people, story=story, quotes=quotes, session=session,
                           browsers={role: sign_in_as(person) for role, person in people.items()})


def put(place: SimpleNamespace, part: object, kind: str = "quote", **more: str) -> str:
    """Put something into the newest set, or a new one; where it leads."""
    browser = place.browsers[Role.COMMISSIONER]
    made = place.session.scalar(select(Collection.id).order_by(Collection.id.desc()))
    chosen = {"collection": made} if made else {"new_name": "For June"}
    answer = browser.post(f"/projects/{place.project.id}/collections/add",
                          data={"kind": kind, "part": part.id, **chosen, **more})
    assert answer.status_code == 303
    place.session.expire_all()
    return answer.location


@pytest.fixture
def address(place) -> str:
    for quote in place.quotes:
        found = put(place, quote)
    return found


def share(place: SimpleNamespace, address: str, *roles: Role, **more: list[str]) -> object:
    return place.browsers[Role.COMMISSIONER].post(f"{address}/share", data={
        "person": [place.people[role].id for role in roles], **more})


def test_a_board_member_reads_what_is_cleared_for_them_and_nothing_tells_of_more(place, address: str) -> None:
    assert share(place, address, Role.BOARD_MEMBER).status_code == 303
    board = place.browsers[Role.BOARD_MEMBER]
    assert "For June" in board.get(f"/projects/{place.project.id}/collections").text
    page = board.get(address).text
    assert "we waited" in page
    assert "2 things" in page
    assert "commissioners alone" not in page
    assert "3 things" in place.browsers[Role.COMMISSIONER].get(address).text
    for change in ("text", "share", "delete"):
        assert board.get(f"{address}/{change}").status_code == 404
    assert board.post(f"{address}/leave").status_code == 303
    assert board.get(address).status_code == 404


def test_things_move_up_and_down_and_out_with_buttons(place, address: str) -> None:
    browser = place.browsers[Role.COMMISSIONER]
    items = list(place.session.scalars(select(CollectionItem.id).order_by(CollectionItem.position)))
    assert browser.get(f"{address}?arrange=1").text.count("Move up") == 2
    browser.post(f"{address}/items/{items[2]}/move", data={"way": "up"})
    browser.post(f"{address}/items/{items[0]}/remove", data={})
    place.session.expire_all()
    left = place.session.scalars(select(CollectionItem.id).order_by(CollectionItem.position))
    assert list(left) == [items[2], items[1]]
    assert browser.post(f"{address}/items/{items[1]}/move", data={"way": "sideways"}).status_code == 422


def test_a_whole_story_can_be_in_it_and_leads_there_for_those_who_read_stories(place, address: str) -> None:
    put(place, place.story, "story")
    assert f'href="/stories/{place.story.id}"' in place.browsers[Role.COMMISSIONER].get(address).text
    share(place, address, Role.BOARD_MEMBER)
    assert f'href="/stories/{place.story.id}"' not in place.browsers[Role.BOARD_MEMBER].get(address).text


def test_what_could_point_at_one_family_is_looked_at_before_a_board_is_shown_it(place, address: str) -> None:
    odd = makers.add_quote(place.session, makers.make_story(
        place.session, place.project, place.people[Role.RESEARCHER], place="Mossley"), "It was cold.")
    place.session.commit()
    put(place, odd)
    asked = share(place, address, Role.BOARD_MEMBER)
    assert asked.status_code == 200
    assert "the place Mossley" in asked.text
    assert place.browsers[Role.BOARD_MEMBER].get(address).status_code == 404
    assert share(place, address, Role.BOARD_MEMBER, looked=looked_in(asked.text)).status_code == 303
    assert "It was cold." in place.browsers[Role.BOARD_MEMBER].get(address).text
    assert share(place, address, Role.BOARD_MEMBER, Role.COMMISSIONER).status_code == 404, "its maker is no reader"


def test_a_search_is_kept_with_its_filter_and_says_what_it_looks_for(place) -> None:
    browser, new = place.browsers[Role.ANALYST], f"/projects/{place.project.id}/collections/new"
    page = browser.get(f"{new}?q=waited&place=Northgate&has=quote&nonsense=1").text
    assert "Keep this search" in page
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    made = browser.post(new, data={**kept, "name": "Waiting"}).location
    page = browser.get(made).text
    assert "Northgate" in page
    assert f"/projects/{place.project.id}/search?q=waited&amp;place=Northgate&amp;has=quote" in page


def test_what_a_filter_found_can_be_kept(place) -> None:
    browser, stories = place.browsers[Role.COMMISSIONER], f"/projects/{place.project.id}/stories"
    assert "Keep this search" in browser.get(f"{stories}?place=Northgate").text
    assert "Keep this search" not in browser.get(f"{stories}?place=Nowhere").text
    assert "Keep this search" not in browser.get(stories).text


def test_a_name_is_needed_and_what_was_typed_stays(place) -> None:
    browser, new = place.browsers[Role.COMMISSIONER], f"/projects/{place.project.id}/collections/new"
    answer = browser.post(new, data={"name": "", "description": "What it is for, at length"})
    assert answer.status_code == 422
    assert "What it is for, at length" in answer.text
    assert browser.post(new, data={"name": "x" * 301}).status_code == 422
    assert browser.post(new, data={"name": "x" * 300}).status_code == 303


def test_two_who_change_its_name_see_both(place, address: str) -> None:
    browser = place.browsers[Role.COMMISSIONER]
    assert browser.post(f"{address}/text", data={"name": "For July", "version": "1"}).status_code == 303
    answer = browser.post(f"{address}/text", data={"name": "For August", "version": "1"})
    assert answer.status_code == 412
    assert "For July" in answer.text
    assert "For August" in answer.text


def test_it_is_deleted_after_a_question(place, address: str) -> None:
    browser = place.browsers[Role.COMMISSIONER]
    assert "Delete this collection?" in browser.get(f"{address}/delete").text
    assert browser.post(f"{address}/delete").status_code == 303
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_who_sees_no_collections_sees_none(place, address: str, role: Role) -> None:
    assert place.browsers[role].get(f"/projects/{place.project.id}/collections").status_code == 404
    assert place.browsers[role].get(address).status_code == 404
    assert share(place, address, role).status_code == 404
