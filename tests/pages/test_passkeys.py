"""The pages around passkeys. What a real browser does with them is in `tests/e2e`."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.models.people import Person
from server.models.second_step import Passkey
from server.pages.entering import STEP_COOKIE
from server.services import code_apps
from tests.authenticator import Authenticator
from tests.conftest import Browser
from tests.makers import make_person, viewer_of
from tests.pages.page_checks import assert_sound
from tests.services.test_code_apps import turn_on

ORIGIN = "http://localhost"


@pytest.fixture
def person(session: Session) -> Person:
    person = make_person(session, name="Ada Lind")
    session.commit()
    return person


@pytest.fixture
def device(sign_in_as, person: Person) -> Authenticator:
    """A device with a passkey of the person's."""
    browser, device = sign_in_as(person), Authenticator(ORIGIN, "localhost", counter=1)
    asked = browser.post("/account/passkeys/question")
    added = browser.post("/account/passkeys", data={"passkey_name": "Laptop", "credential": device.make(asked.text)})
    assert added.status_code == 303
    assert "The passkey is added" in browser.get(added.location).text
    return device


def _sign_in(client: Browser, device: Authenticator, **more: str):
    device.counter += 1
    asked = client.post("/sign-in/passkey/question")
    return client.post("/sign-in/passkey", data={"credential": device.sign(asked.text), **more})


def test_a_passkey_leads_to_the_page_that_was_asked_for(client: Browser, device: Authenticator) -> None:
    assert _sign_in(client, device, next="/account?a=1").location == "/account?a=1"
    assert "Ada Lind" in client.get("/account").text


def test_without_a_finger_a_face_or_a_pin_the_code_is_still_asked_for(
        app: Flask, session: Session, person: Person, device: Authenticator) -> None:
    """fault 46"""
    turn_on(session, viewer_of(session, person))
    session.commit()
    assert code_apps.is_on(session, person.id)
    assert _sign_in(app.test_client(), device).location == "/"
    device.verifies = False
    client = app.test_client()
    assert _sign_in(client, device).location.startswith("/sign-in/code")
    assert client.get("/account").status_code == 302


def test_a_refusal_is_a_page_with_what_to_do(client: Browser, session: Session, device: Authenticator) -> None:
    client.post("/sign-in/passkey/question")
    answer = client.post("/sign-in/passkey", data={"credential": "{}"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "use your password" in answer.text


def test_an_answer_that_failed_uses_its_question_up(client: Browser, device: Authenticator) -> None:
    """fault 46"""
    device.counter += 1
    asked = client.post("/sign-in/passkey/question")
    token = client.get_cookie(STEP_COOKIE).value
    assert client.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 422
    client.set_cookie(STEP_COOKIE, token)
    assert client.post("/sign-in/passkey", data={"credential": device.sign(asked.text)}).status_code == 422


def test_a_copied_passkey_stays_stopped_and_the_account_page_says_so(client: Browser, session: Session, sign_in_as,
                                                                     person: Person, device: Authenticator) -> None:
    """fault 46"""
    assert _sign_in(client, device).status_code == 303
    device.counter -= 1
    copied = _sign_in(client, device)
    assert copied.status_code == 422
    assert_sound(copied)
    session.expire_all()
    assert session.query(Passkey).one().stopped_at is not None
    session.rollback()
    account = sign_in_as(person).get("/account")
    assert_sound(account)
    assert "Somebody may have copied it" in account.text


def test_questions_do_not_fill_the_table(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 46"""
    monkeypatch.setattr("server.pages.passkeys.QUESTIONS_ALLOWED", 2)
    statuses = [client.post("/sign-in/passkey/question").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_passkey_is_named_and_removed(sign_in_as, person: Person, session: Session, device: Authenticator) -> None:
    browser = sign_in_as(person)
    unnamed = browser.post("/account/passkeys", data={"passkey_name": " ", "credential": "{}"})
    assert unnamed.status_code == 422
    assert_sound(unnamed)
    removed = browser.post(f"/account/passkeys/{session.query(Passkey).one().id}/remove")
    assert "The passkey is removed" in browser.get(removed.location).text
