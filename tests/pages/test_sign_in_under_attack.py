"""Guessing at the sign-in page, and what it does to those who sign in meanwhile."""

import logging
import sqlite3
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.errors import TooManyAttempts
from server.models.people import Person
from server.services import invitations, passwords, sign_in
from tests.conftest import Browser
from tests.makers import make_person, make_project, viewer_of
from tests.pages.page_checks import assert_sound
from tests.signing_in import PASSWORD


def _try(client: Browser, email: str, password: str = PASSWORD):
    return client.post("/sign-in", data={"email": email, "password": password})


def _use_up_the_tries_of_strangers(session: Session, email: str) -> None:
    with suppress(TooManyAttempts):
        for number in range(sign_in.ALLOWED_FOR_ACCOUNT):
            sign_in.begin_try(session, email, f"192.0.2.{number}")
    session.commit()


def test_after_too_many_wrong_tries_the_right_password_waits_too(client: Browser, session: Session,
                                                                 person: Person) -> None:
    """fault 46"""
    _use_up_the_tries_of_strangers(session, person.email)
    answer = _try(client, person.email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert_sound(answer)
    assert "Wait 15 minutes" in answer.text
    assert client.get("/account").status_code == 302


def test_a_wrong_password_counts_although_the_request_failed(client: Browser, session: Session,
                                                             person: Person) -> None:
    """fault 46"""
    for _ in range(3):
        assert _try(client, person.email, "wrong").status_code == 422
    left = sign_in.ALLOWED_FOR_ACCOUNT - 3
    for number in range(left):
        sign_in.begin_try(session, person.email, f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        sign_in.begin_try(session, person.email, "192.0.2.99")


def test_a_stranger_locks_nobody_out_of_the_browser_they_use(client: Browser, app: Flask, session: Session,
                                                             person: Person) -> None:
    """fault 46"""
    assert _try(client, person.email).status_code == 303
    client.csrf_token = ""
    client.delete_cookie("earshot_session")
    _use_up_the_tries_of_strangers(session, person.email)
    assert _try(app.test_client(), person.email).status_code == 429
    assert _try(client, person.email).status_code == 303


def test_a_new_password_keeps_this_browser_known(client: Browser, session: Session, sign_in_as, person: Person) -> None:
    """fault 46"""
    browser = sign_in_as(person)
    new = "another four words"
    changed = browser.post("/account/password", data={"current_password": PASSWORD, "new_password": new})
    assert changed.status_code == 303
    browser.delete_cookie("earshot_session")
    _use_up_the_tries_of_strangers(session, person.email)
    assert _try(browser, person.email, new).status_code == 303


def test_a_locked_account_looks_like_one_that_does_not_exist(client: Browser, session: Session,
                                                             person: Person) -> None:
    """fault 46"""
    answers = []
    for email in (person.email, "x@example.org"):
        _use_up_the_tries_of_strangers(session, email)
        answers.append(_try(client, email).text.replace(email, ""))
    assert answers[0] == answers[1]


def test_what_was_refused_is_logged_without_the_address_that_was_typed(client: Browser, session: Session,
                                                                       person: Person,
                                                                       caplog: pytest.LogCaptureFixture) -> None:
    """fault 46"""
    with caplog.at_level(logging.DEBUG):
        _try(client, person.email, "wrong password")
        _use_up_the_tries_of_strangers(session, person.email)
        _try(client, person.email)
    assert "sign_in_failed" in caplog.text
    assert "too_many_attempts" in caplog.text
    assert "127.0.0.1" in caplog.text
    for secret in (person.email, person.email.partition("@")[0], "wrong password", PASSWORD):
        assert secret not in caplog.text


@pytest.fixture
def writers_let_in(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """Each time a password is hashed, somebody else writes: it is noted, and fails if they cannot."""
    noted: list[str] = []

    def watched(name: str):
        real = getattr(passwords, name)

        def hashing(*given: str):
            with sqlite3.connect(settings.data_dir / "earshot.sqlite3", timeout=0, isolation_level=None) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            noted.append(name)
            return real(*given)

        monkeypatch.setattr(passwords, name, hashing)

    watched("is_right")
    watched("hashed")
    return noted


def test_others_can_write_while_a_password_is_hashed(session: Session, sign_in_as, app: Flask, person: Person,
                                                     writers_let_in: list[str]) -> None:
    """fault 46"""
    browser = sign_in_as(person)
    assert _try(browser, person.email, "wrong").status_code == 422
    changed = browser.post("/account/password", data={"current_password": PASSWORD, "new_password": "another four w"})
    assert changed.status_code == 303
    project = make_project(session)
    administrator = viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))
    token = invitations.make(session, administrator, project.id, "analyst", "")[1]
    session.commit()
    new = {"name": "Bo", "email": "bo@example.org", "password": PASSWORD}
    assert app.test_client().post(f"/invitations/{token}", data=new).status_code == 303
    assert writers_let_in == ["is_right", "is_right", "hashed", "hashed"]


def test_a_link_that_invites_nobody_costs_no_hashing(client: Browser, writers_let_in: list[str]) -> None:
    """fault 46"""
    new = {"name": "Bo", "email": "bo@example.org", "password": PASSWORD}
    assert client.post("/invitations/nothing", data=new).status_code == 410
    assert writers_let_in == []


def test_when_too_many_wait_for_a_turn_the_next_is_told_to_come_back(client: Browser, person: Person) -> None:
    """fault 46"""
    waiting = [passwords._line.acquire(blocking=False) for _ in range(passwords.IN_LINE)]
    try:
        answer = _try(client, person.email)
    finally:
        for _ in waiting:
            passwords._line.release()
    assert all(waiting)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) < 10
    assert "Wait a few seconds" in answer.text
    assert _try(client, person.email).status_code == 303
