"""What a phone asks before it collects, and whether it is our server that answers."""

from datetime import datetime
from pathlib import Path

from flask import Flask

from server.db import db
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser


def test_a_session_says_who_is_signed_in(phone: Phone, place: Place) -> None:
    answer = phone.browser.get("/api/v1/session")
    assert answer.json["person"]["name"] == "Sam Okoro"
    assert answer.json["csrf_token"] == phone.browser.csrf_token
    assert datetime.fromisoformat(answer.json["server_time"]).tzinfo
    assert answer.headers["Cache-Control"] == "no-store"


def test_our_server_says_that_it_is_there(client: Browser) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json.keys() == {"service", "status", "time", "database", "room"}
    assert (answer.json["service"], answer.json["status"], answer.json["database"]) == ("earshot", "ok", "ok")


def test_without_its_database_the_server_says_so_in_the_same_shape(phone: Phone, client: Browser, app: Flask,
                                                                   data_dir: Path) -> None:
    """fault 50"""
    db.session.remove()
    db.engine.dispose()
    (data_dir / "earshot.sqlite3").rename(data_dir / "gone")
    (data_dir / "earshot.sqlite3").mkdir()
    for browser in (client, phone.browser):
        answer = browser.get("/healthz")
        assert answer.status_code == 503
        assert answer.json.keys() == {"service", "status", "time", "database", "room"}
        assert (answer.json["service"], answer.json["status"]) == ("earshot", "unavailable")
    refused = phone.browser.get("/api/v1/session")
    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
