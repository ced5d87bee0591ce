"""What a phone asks before it collects, and whether it is our server that answers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from server.db import db
from server.domain.access import Role
from server.domain.consent import Use
from server.models.people import Membership, Person
from server.models.project import ConsentWording
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import NOON, make_person, make_project, make_story, new_id


def test_a_session_says_who_is_signed_in(phone: Phone, place: Place) -> None:
    answer = phone.browser.get("/api/v1/session")
    assert answer.json["person"]["name"] == "Sam Okoro"
    assert answer.json["csrf_token"] == phone.browser.csrf_token
    assert datetime.fromisoformat(answer.json["server_time"]).tzinfo
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_phone_gets_guide_wording_and_places_of_its_projects(phone: Phone, place: Place) -> None:
    phone.send_story(place="Harbour ward")
    [project] = phone.browser.get("/api/v1/projects").json["projects"]
    assert (project["id"], project["is_demo"]) == (place.project_id, False)
    assert [use["use"] for use in project["wording"]["uses"]] == [use.value for use in Use]
    assert [prompt["text"] for prompt in project["prompts"]] == ["What happened?", "What would have helped?"]
    assert project["places"] == ["Harbour ward"]


def test_where_others_collected_stories_is_not_told(phone: Phone, place: Place, session: Session) -> None:
    make_story(session, place.project, make_person(session, place.project, Role.RESEARCHER), place="Her kitchen")
    session.commit()
    assert phone.browser.get("/api/v1/projects").json["projects"][0]["places"] == []


def test_a_phone_gets_the_newest_wording(phone: Phone, place: Place, session: Session) -> None:
    newer = ConsentWording(id=new_id(), project_id=place.project_id, version=2, title="New", introduction="", uses=[],
                           published_at=NOON)
    session.add(newer)
    session.commit()
    [project] = phone.browser.get("/api/v1/projects").json["projects"]
    assert (project["wording"]["version"], project["wording"]["title"]) == (2, "New")


def test_only_projects_in_which_somebody_collects_are_listed(
    session: Session, place: Place, sign_in_as: Callable[[Person], Browser]
) -> None:
    """fault 44"""
    browsing = make_project(session, "Browsing only")
    session.add(Membership(person_id=place.researcher.id, project_id=browsing.id, role=Role.COMMISSIONER.value))
    session.commit()
    listed = sign_in_as(place.researcher).get("/api/v1/projects").json["projects"]
    assert [project["id"] for project in listed] == [place.project_id]


def test_our_server_says_that_it_is_there(client: Browser) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json.keys() == {"service", "status", "time", "database"}
    assert (answer.json["service"], answer.json["status"], answer.json["database"]) == ("earshot", "ok", "ok")


def test_without_its_database_the_server_says_so_in_the_same_shape(phone: Phone, client: Browser, app: Flask,
                                                                   tmp_path: Path) -> None:
    """fault 50"""
    db.session.remove()
    db.engine.dispose()
    (tmp_path / "earshot.sqlite3").rename(tmp_path / "gone")
    (tmp_path / "earshot.sqlite3").mkdir()
    for browser in (client, phone.browser):
        answer = browser.get("/healthz")
        assert answer.status_code == 503
        assert answer.json.keys() == {"service", "status", "time", "database"}
        assert (answer.json["service"], answer.json["status"]) == ("earshot", "unavailable")
    refused = phone.browser.get("/api/v1/session")
    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
