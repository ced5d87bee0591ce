"""Connections that break: what the server says it has is what is on its disk, and nothing is sent twice or lost."""

import hashlib
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server import receiving
from server.api import pieces
from server.domain.ids import new_id
from server.models.people import Person, SignedIn
from server.models.story import Recording, Story
from server.models.upload import Upload
from server.parts import parts
from server.services import withdrawals
from server.storage import staging
from server.storage.staging import Staging
from tests.api.conftest import Place, Server
from tests.api.gunicorn import Gunicorn
from tests.api.live import LiveServer, headers_of
from tests.api.phone import CHUNK, TOLD_AT, Phone, metadata, sound
from tests.conftest import Browser
from tests.makers import viewer_of


def begin_patch(server: Server, phone: Phone, url: str, offset: int, length: int, **headers: str) -> socket.socket:
    """Send the head of a PATCH of `length` bytes and leave the connection open."""
    return begin(server, phone, "PATCH", url, length, **{"Upload-Offset": str(offset)} | headers)


def begin(server: Server, phone: Phone, method: str, url: str, length: int, **headers: str) -> socket.socket:
    lines = headers_of(phone) | {"Host": server.host, "Tus-Resumable": "1.0.0", "Content-Type": CHUNK,
                                 "Content-Length": str(length)} | headers
    connection = server.connect()
    head = f"{method} {url} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    connection.sendall(head.encode())
    return connection


def patiently(send: Callable[[], TestResponse]) -> TestResponse:
    """The answer once the server has let go of an earlier connection."""
    for _ in range(1000):
        answer = send()
        if answer.status_code != 423:
            break
        time.sleep(0.02)
    return answer


def settled(look: Callable[[], int], wanted: int) -> int:
    """What `look` says once the server has noticed that the connection is gone."""
    for _ in range(1000):
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


def test_what_came_of_bytes_beside_an_announcement_stays_when_the_connection_breaks(
    server: Server, phone: Phone
) -> None:
    """fault 16"""
    content, part_id, story_id = sound("wav", 2), new_id(), phone.send_story()
    values = {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT, "position": "0",
              "sha256": hashlib.sha256(content).hexdigest()}
    announcing = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(values)}
    with begin(server, phone, "POST", "/api/v1/uploads", len(content), **announcing) as connection:
        connection.sendall(content[:50_000])
    url = f"/api/v1/uploads/{part_id}"
    assert settled(lambda: int(phone.head(url).headers.get("Upload-Offset", -1)), 50_000) == 50_000
    assert patiently(lambda: phone.patch(url, 50_000, content[50_000:])).status_code == 204
    assert phone.receipt(part_id).json["bytes"] == len(content)


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


def test_a_server_killed_while_a_phone_sends_has_what_it_confirmed(phone: Phone, data_dir: Path) -> None:
    """fault 17"""
    content, part_id = sound("wav", 3), new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    staged = Staging(parts().settings.uploads_dir)
    with Gunicorn(data_dir) as server:
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


@pytest.mark.parametrize("killed_in", ["check", "keep"])
def test_a_server_killed_while_it_checks_a_file_checks_it_again_after_its_last_byte(
    phone: Phone, session: Session, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    """fault 17"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    with monkeypatch.context() as patched:
        patched.setattr(pieces.arrivals, killed_in, killed)
        with pytest.raises(KilledError):
            phone.patch(url, 0, content)
    assert phone.receipt(part_id).status_code == 404
    assert phone.announce(story_id, content, part_id=part_id).status_code == 200
    reached = int(phone.head(url).headers["Upload-Offset"])
    assert reached == len(content) - 1
    assert phone.patch(url, reached, content[reached:]).status_code == 204
    assert phone.receipt(part_id).status_code == 200
    assert session.query(Recording).count() == 1


def test_a_phone_that_is_signed_out_goes_on_at_the_same_byte_once_it_is_signed_in(
    server: Server, phone: Phone, place: Place, session: Session, sign_in_as: Callable[[Person], Browser]
) -> None:
    """fault 19"""
    content, part_id, story_id = sound("wav", 2), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    with begin_patch(server, phone, url, 0, len(content)) as connection:
        connection.sendall(content[:70_000])
        here = Staging(parts().settings.uploads_dir)
        assert settled(lambda: any(here.size(name) for name in here.names()), True)
        session.execute(delete(SignedIn))
        session.commit()
    assert phone.head(url).status_code == phone.patch(url, 0, content).status_code == 401
    assert phone.announce(story_id, content, part_id=part_id).status_code == 401
    again = Phone(sign_in_as(place.researcher), place.project_id, place.wording_id)
    assert settled(lambda: int(again.head(url).headers["Upload-Offset"]), 70_000) == 70_000
    assert again.announce(story_id, content, part_id=part_id).headers["Location"] == url
    assert patiently(lambda: again.patch(url, 70_000, content[70_000:])).status_code == 204
    assert again.receipt(part_id).json["bytes"] == len(content)
    assert session.query(Upload).count() == session.query(Recording).count() == 1


def test_what_came_of_a_long_piece_is_confirmed_while_the_rest_comes(
    live: LiveServer, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 17"""
    monkeypatch.setattr(staging, "CONFIRM_BYTES", 3 * pieces.BLOCK_BYTES)
    content = sound("wav", 2)
    url = phone.announce(phone.send_story(), content).headers["Location"]
    with begin_patch(live, phone, url, 0, len(content)) as connection:
        connection.sendall(content[:4 * pieces.BLOCK_BYTES])
        reached = settled(lambda: int(phone.head(url).headers["Upload-Offset"]), 3 * pieces.BLOCK_BYTES)
        assert reached == 3 * pieces.BLOCK_BYTES


def test_a_withdrawal_ends_a_connection_that_is_still_sending(
    live: LiveServer, phone: Phone, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 27"""
    monkeypatch.setattr(staging, "CONFIRM_BYTES", pieces.BLOCK_BYTES)
    content, story_id = sound("wav", 2), phone.send_story()
    url = phone.announce(story_id, content).headers["Location"]
    with begin_patch(live, phone, url, 0, len(content)) as connection:
        connection.sendall(content[:pieces.BLOCK_BYTES])
        settled(lambda: int(phone.head(url).headers["Upload-Offset"]), pieces.BLOCK_BYTES)
        story = session.get_one(Story, story_id)
        withdrawals.withdraw(session, viewer_of(session, session.get_one(Person, story.researcher_id)), story_id)
        session.commit()
        connection.sendall(content[pieces.BLOCK_BYTES:3 * pieces.BLOCK_BYTES])
        assert b" 410 " in connection.recv(100)
    assert Staging(parts().settings.uploads_dir).names() == set()


def killed(*_: object, **__: object) -> None:
    raise KilledError


class KilledError(BaseException):
    """Stands for a process that is gone: nothing catches it and nothing is tidied up."""
