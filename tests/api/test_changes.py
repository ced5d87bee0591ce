"""The feed that phones live on, over HTTP."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.device import Device
from server.models.people import Membership, Person
from server.services import withdrawals
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import make_person, make_project, make_story, new_id, viewer_of


def told(phone: Phone, after: int = 0) -> dict[str, dict]:
    """What is told after a cursor, by kind; of each kind the last."""
    page = phone.browser.get(f"/api/v1/changes?after={after}").json
    return {change["kind"]: change[change["kind"]] for change in page["changes"]}


def test_a_phone_gets_guide_wording_codebook_and_places_of_its_project(phone: Phone, place: Place) -> None:
    phone.send_story(place="Harbour ward")
    found = told(phone)
    assert (found["project"]["id"], found["project"]["is_demo"]) == (place.project_id, False)
    assert found["project"]["places"] == ["Harbour ward"]
    assert [use["use"] for use in found["wording"]["uses"]] == [use.value for use in Use]
    assert [prompt["text"] for prompt in found["guide"]["prompts"]] == ["What happened?", "What would have helped?"]
    assert found["codebook"] == {"themes": []}


def test_where_others_collected_stories_is_not_told(phone: Phone, place: Place, session: Session) -> None:
    """fault 44"""
    make_story(session, place.project, make_person(session, place.project, Role.RESEARCHER), place="Her kitchen")
    session.commit()
    assert told(phone)["project"]["places"] == []


def test_only_projects_in_which_somebody_collects_are_told_of(
    session: Session, place: Place, sign_in_as: Callable[[Person], Browser]
) -> None:
    """fault 44"""
    browsing = make_project(session, "Browsing only")
    session.add(Membership(person_id=place.researcher.id, project_id=browsing.id, role=Role.COMMISSIONER.value))
    session.commit()
    page = sign_in_as(place.researcher).get("/api/v1/changes").json
    assert {change["project_id"] for change in page["changes"]} == {place.project_id}


def test_what_was_sent_comes_back_as_the_same_receipt(phone: Phone) -> None:
    cursor = phone.browser.get("/api/v1/changes").json["next"]
    story_id = phone.send_story()
    page = phone.browser.get(f"/api/v1/changes?after={cursor}&limit=10").json
    assert [change["receipt"]["kind"] for change in page["changes"]] == ["consent", "story"]
    assert page["changes"][1]["receipt"] == phone.receipt(story_id).json
    assert phone.browser.get(f"/api/v1/changes?after={page['next']}").json == {
        "changes": [], "next": page["next"], "more": False}


def test_what_phones_with_wrong_clocks_send_is_told_in_the_order_in_which_it_came(phone: Phone) -> None:
    """fault 31"""
    cursor = phone.browser.get("/api/v1/changes").json["next"]
    sent = []
    for clock in ("2031-01-01T12:00:00Z", "1999-01-01T12:00:00Z", "2026-05-04T12:00:00Z"):
        body = phone.consent_body(new_id(), given_at=clock)
        sent.append(body["id"])
        assert phone.put("consents", body, Device_Time=clock).status_code == 201
    told_of = phone.browser.get(f"/api/v1/changes?after={cursor}").json["changes"]
    assert [change["id"] for change in told_of] == sent


def test_a_withdrawn_story_that_an_old_phone_sends_again_is_refused_and_told_of(
    phone: Phone, place: Place, session: Session
) -> None:
    """fault 26"""
    story_id = phone.send_story()
    cursor = phone.browser.get("/api/v1/changes").json["next"]
    withdrawals.withdraw(session, viewer_of(session, place.researcher), story_id)
    session.commit()
    again = phone.put("stories", phone.story_body(story_id))
    assert (again.status_code, again.json["code"]) == (410, "withdrawn")
    told_of = phone.browser.get(f"/api/v1/changes?after={cursor}").json["changes"]
    assert [change["id"] for change in told_of if change["kind"] == "tombstone"] == [story_id]


def test_a_server_that_went_back_in_time_says_so_and_begins_again(phone: Phone) -> None:
    """fault 28"""
    whole = phone.browser.get("/api/v1/changes").json
    later = phone.browser.get(f"/api/v1/changes?after={whole['next'] + 1000}").json
    assert later == whole | {"reset": True}


@pytest.mark.parametrize("cursor", ["-1", "1.5", "soon", "", " 1", "١", "9" * 30, "9007199254740992", "1e3"])
def test_a_cursor_that_is_no_number_is_refused(phone: Phone, cursor: str) -> None:
    answer = phone.browser.get("/api/v1/changes", query_string={"after": cursor})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["after"])


@pytest.mark.parametrize("limit", ["0", "501", "-1", "all", ""])
def test_a_page_is_of_a_size_that_the_server_can_bear(phone: Phone, limit: str) -> None:
    answer = phone.browser.get("/api/v1/changes", query_string={"limit": limit})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["limit"])


def test_nobody_is_told_anything_before_they_sign_in(client: Browser) -> None:
    assert client.get("/api/v1/changes").status_code == 401


def test_what_a_phone_asks_after_it_has_acted_on(phone: Phone, session: Session, other_phone: Phone) -> None:
    """A withdrawal's checklist waits for phones to say so."""
    device_id, report = new_id(), {"label": "", "app_version": "", "unsent": 0, "unsent_bytes": 0,
                                   "oldest_unsent_at": None}
    assert phone.put("devices", report | {"id": device_id}).status_code == 200
    phone.send_story()
    newest = phone.browser.get("/api/v1/changes").json["next"]

    def said_to_have_read(asker: Phone, after: int) -> int:
        asker.browser.get(f"/api/v1/changes?after={after}", headers={"Device-Id": device_id})
        session.expire_all()
        found = session.get_one(Device, device_id).read_up_to
        session.rollback()
        return found

    assert said_to_have_read(phone, newest - 1) == newest - 1
    assert said_to_have_read(phone, 0) == newest - 1, "it begins again, and has acted all the same"
    assert said_to_have_read(other_phone, newest) == newest - 1, "it is not theirs"
    assert said_to_have_read(phone, newest + 99) == newest - 1, "nothing has come so far"
    assert said_to_have_read(phone, newest) == newest
