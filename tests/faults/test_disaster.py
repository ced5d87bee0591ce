"""The drill: a backup while people work, a withdrawal, everything destroyed, and what comes back elsewhere."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.app import create_app
from server.auth import COOKIE
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.models.consent import Withdrawal
from server.models.people import Person
from server.models.work import Job
from server.services import access_keys, audit, sign_in, withdrawals
from tests import makers
from tests.api.conftest import Place
from tests.api.phone import Phone, picture
from tests.conftest import Browser
from tests.faults.disaster import Running, Writer, command, files_with, send_file, until
from tests.faults.sender import Sender
from tests.pages.everywhere import NAME, QUOTE, addresses

SHOWN = [NAME.encode(), QUOTE.encode()]


@pytest.fixture
def key(session: Session, place: Place) -> str:
    return key_of(session, place.researcher)


def key_of(session: Session, person: Person) -> str:
    token = access_keys.make(session, makers.viewer_of(session, person), "Phone")[1]
    session.commit()
    return token


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Settings:
    """Another machine, with the other kind of database."""
    found = Settings.from_environment({"EARSHOT_DATA": str(tmp_path_factory.mktemp("elsewhere"))})
    return replace(found, database_url=request.getfixturevalue("new_postgres")())


@pytest.fixture
def restored(elsewhere: Settings) -> Iterator[Flask]:
    app = create_app(elsewhere)
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


def everything_shown(app: Flask, ids: dict[str, str], parts: list[str]) -> bytes:
    """Every answer to somebody who holds every role."""
    with app.app_context():
        project = db.session.scalars(select(makers.Project)).one()
        person = makers.make_person(db.session(), project, *Role)
        token = sign_in.start(db.session(), db.session.get_one(Person, person.id))
        db.session.commit()
        nothing = dict.fromkeys(("provocation_id", "theme_id", "excerpt_id", "person_id", "job_id", "consent_id",
                                 "invitation_id", "key_id", "passkey_id", "upload_id", "device_id"), makers.new_id())
        words = {"role": "analyst", "token": "no-such-token", "code": "0" * 26, "path": "x", "name": "x"}
        known = words | nothing | ids | {"project_id": project.id}
    browser = app.test_client()
    browser.set_cookie(COOKIE, token)
    return b"".join(browser.get(address).data for rule, address in addresses(app, known, parts)
                    if "GET" in (rule.methods or ()))


@pytest.mark.slow
def test_what_was_withdrawn_is_gone_and_all_else_is_back_after_everything_was_destroyed(
    settings: Settings, app: Flask, session: Session, place: Place, key: str, elsewhere: Settings, restored: Flask,
    tmp_path_factory: pytest.TempPathFactory
) -> None:
    """fault 28, fault 29"""
    bearer, backup = {"Authorization": f"Bearer {key}"}, tmp_path_factory.mktemp("backups") / "monday"
    phone, shot = Phone(None, place.project_id, place.wording_id), picture(width=96)
    victim, sha256 = makers.new_id(), hashlib.sha256(shot).hexdigest()
    with Running(settings) as running:
        sender = Sender(running.web.port, bearer)
        with Writer(Sender(running.web.port, bearer), place.project_id, place.wording_id) as writer:
            one = Writer(sender, place.project_id, place.wording_id)
            one.put("consents", phone.consent_body(victim))
            one.put("stories", phone.story_body(victim, pseudonym=NAME))
            one.put("quotes", phone.quote_body(victim, QUOTE))
            photo_id = send_file(sender, victim, shot, sha256)
            kept_story = writer.sent[1][2]["id"]
            other = picture(width=128)
            kept_photo = send_file(sender, kept_story, other, hashlib.sha256(other).hexdigest())
            writer.wait_for_more()
            before = list(writer.sent)
            assert "that wait to be stored" in command(settings, "backup", str(backup))
            writer.wait_for_more()
            researcher_id = place.researcher.id
            withdrawals.withdraw(session, makers.viewer_of(session, place.researcher), victim)
            session.commit()
            writer.wait_for_more()
        until(lambda: _is_scrubbed(session, victim))
    marks = [*SHOWN, shot, shot[len(shot) // 2:]]
    db.session.remove()
    db.engine.dispose()
    assert files_with(settings.data_dir, marks) == []
    assert files_with(backup, marks), "the test must be able to see what it looks for"
    notes = tmp_path_factory.mktemp("notes")
    shutil.copytree(settings.media_dir / "withdrawals", notes, dirs_exist_ok=True)
    for path in settings.data_dir.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    assert "were replayed: 1" in command(elsewhere, "restore", str(backup), "--withdrawals", str(notes))
    with restored.app_context():  # no key comes back
        again = key_of(db.session(), db.session.get_one(Person, researcher_id))
        db.engine.dispose()
    with Running(elsewhere) as running:
        sender = Sender(running.web.port, {"Authorization": f"Bearer {again}"})
        for address, content, receipt in before:
            answer = sender.request("PUT", address, {"Content-Type": "application/json"}, content)
            assert (answer.status, _receipt(answer.body)) == (200, _receipt_of(receipt)), address
        for address, content, _ in one.sent[1:]:
            assert sender.request("PUT", address, {"Content-Type": "application/json"}, content).status == 410
        assert sender.request("GET", f"/api/v1/receipts/{photo_id}", {}).status == 410
        assert sender.request("GET", f"/api/v1/receipts/{kept_photo}", {}).status == 200
        with restored.app_context():
            until(lambda: _is_scrubbed(db.session(), victim))
    ids = {"story_id": victim, "photo_id": photo_id, "recording_id": photo_id, "quote_id": one.sent[2][2]["id"]}
    shown = everything_shown(restored, ids, list(ids.values()))
    assert [mark for mark in SHOWN if mark in shown] == []
    assert kept_story.encode() in shown
    assert files_with(elsewhere.data_dir, marks) == []
    with restored.app_context():
        store = restored.extensions["earshot"].store
        with store.open(hashlib.sha256(other).hexdigest()) as file:
            assert file.read() == other
        assert sha256 not in store
        assert audit.verify(db.session()).problem is None


def _is_scrubbed(session: Session, story_id: str) -> bool:
    written = session.scalar(select(Withdrawal.written_down_at).where(Withdrawal.story_id == story_id))
    left = session.scalars(select(Job.id).where(Job.kind.in_(("scrub", "erase")))).all()
    session.rollback()  # whoever looks holds the one writer of SQLite
    return written is not None and not left


def _receipt(body: bytes) -> dict[str, object]:
    return _receipt_of(json.loads(body))


def _receipt_of(answer: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in answer.items() if name != "notices"}
