"""Connections that break: what the server says it has is what is on its disk, and nothing is sent twice or lost."""

import hashlib
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server import receiving
from server.api import pieces
from server.domain.ids import new_id
from server.models.story import Recording
from server.models.upload import Upload
from server.parts import parts
from server.storage.staging import Staging
from tests.api.conftest import Server
from tests.api.gunicorn import Gunicorn
from tests.api.live import LiveServer, headers_of
from tests.api.phone import CHUNK, Phone, sound


def begin_patch(server: Server, phone: Phone, url: str, offset: int, length: int, **headers: str) -> socket.socket:
    """Send the head of a PATCH of `length` bytes and leave the connection open."""
    lines = headers_of(phone) | {"Host": server.host, "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                                 "Content-Type": CHUNK, "Content-Length": str(length)} | headers
    connection = server.connect()
    head = f"PATCH {url} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    connection.sendall(head.encode())
    return connection


def patiently(send: Callable[[], TestResponse]) -> TestResponse:
    """The answer once the server has let go of an earlier connection."""
    for _ in range(200):
        answer = send()
        if answer.status_code != 423:
            break
        time.sleep(0.02)
    return answer


def settled(look: Callable[[], int], wanted: int) -> int:
    """What `look` says once the server has noticed that the connection is gone."""
    for _ in range(200):
        if look() == wanted:
            break
        time.sleep(0.02)
    return look()


def test_after_a_cut_at_any_byte_the_offset_is_what_is_on_disk_and_the_rest_completes_it(
    server: Server, phone: Phone, session: Session
) -> None:
    """fault 16"""
    content = sound("wav", 3)
    part_id = new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    staged = Staging(parts().settings.uploads_dir)
    name = session.query(Upload.id).filter_by(part_id=part_id).scalar()
    session.rollback()
    reached = 0
    for cut in (1, 2, 1000, 65_536, 65_537, 100_001):
        with begin_patch(server, phone, url, reached, len(content) - reached) as connection:
            connection.sendall(content[reached:cut])
        reached = cut
        assert settled(lambda: int(phone.head(url).headers["Upload-Offset"]), reached) == reached
        assert staged.path(name).read_bytes() == content[:reached]
    assert phone.patch(url, reached, content[reached:]).status_code == 204
    assert phone.receipt(part_id).json["bytes"] == len(content)
    assert parts().store.open(session.get_one(Recording, part_id).sha256).read() == content


def test_a_cut_before_the_first_byte_changes_nothing(server: Server, phone: Phone) -> None:
    """fault 16"""
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    begin_patch(server, phone, url, 0, len(sound())).close()
    assert phone.head(url).headers["Upload-Offset"] == "0"
    assert patiently(lambda: phone.patch(url, 0, sound())).status_code == 204


def test_a_cut_piece_with_a_checksum_is_not_trusted(live: LiveServer, phone: Phone) -> None:
    """faults 16, 30"""
    url = phone.announce(phone.send_story(), sound()).headers["Location"]
    check = {"Upload-Checksum": "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
    with begin_patch(live, phone, url, 0, len(sound()), **check) as connection:
        connection.sendall(sound()[:500])
        connection.shutdown(socket.SHUT_WR)
        assert b" 460 " in connection.recv(100)
    assert phone.head(url).headers["Upload-Offset"] == "0"


def test_while_an_old_connection_hangs_the_upload_is_busy_and_then_free(
    live: LiveServer, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 18"""
    monkeypatch.setattr(receiving, "SILENCE_SECONDS", 1)
    content, whole_blocks = sound("wav", 2), 2 * pieces.BLOCK_BYTES
    url = phone.announce(phone.send_story(), content).headers["Location"]
    with begin_patch(live, phone, url, 0, len(content)) as hanging:
        hanging.sendall(content[:whole_blocks + 300])
        time.sleep(0.3)
        busy = phone.patch(url, 0, content)
        assert (busy.status_code, busy.json["code"]) == (423, "upload_busy")
        assert phone.delete(url).status_code == 423
        reached = settled(lambda: int(phone.head(url).headers["Upload-Offset"]), whole_blocks)
        assert reached == whole_blocks
        assert patiently(lambda: phone.patch(url, reached, content[reached:])).status_code == 204


def test_nobody_waits_for_the_database_while_a_phone_sends(live: LiveServer, phone: Phone) -> None:
    """fault 49"""
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    with begin_patch(live, phone, url, 0, len(content)) as slow:
        slow.sendall(content[:10])
        time.sleep(0.2)
        started = time.monotonic()
        phone.send_story()
        assert time.monotonic() - started < 10


def test_a_server_killed_while_a_phone_sends_has_what_it_confirmed(phone: Phone, tmp_path: Path) -> None:
    """fault 17"""
    content, part_id = sound("wav", 3), new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    staged = Staging(parts().settings.uploads_dir)
    with Gunicorn(tmp_path) as server:
        headers = headers_of(phone) | {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": CHUNK}
        assert requests.patch(server.url + url, content[:70_000], headers=headers, timeout=20).status_code == 204
        with begin_patch(server, phone, url, 70_000, len(content) - 70_000) as connection:
            connection.sendall(content[70_000:-10])
            [name] = staged.names()
            assert settled(lambda: staged.size(name) > 70_000, True)
            server.kill()
    assert phone.head(url).headers["Upload-Offset"] == "70000"
    assert patiently(lambda: phone.patch(url, 70_000, content[70_000:])).status_code == 204
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()


def test_bytes_that_were_never_confirmed_are_cut_off_before_going_on(phone: Phone, session: Session) -> None:
    """fault 17"""
    content, part_id = sound(), new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content[:200])
    name = session.query(Upload.id).filter_by(part_id=part_id).scalar()
    session.rollback()
    with Staging(parts().settings.uploads_dir).path(name).open("ab") as staged:
        staged.write(b"written, but the server was killed before it could say so")
    assert phone.head(url).headers["Upload-Offset"] == "200"
    assert phone.patch(url, 200, content[200:]).status_code == 204
    assert phone.receipt(part_id).status_code == 200


@pytest.mark.parametrize("left", [0, 150])
def test_bytes_lost_from_the_disk_are_asked_for_again(phone: Phone, session: Session, left: int) -> None:
    """fault 17"""
    content, part_id = sound(), new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content[:200])
    name = session.query(Upload.id).filter_by(part_id=part_id).scalar()
    session.rollback()
    staged = Staging(parts().settings.uploads_dir).path(name)
    staged.write_bytes(content[:left])
    if not left:
        staged.unlink()
    assert phone.head(url).headers["Upload-Offset"] == str(left)
    assert phone.patch(url, 200, content[200:]).json["code"] == "wrong_offset"
    assert phone.patch(url, left, content[left:]).status_code == 204
    assert phone.receipt(part_id).status_code == 200


@pytest.mark.parametrize("killed_in", ["check", "keep", "adopt"])
def test_a_server_killed_while_it_completes_a_file_completes_it_when_asked_again(
    phone: Phone, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    """fault 17"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    with monkeypatch.context() as patched:
        kill_in(killed_in, patched)
        assert phone.patch(url, 0, content).status_code == 500
    assert phone.receipt(part_id).status_code == 404
    again = phone.announce(story_id, content, part_id=part_id)
    offset = int(phone.head(url).headers["Upload-Offset"])
    assert again.status_code == 200
    assert phone.patch(url, offset, content[offset:]).status_code == 204
    assert phone.receipt(part_id).status_code == 200
    assert session.query(Recording).count() == 1


def kill_in(place: str, patched: pytest.MonkeyPatch) -> None:
    """Let the server stop dead in `check`, in `keep`, or in `adopt` when the bytes are stored but nothing else is."""
    store = type(parts().store)
    real = store.adopt

    def stop(*arguments: object, **named: object) -> None:
        if place == "adopt":
            real(*arguments, **named)
        raise KilledError

    patched.setattr(*((store, "adopt") if place == "adopt" else (pieces.arrivals, place)), stop)


class KilledError(Exception):
    """Stands for a process that is gone."""
