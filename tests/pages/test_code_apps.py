"""Codes from an app: turning them on, signing in with them, and turning them off."""

import logging
import re
from datetime import UTC, datetime

import pyotp
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.models.people import Person
from server.models.second_step import CodeApp, SignInChallenge
from server.pages.entering import STEP_COOKIE
from server.services import code_apps, sign_in
from tests.conftest import Browser
from tests.makers import viewer_of
from tests.pages.page_checks import assert_sound
from tests.signing_in import PASSWORD


def _code(session: Session, person: Person, steps: int = 0) -> str:
    session.expire_all()
    return pyotp.TOTP(session.get_one(CodeApp, person.id).secret).at(datetime.now(UTC), counter_offset=steps)


@pytest.fixture
def recovery_codes(session: Session, person: Person) -> list[str]:
    """Codes are on for the person; these are their recovery codes."""
    viewer = viewer_of(session, person)
    code_apps.begin(session, viewer)
    codes = code_apps.confirm(session, viewer, _code(session, person, -1))
    session.commit()
    return codes


def _password(client: Browser, person: Person, **more: str):
    return client.post("/sign-in", data={"email": person.email, "password": PASSWORD, **more})


def test_turning_codes_on_shows_the_secret_and_then_the_recovery_codes(session: Session, sign_in_as,
                                                                       person: Person) -> None:
    browser = sign_in_as(person)
    begun = browser.post("/account/code-app")
    assert begun.status_code == 303
    shown = browser.get(begun.location)
    assert_sound(shown)
    assert session.get_one(CodeApp, person.id).secret in shown.text.replace(" ", "")
    assert 'aria-label="QR code for the app"' in shown.text
    wrong = browser.post("/account/code-app/confirm", data={"code": "wrong"})
    assert wrong.status_code == 422
    assert_sound(wrong)
    right = browser.post("/account/code-app/confirm", data={"code": _code(session, person)})
    assert_sound(right)
    assert len(re.findall(r"<li><code>[\w-]{19}</code></li>", right.text)) == 10
    assert browser.get("/account/code-app").status_code == 404
    account = browser.get("/account")
    assert_sound(account)
    assert "10 recovery codes" in account.text


def test_the_password_alone_does_not_sign_in(client: Browser, person: Person, recovery_codes: list[str]) -> None:
    """fault 46"""
    answer = _password(client, person, next="/account?a=1")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in/code")
    assert client.get_cookie(COOKIE) is None
    assert client.get("/account").status_code == 302


def test_the_code_leads_to_the_page_that_was_asked_for(client: Browser, session: Session, person: Person,
                                                       recovery_codes: list[str]) -> None:
    asked = client.get(_password(client, person, next="/account?a=1").location)
    assert_sound(asked)
    assert 'name="next" value="/account?a=1"' in asked.text
    entered = client.post("/sign-in/code", data={"code": _code(session, person), "next": "/account?a=1"})
    assert (entered.status_code, entered.location) == (303, "/account?a=1")
    assert "Ada Lind" in client.get("/account").text
    assert client.get_cookie(STEP_COOKIE) is None


def test_a_code_that_was_overheard_does_not_sign_in_again(app: Flask, session: Session, person: Person,
                                                          recovery_codes: list[str]) -> None:
    """fault 46"""
    code = _code(session, person)
    first, second = app.test_client(), app.test_client()
    for client, status in ((first, 303), (second, 422)):
        _password(client, person)
        answer = client.post("/sign-in/code", data={"code": code})
        assert answer.status_code == status
    assert_sound(answer)
    assert "was used already" in answer.text
    assert second.get("/account").status_code == 302


def test_a_recovery_code_signs_in_once(app: Flask, person: Person, recovery_codes: list[str]) -> None:
    for status in (303, 422):
        client = app.test_client()
        _password(client, person)
        assert client.post("/sign-in/code", data={"recovery_code": recovery_codes[0]}).status_code == status


def test_a_question_signs_in_once_even_with_another_good_code(app: Flask, session: Session, person: Person,
                                                              recovery_codes: list[str]) -> None:
    """fault 46"""
    first = app.test_client()
    _password(first, person)
    token = first.get_cookie(STEP_COOKIE).value
    assert first.post("/sign-in/code", data={"recovery_code": recovery_codes[0]}).status_code == 303
    second = app.test_client()
    second.set_cookie(STEP_COOKIE, token)
    answer = second.post("/sign-in/code", data={"recovery_code": recovery_codes[1]})
    assert answer.status_code == 422
    assert "Start again" in answer.text
    assert second.get("/account").status_code == 302


def test_without_the_password_no_code_is_asked_for_or_taken(client: Browser, session: Session, person: Person,
                                                            recovery_codes: list[str]) -> None:
    """fault 46"""
    assert client.get("/sign-in/code").location.startswith("/sign-in?")
    assert client.post("/sign-in/code", data={"code": _code(session, person)}).status_code == 422
    assert client.get("/account").status_code == 302


def test_wrong_codes_are_counted_although_the_request_failed(client: Browser, session: Session, person: Person,
                                                             recovery_codes: list[str],
                                                             caplog: pytest.LogCaptureFixture) -> None:
    """fault 46"""
    _password(client, person)
    with caplog.at_level(logging.WARNING):
        for _ in range(code_apps.TRIES_OF_STRANGERS):
            assert client.post("/sign-in/code", data={"code": "123"}).status_code == 422
        answer = client.post("/sign-in/code", data={"code": _code(session, person)})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert_sound(answer)
    assert person.id in caplog.text
    assert person.email not in caplog.text


def test_a_link_stands_for_the_password_and_not_for_the_code(client: Browser, session: Session, person: Person,
                                                             recovery_codes: list[str]) -> None:
    """fault 46"""
    token = sign_in.make_link(session, person)
    session.commit()
    assert client.post(f"/sign-in/link/{token}").location.startswith("/sign-in/code")
    assert client.get("/account").status_code == 302
    assert client.post("/sign-in/code", data={"code": _code(session, person)}).status_code == 303


def test_codes_are_turned_off_with_one_more(session: Session, sign_in_as, client: Browser, person: Person,
                                            recovery_codes: list[str]) -> None:
    browser = sign_in_as(person)
    wrong = browser.post("/account/code-app/remove", data={"last_code": "123"})
    assert wrong.status_code == 422
    assert_sound(wrong)
    off = browser.post("/account/code-app/remove", data={"last_code": _code(session, person)})
    assert off.status_code == 303
    assert "Codes are turned off" in browser.get(off.location).text
    assert _password(client, person).location == "/"


def test_an_operator_lets_somebody_in_who_lost_phone_and_codes(app: Flask, client: Browser, session: Session,
                                                               person: Person, recovery_codes: list[str]) -> None:
    _password(client, person)
    ended = app.test_cli_runner().invoke(args=["remove-second-step", person.email.upper()])
    assert ended.exit_code == 0, ended.output
    session.expire_all()
    assert session.query(SignInChallenge).all() == []
    assert _password(client, person).location == "/"
    nobody = app.test_cli_runner().invoke(args=["remove-second-step", "nobody@example.org"])
    assert nobody.exit_code == 1
    assert "Nobody here signs in with nobody@example.org." in nobody.output


def test_a_new_password_does_not_turn_codes_off(session: Session, sign_in_as, client: Browser, person: Person,
                                                recovery_codes: list[str]) -> None:
    """fault 46"""
    sign_in_as(person).post("/account/password", data={"current_password": PASSWORD, "new_password": "other words 4"})
    answer = client.post("/sign-in", data={"email": person.email, "password": "other words 4"})
    assert answer.location.startswith("/sign-in/code")
