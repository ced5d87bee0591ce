"""The frame of every page: safe, named, and with the places a role may open."""

import re

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.pages.navigation import PLACES
from server.services import projects
from tests.makers import make_person, make_project
from tests.pages.page_checks import assert_sound

MARKUP = "\"><script>alert('1')</script>{{7*7}}"


@pytest.mark.parametrize("address", ["/sign-in", "/sign-in/link/any", "/receipt", "/receipt/ABC", "/nowhere",
                                     "/invitations/wrong"])
def test_pages_for_anybody_are_sound(client: FlaskClient, address: str) -> None:
    assert_sound(client.get(address))


@pytest.mark.parametrize(("role", "places"), [
    (Role.ADMINISTRATOR, ["Files", "Register", "Partners", "People", "Work", "Settings"]),
    (Role.RESEARCHER, ["Register", "Work"]),
    (Role.COMMISSIONER, ["Stories", "Search", "Themes", "Collections", "Voices", "Provocations", "Work"]),
    (Role.ANALYST, ["Search", "Themes", "Collections", "Voices", "Export", "Files"]),
    (Role.BOARD_MEMBER, ["Search", "Themes", "Collections", "Voices", "Provocations"]),
    (Role.CUSTODIAN, ["Register", "Partners"]),
])
def test_navigation_holds_what_the_role_may_open(app: Flask, session: Session, sign_in_as, role: Role,
                                                 places: list[str]) -> None:
    browser = sign_in_as(make_person(session, make_project(session), role))
    page = browser.get("/").get_data(as_text=True)
    assert [place.text for place in PLACES if f">{place.text}</a>" in page] == places


@pytest.mark.parametrize("role", list(Role))
def test_every_place_in_the_navigation_opens(session: Session, sign_in_as, role: Role) -> None:
    project = make_project(session)
    browser = sign_in_as(make_person(session, project, role))
    links = re.findall(rf'href="(/projects/{project.id}/[^"]*)"', browser.get("/").get_data(as_text=True))
    assert links
    for link in links:
        answer = browser.get(link)
        assert answer.status_code == 200, link
        assert_sound(answer)
        assert f'href="{link}" aria-current="true"' in answer.get_data(as_text=True)


def test_names_with_markup_are_shown_as_text(session: Session, sign_in_as) -> None:
    project = make_project(session, MARKUP)
    browser = sign_in_as(make_person(session, project, *Role, name=MARKUP))
    for address in ("/", "/account", f"/projects/{project.id}/people", f"/projects/{project.id}/settings",
                    f"/projects/{project.id}/invitations/new"):
        answer = browser.get(address)
        assert_sound(answer)
        page = answer.get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "{{7*7}}" in page


def test_words_given_to_a_component_are_escaped(app: Flask) -> None:
    template = """{% from "components/form.html" import text_field, error_summary %}
        {{ text_field("name", words, {"name": words}, value=words, hint=words) }}{{ error_summary({"name": words}) }}"""
    with app.test_request_context():
        html = render_template_string(template, words=MARKUP)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_an_unknown_address_says_so_and_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Check the address" in answer.get_data(as_text=True)


def test_a_page_still_comes_when_the_database_does_not_answer(session: Session, sign_in_as,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(session)
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))

    def broken(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(projects, "get_name", broken)
    answer = browser.get(f"/projects/{project.id}/people")
    assert answer.status_code == 503
    assert_sound(answer)
    assert "Nothing is lost" in answer.get_data(as_text=True)
    assert "gone" not in answer.get_data(as_text=True)


def test_a_notice_is_shown_once(session: Session, sign_in_as) -> None:
    project = make_project(session)
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    browser.post(f"/projects/{project.id}/settings/prompts", data={"prompts": "Who was there?", "version": "1"})
    settings = f"/projects/{project.id}/settings"
    assert "The questions are saved" in browser.get(settings).get_data(as_text=True)
    assert "The questions are saved" not in browser.get(settings).get_data(as_text=True)


def test_the_browser_cannot_choose_the_words_of_a_notice(client: FlaskClient) -> None:
    client.set_cookie("earshot_notice", "Send your password to us")
    assert "Send your password" not in client.get("/sign-in").get_data(as_text=True)
