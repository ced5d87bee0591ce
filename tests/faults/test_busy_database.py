"""SQLite locked by another process: whoever sends waits or is told to come again, and nothing is lost."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import db
from server.domain.ids import new_id
from server.models.story import Quote, Recording, Story
from server.parts import parts
from tests.api.phone import Phone
from tests.faults.files import small_sound
from tests.faults.working import work_on

_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Another process holds the one lock for writers until the block is left, or until its input is closed."""
    path = settings.database_url.removeprefix("sqlite:///")
    process = subprocess.Popen([sys.executable, "-c", _LOCK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "locked\n"
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """As the app is, but that it gives up on a locked database sooner than after its usual fifteen seconds."""
    db.session.remove()
    db.engine.dispose()

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=200")

    event.listen(db.engine, "connect", hurry)
    yield
    event.remove(db.engine, "connect", hurry)


def test_a_push_waits_for_a_database_that_is_locked_for_a_moment(
    app: Flask, session: Session, phone: Phone, settings: Settings
) -> None:
    """fault 50"""
    story_id = phone.send_story()
    with locked(settings) as other:
        assert other.stdin is not None
        threading.Timer(1.5, other.stdin.close).start()
        assert phone.put("quotes", phone.quote_body(story_id)).status_code == 201
        other.wait()
    assert session.query(Quote).count() == 1


def test_a_push_to_a_database_that_stays_locked_is_told_to_come_again_and_is_kept_then(
    app: Flask, session: Session, phone: Phone, settings: Settings, impatient: None
) -> None:
    """faults 20, 50"""
    story_id, another = phone.send_story(), new_id()
    sent = [("consents", phone.consent_body(another)), ("stories", phone.story_body(another)),
            ("quotes", phone.quote_body(story_id))]
    with locked(settings):
        refused = [phone.put(folder, body) for folder, body in sent]
        assert {(answer.status_code, answer.json["code"]) for answer in refused} == {(503, "unavailable")}
        assert phone.browser.get("/api/v1/session").status_code == 200
        assert phone.browser.get("/api/v1/changes?after=0").status_code == 200
        assert phone.browser.get(f"/api/v1/receipts/{story_id}").status_code == 200
    assert [phone.put(folder, body).status_code for folder, body in sent] == [201] * 3
    assert (session.query(Story).count(), session.query(Quote).count()) == (2, 1)


def test_a_file_that_was_sent_to_a_locked_database_goes_on_afterwards(
    app: Flask, session: Session, phone: Phone, settings: Settings, impatient: None
) -> None:
    """faults 17, 50"""
    content, part_id, story_id = small_sound(1, samples=5000), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content[:1000]).status_code == 204
    with locked(settings):
        assert phone.patch(url, 1000, content[1000:]).json["code"] == "unavailable"
        assert phone.head(url).headers["Upload-Offset"] == "1000"
    offset = int(phone.head(url).headers["Upload-Offset"])
    assert phone.patch(url, offset, content[offset:]).status_code == 204
    work_on(app, "store")
    assert parts().store.open(session.get_one(Recording, part_id).sha256).read() == content
