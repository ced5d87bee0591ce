"""Another program acts for a person, with a key and nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth import COOKIE, access_of
from server.domain.ids import new_id
from server.models.people import AccessKey, Person
from server.services import access_keys, sign_in
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import make_person


class Program(Browser):
    """What sends a key as its only sign of who it is: no cookie, no token, and no origin."""

    key = ""

    def open(self, *args, **kwargs):
        headers = {"Authorization": f"Bearer {self.key}", **(kwargs.pop("headers", None) or {})}
        return super(Browser, self).open(*args, headers=headers, **kwargs)


@pytest.fixture
def program_of(app: Flask, session: Session) -> Callable[[Person], Program]:
    def made(person: Person) -> Program:
        program = Program(app, app.response_class)
        program.key = access_keys.make(session, sign_in.viewer_of(session, person), "Importer")[1]
        session.commit()
        return program

    return made


def test_a_key_alone_sends_and_fetches_as_its_person(place: Place, program_of) -> None:
    program = program_of(place.researcher)
    phone = Phone(program, place.project_id, place.wording_id)
    consent = phone.consent_body(new_id())
    sent = program.put(f"/api/v1/consents/{consent['id']}", json=consent)
    assert sent.status_code == 201, sent.text
    answer = program.get("/api/v1/session")
    assert answer.json["person"]["id"] == place.researcher.id
    assert answer.json["csrf_token"] is None
    assert "Set-Cookie" not in answer.headers


def test_a_key_gives_its_person_no_more_than_they_have(place: Place, session: Session, program_of) -> None:
    program = program_of(make_person(session))
    consent = Phone(program, place.project_id, place.wording_id).consent_body(new_id())
    assert program.put(f"/api/v1/consents/{consent['id']}", json=consent).status_code == 404


@pytest.mark.parametrize("sent", ["Bearer ear_nobody", "Bearer", "bearer  ", "Bearer a=b", "Bearer é"])
def test_a_bad_key_is_signed_out_even_beside_a_good_cookie(place: Place, sign_in_as, sent: str) -> None:
    browser = sign_in_as(place.researcher)
    for answer in (browser.get("/api/v1/session", headers={"Authorization": sent}),
                   browser.put(f"/api/v1/stories/{new_id()}", json={}, headers={"Authorization": sent})):
        assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_no_key_and_no_cookie_is_signed_out_and_says_what_to_bring(client: Browser) -> None:
    answer = client.get("/api/v1/session")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_beside_a_key_the_cookie_of_somebody_else_counts_for_nothing(place: Place, session: Session,
                                                                     program_of) -> None:
    program = program_of(place.researcher)
    program.set_cookie(COOKIE, sign_in.start(session, make_person(session, name="Lou")))
    session.commit()
    assert program.get("/api/v1/session").json["person"]["id"] == place.researcher.id


def test_a_key_opens_no_page(app: Flask, session: Session, program_of) -> None:
    """fault 44: neither an operator's pages nor anybody's, only the interface for programs."""
    operator = make_person(session)
    operator.is_operator = True
    program = program_of(operator)
    for rule in app.url_map.iter_rules():
        is_page = not rule.rule.startswith("/api/v1/") and access_of(app, rule.endpoint).needs_sign_in
        if is_page and "GET" in (rule.methods or ()) and not rule.arguments:
            answer = program.get(rule.rule)
            assert answer.status_code == 302, rule.rule
            assert answer.location.startswith("/sign-in"), rule.rule
    assert program.post("/projects", data={"name": "Mine"}, headers={"Origin": "http://localhost"}).status_code == 401


def test_with_a_cookie_the_token_is_still_asked_for(place: Place, sign_in_as) -> None:
    """fault 43"""
    browser = sign_in_as(place.researcher)
    browser.csrf_token = ""
    answer = browser.put(f"/api/v1/stories/{new_id()}", json={}, headers={"Authorization": "Basic YTpi"})
    assert answer.status_code == 403


def test_reading_with_a_key_notes_its_use(place: Place, session: Session, program_of) -> None:
    program = program_of(place.researcher)
    assert program.get("/api/v1/session").status_code == 200
    session.expire_all()
    first = session.query(AccessKey).one().last_used_at
    assert first is not None
    assert program.get("/api/v1/session").status_code == 200
    session.expire_all()
    assert session.query(AccessKey).one().last_used_at == first


def test_a_database_that_can_only_be_read_can_still_be_read_with_a_key(place: Place, session: Session,
                                                                       program_of) -> None:
    program = program_of(place.researcher)
    session.execute(text("PRAGMA query_only=ON"))
    session.commit()
    assert program.get("/api/v1/session").status_code == 200
