"""Every address says who may call it, and an unsafe one refuses what another site could have sent (faults 43, 44)."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from server.auth import COOKIE, access_of, require_stated_access
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


FROM_ELSEWHERE = (
    {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://localhost:81"}, {"Origin": ""}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


def test_what_another_site_sends_is_refused(app: Flask, session: Session,
                                            sign_in_as: Callable[..., Browser]) -> None:
    """fault 43"""
    for browser in (sign_in_as(_person_with_every_role(session)), app.test_client()):
        for rule, method in _unsafe_rules(app):
            for headers in FROM_ELSEWHERE:
                answer = browser.open(_address(rule), method=method, headers=headers)
                assert answer.status_code == 403, f"{method} {rule.rule} {headers}"


def test_a_cookie_that_comes_from_nowhere_is_refused(app: Flask, session: Session,
                                                     sign_in_as: Callable[..., Browser]) -> None:
    """fault 43: also with the right token, as long as nothing says which page sent it."""
    signed_in = sign_in_as(_person_with_every_role(session))
    silent = app.test_client(use_cookies=False)
    carried = {"Cookie": f"{COOKIE}={signed_in.get_cookie(COOKIE).value}", "X-CSRF-Token": signed_in.csrf_token}
    for rule, method in _unsafe_rules(app):
        answer = super(Browser, silent).open(_address(rule), method=method, headers=carried)
        assert answer.status_code == 403, f"{method} {rule.rule}"


def test_a_form_that_comes_from_nowhere_is_refused_where_nobody_signs_in(app: Flask) -> None:
    """fault 43"""
    silent = app.test_client(use_cookies=False)
    for rule, method in _unsafe_rules(app):
        if not access_of(app, rule.endpoint).needs_sign_in:
            answer = super(Browser, silent).open(_address(rule), method=method)
            assert answer.status_code == 403, f"{method} {rule.rule}"


EMBEDDED = (
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "audio"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"},
    {"Sec-Fetch-Site": "cross-site"},
)
FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def test_no_other_site_shows_our_pages_as_part_of_its_own(app: Flask, session: Session,
                                                          sign_in_as: Callable[..., Browser]) -> None:
    """fault 43"""
    browser = sign_in_as(_person_with_every_role(session))
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and access_of(app, rule.endpoint).needs_sign_in:
            refused = EMBEDDED + ((FOLLOWED,) if rule.endpoint.startswith("media.") else ())
            for headers in refused:
                answer = browser.get(_address(rule), headers=headers)
                assert answer.status_code == 403, f"{rule.rule} {headers}"
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_link_from_elsewhere_can_be_followed(session: Session, sign_in_as: Callable[..., Browser]) -> None:
    browser = sign_in_as(_person_with_every_role(session))
    for address in ("/", "/account"):
        assert browser.get(address, headers=FOLLOWED).status_code == 200


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
