"""Every address says who may call it, and an unsafe one refuses what another site could have sent (faults 43, 44)."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from server.auth import access_of, require_stated_access
from server.domain.access import Role
from server.domain.ids import new_id
from server.models.people import Person
from tests.conftest import Browser
from tests.makers import make_person, make_project

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def _address(rule: Rule) -> str:
    """An address that the rule matches, with ids that nothing has."""
    def filled(found: re.Match[str]) -> str:
        return new_id() if found[1].endswith("id") else "nothing"

    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", filled, rule.rule)


def _unsafe_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(set(UNSAFE) & (rule.methods or set())):
            yield rule, method


def test_every_address_states_its_access(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert access_of(app, rule.endpoint) is not None


def test_an_app_with_a_silent_view_does_not_start() -> None:
    app = Flask("silent")
    app.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(RuntimeError, match="silent"):
        require_stated_access(app)


def test_an_address_that_asks_for_a_permission_names_its_project(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint).permission is not None:
            assert "project_id" in rule.arguments, rule.rule


def test_every_id_in_an_address_is_read_in_one_way(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        read = set(re.findall(r"<(?:([^:<>]+):)?[^<>]*id>", rule.rule))
        assert read <= {"id"}, rule.rule


def test_what_another_site_sends_is_refused(app: Flask, session: Session,
                                            sign_in_as: Callable[..., Browser]) -> None:
    browser = sign_in_as(_person_with_every_role(session))
    for rule, method in _unsafe_rules(app):
        for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = browser.open(_address(rule), method=method, headers=headers)
            assert answer.status_code == 403, f"{method} {rule.rule} {headers}"


def test_a_signed_in_request_without_the_token_is_refused(app: Flask, session: Session,
                                                          sign_in_as: Callable[..., Browser]) -> None:
    browser = sign_in_as(_person_with_every_role(session))
    browser.csrf_token = ""
    for rule, method in _unsafe_rules(app):
        if access_of(app, rule.endpoint).needs_sign_in:
            assert browser.open(_address(rule), method=method).status_code == 403, f"{method} {rule.rule}"


def test_an_unknown_id_is_not_found_for_every_role(app: Flask, session: Session,
                                                   sign_in_as: Callable[..., Browser]) -> None:
    project = make_project(session)
    for role in Role:
        browser = sign_in_as(make_person(session, project, role))
        for rule in app.url_map.iter_rules():
            is_about_something = any(name.endswith("id") for name in rule.arguments)
            if "GET" in (rule.methods or ()) and is_about_something:
                assert browser.get(_address(rule)).status_code == 404, f"{role} {rule.rule}"


def _person_with_every_role(session: Session) -> Person:
    return make_person(session, make_project(session), *Role)
