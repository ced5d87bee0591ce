"""What /healthz says to those who watch over a server."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.auth import COOKIE
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.domain.ids import new_id
from server.jobs.worker import look_at_room
from server.services import sign_in
from tests import makers
from tests.conftest import Browser
from tests.databases import PostgresServer

MORE_THAN_THERE_IS = 2**62


def test_a_disk_with_room_is_said_to_have_it(client: Browser) -> None:
    assert client.get("/healthz").get_json()["room"] == "ok"


def test_a_nearly_full_disk_is_said_and_the_server_still_answers(settings: Settings) -> None:
    """fault 48"""
    app = create_app(replace(settings, low_room_bytes=MORE_THAN_THERE_IS))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["status"], answer.get_json()["room"]) == (200, "ok", "low")


def test_a_worker_says_once_that_a_disk_is_nearly_full(app: Flask, settings: Settings,
                                                      caplog: pytest.LogCaptureFixture) -> None:
    """fault 48"""
    nearly_full = replace(settings, low_room_bytes=MORE_THAN_THERE_IS)
    is_low = look_at_room(settings, was_low=False)
    assert not is_low
    for _ in range(3):
        is_low = look_at_room(nearly_full, is_low)
    assert [record.levelno for record in caplog.records if "nearly full" in record.message] == [logging.ERROR]
    assert str(settings.data_dir) not in caplog.text


@pytest.fixture
def settings_on_postgres(new_postgres: Callable[[], str], tmp_path: Path) -> Settings:
    return Settings.from_environment({"EARSHOT_DATA": str(tmp_path), "DATABASE_URL": new_postgres()})


def test_while_the_database_restarts_people_are_asked_to_wait_and_then_all_goes_on(
    settings_on_postgres: Settings, postgres: PostgresServer
) -> None:
    """fault 50"""
    app = create_app(settings_on_postgres)
    with app.app_context():
        browser = signed_in(app)
        postgres.pause()
        try:
            for answer in (browser.get("/api/v1/session"), browser.put("/api/v1/devices/" + new_id(), json={})):
                assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
            health = browser.get("/healthz")
            assert (health.status_code, health.get_json()["database"]) == (503, "unavailable")
        finally:
            postgres.resume()
        assert browser.get("/healthz").get_json()["database"] == "ok"
        assert browser.get("/api/v1/session").status_code == 200
        db.session.remove()
        db.engine.dispose()


def signed_in(app: Flask) -> Browser:
    """A browser of a researcher, made in the app's own database."""
    session = db.session()
    person = makers.make_person(session, makers.make_project(session), Role.RESEARCHER)
    token = sign_in.start(session, person)
    app.test_client_class = Browser
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.set_cookie(COOKIE, token)
    browser.csrf_token = sign_in.who_is(session, token).csrf_token
    session.commit()
    db.session.remove()
    return browser
