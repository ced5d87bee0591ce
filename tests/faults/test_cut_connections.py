"""Connections that are cut, in both directions: what the server has is what was sent, and the rest completes it."""

import hashlib
import itertools
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.story import Photo, Recording
from server.models.upload import Upload
from server.models.work import Job
from server.parts import parts
from tests.api.gunicorn import Gunicorn
from tests.api.live import headers_of
from tests.api.phone import TOLD_AT, Phone, metadata
from tests.faults.files import large_sound, small_picture, small_sound
from tests.faults.proxy import Fault, FaultProxy, Kind, Towards
from tests.faults.sender import PATIENCE_SECONDS, Sender, send_and_listen
from tests.faults.working import work_on

MIB = 1024 * 1024


@pytest.fixture
def server(app: Flask, data_dir: Path) -> Iterator[Gunicorn]:
    with Gunicorn(data_dir) as running:
        yield running
        running.kill()


@pytest.fixture
def proxy(server: Gunicorn) -> Iterator[FaultProxy]:
    with FaultProxy(server.port) as running:
        yield running


class Line:
    """A phone's uploads to a live server, straight or through the proxy, and what should have come of them."""

    def __init__(self, phone: Phone, server: Gunicorn, proxy: FaultProxy) -> None:
        self._phone, self._port, self.proxy = phone, server.port, proxy
        self.straight = Sender(server.port, headers_of(phone))
        self.story_id = phone.send_story()
        self.expected: dict[str, bytes] = {}

    def announce(self, content: bytes, kind: str = "recording") -> str:
        part_id = new_id()
        answer = self._phone.announce(self.story_id, content, part_id=part_id, kind=kind)
        assert answer.status_code == 201
        self.expected[part_id] = content
        return answer.headers["Location"]

    def cut(self, url: str, content: bytes, fault: Fault) -> bytes:
        """Send a whole PATCH through the proxy, where this becomes of it. What is heard of the answer."""
        self.proxy.next(fault)
        return send_and_listen(self.proxy.port, self.straight.patch_bytes(url, 0, content))

    def head_bytes(self, url: str, content: bytes) -> int:
        """How long the head of such a PATCH is."""
        return len(self.straight.patch_bytes(url, 0, content)) - len(content)

    def kept(self, url: str, *expected: int) -> int | None:
        """The offset, once it is one of these: a slow machine confirms some of a piece before it has read the rest."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (offset := self.straight.head(url).offset) not in expected and time.monotonic() < deadline:
            time.sleep(0.05)
        return offset

    def check(self, app: Flask, session: Session) -> None:
        """Each file is there once, whole, with the bytes that were sent, and one job for each kind of work."""
        work_on(app, "store")
        for kind in (Recording, Photo):
            for row in session.query(kind):
                content = self.expected.pop(row.id)
                assert parts().store.open(row.sha256).read() == content
                assert session.query(Upload).filter_by(part_id=row.id).count() <= 1
        assert self.expected == {}
        asked = session.query(Job.kind, Job.subject_id).all()
        assert len(asked) == len(set(asked))


@pytest.fixture
def line(phone: Phone, server: Gunicorn, proxy: FaultProxy) -> Line:
    return Line(phone, server, proxy)


def test_cut_at_any_byte_of_its_head_a_piece_changes_nothing(line: Line, app: Flask, session: Session) -> None:
    """fault 16"""
    content = small_sound(0)
    url = line.announce(content)
    for after in range(line.head_bytes(url, content) + 1):
        assert line.cut(url, content, Fault(Towards.SERVER, after)) == b"", after
        if not after % 20:
            assert line.straight.head(url).offset == 0, after
    assert line.straight.complete(url, content) == 0
    line.check(app, session)


def tiny_sound(number: int) -> bytes:
    return small_sound(number, samples=16)


def small_jpeg(number: int) -> bytes:
    return small_picture(number, "JPEG")


@pytest.mark.parametrize(("kind", "make"), [
    ("recording", tiny_sound),
    pytest.param("recording", small_sound, marks=pytest.mark.slow),
    pytest.param("photo", small_jpeg, marks=pytest.mark.slow),
])
def test_cut_at_any_byte_of_its_body_a_piece_is_kept_up_to_there_and_the_rest_completes_it(
    line: Line, app: Flask, session: Session, kind: str, make: Callable[[int], bytes]
) -> None:
    """fault 16"""
    for number in range(1, len(make(0)) + 1):
        content = make(number)
        at = min(number, len(content))
        url = line.announce(content, kind)
        line.cut(url, content, Fault(Towards.SERVER, line.head_bytes(url, content) + at))
        assert line.kept(url, 0, at) in (0, at), at
        line.straight.complete(url, content)
    line.check(app, session)


@pytest.mark.parametrize("step", [25, pytest.param(1, marks=pytest.mark.slow)])
def test_announced_and_sent_at_once_and_cut_at_any_byte_a_file_is_announced_again_and_goes_on(
    line: Line, app: Flask, session: Session, step: int
) -> None:
    """faults 16, 21"""
    most = 1
    for at in itertools.count(0, step):
        if at >= most:
            break
        content, part_id = tiny_sound(at), new_id()
        headers = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata({
            "id": part_id, "kind": "recording", "story_id": line.story_id, "started_at": TOLD_AT,
            "sha256": hashlib.sha256(content).hexdigest()})}
        request = line.straight.bytes_of("POST", "/api/v1/uploads", headers, content)
        most = len(request)
        line.proxy.next(Fault(Towards.SERVER, at))
        send_and_listen(line.proxy.port, request)
        while (again := line.straight.request("POST", "/api/v1/uploads", headers)).status == 423:
            time.sleep(0.02)
        assert again.status in (200, 201), (at, again)
        line.straight.complete(f"/api/v1/uploads/{part_id}", content)
        line.expected[part_id] = content
    line.check(app, session)


def test_an_answer_that_is_lost_leaves_one_recording_and_one_job(line: Line, app: Flask, session: Session) -> None:
    """fault 21"""
    for after in (0, 1, 9, 12, 13, 40, 100):
        content = small_sound(after)
        url = line.announce(content)
        assert len(line.cut(url, content, Fault(Towards.CLIENT, after))) == after
        assert line.straight.head(url).offset == len(content)
        assert line.straight.complete(url, content) == len(content)
    line.check(app, session)


@pytest.mark.parametrize("size", [MIB, pytest.param(16 * MIB, marks=pytest.mark.slow)])
def test_a_large_file_that_is_cut_again_and_again_comes_whole(
    line: Line, phone: Phone, app: Flask, session: Session, chance: random.Random, size: int
) -> None:
    """faults 16, 21"""
    content = large_sound(1, size)
    url = line.announce(content)
    through = Sender(line.proxy.port, headers_of(phone))
    line.proxy.next(*(Fault.at_random(chance, size // 4, (Kind.CUT, Kind.RESET, Kind.DELAY)) for _ in range(24)))
    through.complete(url, content)
    line.check(app, session)
