"""A server killed before each thing it does: what it had confirmed is there, and the rest comes again, once."""

import hashlib
import http.client
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import Clearance, ConsentRecord, Withdrawal
from server.models.story import Quote, Recording, Story
from server.models.work import Job
from server.parts import parts
from server.storage.staging import Staging
from tests.api.conftest import Place
from tests.api.gunicorn import Gunicorn
from tests.api.live import headers_of
from tests.api.phone import TOLD_AT, Phone, metadata
from tests.faults.files import small_sound
from tests.faults.killing import CONTROL, KILLED
from tests.faults.sender import PATIENCE_SECONDS, Answer, Sender
from tests.faults.working import sweep_here, work_on

EVERY_STEP = pytest.mark.parametrize("which", [" commit", pytest.param("", marks=pytest.mark.slow)])


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Killed:
    """A live server that is killed at one step after the other, and a phone that sends to it until it is answered."""

    def __init__(self, phone: Phone, folder: Path, port: int) -> None:
        self.phone, self._folder = phone, folder
        self.sender = Sender(port, headers_of(phone))
        self.steps: list[str] = []

    def again_and_again(self, which: str, send: Callable[[int], None]) -> None:
        """Have `send` send something new, with the server killed at the first step, the second, … until none is left.

        What it was killed at is in `steps`, and printed for a test that fails.
        """
        control, killed = self._folder / CONTROL, self._folder / KILLED
        for number in range(1, 1000):
            control.write_text(f"{number}{which}")
            killed.unlink(missing_ok=True)
            send(number)
            if not killed.exists():
                control.unlink()
                return
            self.steps.append(killed.read_text())
            print(f"killed at step {number}: before {self.steps[-1]}")
        raise AssertionError("there is no end of steps")

    def answered(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Send it until it is answered, as a phone does that was cut off."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                return self.sender.request(method, path, headers, body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        raise TimeoutError(f"{method} {path} was never answered")


@pytest.fixture
def killed(app: Flask, phone: Phone, data_dir: Path) -> Iterator[Killed]:
    with Gunicorn(data_dir, "--preload", "--log-level", "critical",
                  application="tests.faults.killing:application") as server:
        yield Killed(phone, data_dir, server.port)
        server.kill()


@EVERY_STEP
def test_a_file_comes_once_and_whole_whatever_step_the_server_is_killed_at(
    killed: Killed, app: Flask, session: Session, which: str
) -> None:
    """fault 17"""
    story_id = killed.phone.send_story()
    sent: dict[str, bytes] = {}

    def send(number: int) -> None:
        content, part_id = small_sound(number), new_id()
        sent[part_id] = content
        described = {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT,
                     "sha256": digest_of(content)}
        headers = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(described)}
        answer = killed.answered("POST", "/api/v1/uploads", headers)
        assert answer.status in (200, 201), answer
        killed.sender.complete(f"/api/v1/uploads/{part_id}", content, piece=100)

    killed.again_and_again(which, send)
    work_on(app, "store")
    sweep_here(app)
    found = {row.id: parts().store.open(row.sha256).read() for row in session.query(Recording)}
    assert found == sent
    assert session.query(Job).filter_by(kind="store").count() == len(sent)
    assert Staging(parts().settings.uploads_dir).names() == set()
    assert len(set(killed.steps)) > (8 if not which else 0)


@EVERY_STEP
def test_what_is_pushed_is_kept_once_whatever_step_the_server_is_killed_at(
    killed: Killed, session: Session, which: str
) -> None:
    """fault 17"""
    receipts: list[tuple[str, str]] = []

    def send(_number: int) -> None:
        story_id = new_id()
        phone = killed.phone
        for folder, body in (("consents", phone.consent_body(story_id)), ("stories", phone.story_body(story_id)),
                             ("quotes", phone.quote_body(story_id))):
            content = json.dumps(body).encode()
            path = f"/api/v1/{folder}/{body['id']}"
            answer = killed.answered("PUT", path, {"Content-Type": "application/json"}, content)
            assert answer.status in (200, 201), answer
            assert json.loads(answer.body)["sha256"] == digest_of(content)
            receipts.append((folder, body["id"]))

    killed.again_and_again(which, send)
    for folder, kind in (("consents", ConsentRecord), ("stories", Story), ("quotes", Quote)):
        kept = sorted(session.scalars(session.query(kind.id).statement))
        assert kept == sorted(part_id for sent, part_id in receipts if sent == folder)


@EVERY_STEP
def test_a_story_is_withdrawn_whole_or_not_at_all_whatever_step_the_server_is_killed_at(
    killed: Killed, app: Flask, session: Session, place: Place, which: str
) -> None:
    """faults 17, 27"""
    ended: list[str] = []

    def send(_number: int) -> None:
        phone, story_id = killed.phone, killed.phone.send_story()
        quote = phone.quote_body(story_id)
        assert phone.put("quotes", quote).status_code == 201
        answer = killed.answered("POST", f"/projects/{place.project_id}/register/{story_id}/withdraw",
                                 {"Content-Type": "application/x-www-form-urlencoded"}, b"reason=asked&scope=erase")
        assert answer.status == 303, answer
        ended.extend((story_id, quote["id"]))

    killed.again_and_again(which, send)
    assert session.query(Story).count() == session.query(Quote).count() == session.query(Clearance).count() == 0
    assert session.query(Withdrawal).count() == len(ended) // 2
    session.rollback()
    assert [killed.phone.receipt(part_id).status_code for part_id in ended] == [410] * len(ended)
