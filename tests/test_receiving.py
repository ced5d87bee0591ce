"""What is sent is taken in before the database is asked, and no more of it than we said we would read."""

import io
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server import receiving
from server.domain.access import Role
from server.models.people import Person
from tests.api.live import LiveServer
from tests.conftest import Browser
from tests.makers import make_person, make_project

FORM = "application/x-www-form-urlencoded"


def request_head(server: LiveServer, length: int, **headers: str) -> bytes:
    named = {"Host": server.host, "Origin": server.url, "Content-Type": FORM, "Content-Length": str(length)} | headers
    return ("POST /sign-in HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())
            + "\r\n").encode()


def test_nobody_waits_for_a_form_that_trickles_in(app: Flask) -> None:
    """fault 49: a stranger who sends half a form holds no lock that others need."""
    body = b"email=a%40example.org&password=not+a+password"
    with LiveServer(app) as server, server.connect() as slow, server.connect() as quick:
        slow.sendall(request_head(server, 100, Cookie="earshot_session=guess") + b"email=")
        time.sleep(0.5)
        quick.sendall(request_head(server, len(body)) + body)
        assert b" 422 " in quick.recv(100)


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=edge", "text/plain"])
def test_a_form_that_is_too_large_is_not_read(client: Browser, content_type: str) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    file = head + b"A" * 300_000 + b"\r\n--edge--"
    answer = client.post("/sign-in", input_stream=io.BytesIO(file), content_length=len(file), content_type=content_type)
    assert answer.status_code == 413
    assert "413 too_large" in answer.text


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "", "http://localhost@evil.example",
                                    "http://localhost.evil.example", "localhost"])
def test_an_origin_that_is_not_ours_is_refused(client: Browser, origin: str) -> None:
    """fault 43"""
    assert client.post("/sign-in", headers={"Origin": origin}).status_code == 403


def test_text_that_no_database_can_store_is_refused_in_every_form(
    app: Flask, session: Session, sign_in_as: Callable[[Person], Browser]
) -> None:
    project = make_project(session)
    browser = sign_in_as(make_person(session, project, *Role))
    for address in ("/sign-in", f"/projects/{project.id}/themes", f"/projects/{project.id}/settings/introduction",
                    f"/projects/{project.id}/invitations"):
        answer = browser.post(address, data={"name": "A\0", "email": "A\0", "label": "\0", "role": "analyst"})
        assert (answer.status_code, "422 invalid" in answer.text) == (422, True), address


def whole_answer(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(ConnectionResetError):  # for what was sent meanwhile and never read
        while piece := connection.recv(4000):
            answer += piece
    return answer


def drip(connection: socket.socket, bit: bytes) -> bytes:
    """The answer that comes while one bit after the other is sent."""
    for _ in range(400):
        connection.sendall(bit)
        if select.select([connection], [], [], 0.05)[0]:
            return whole_answer(connection)
    raise TimeoutError("nobody put an end to it")


@pytest.mark.parametrize(("announced", "bit"), [("Content-Length: 10000", b"a"),
                                                ("Transfer-Encoding: chunked", b"1\r\na\r\n")])
@pytest.mark.parametrize("content_type", [FORM, "application/json", "multipart/form-data; boundary=edge"])
def test_whoever_sends_a_letter_now_and_then_is_not_listened_to_for_ever(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, announced: str, bit: bytes, content_type: str
) -> None:
    """fault 49"""
    monkeypatch.setattr(receiving, "WHOLE_SECONDS", 0.3)
    with LiveServer(app) as server, server.connect() as slow:
        slow.sendall(f"POST /api/v1/session HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\n"
                     f"Content-Type: {content_type}\r\n{announced}\r\n\r\n".encode())
        answer = drip(slow, bit)
    assert b" 400 " in answer.splitlines()[0]
    assert b'"bad_request"' in answer


def test_what_is_cut_off_before_it_is_whole_is_refused_as_such(app: Flask) -> None:
    with LiveServer(app) as server, server.connect() as gone:
        gone.sendall(request_head(server, 100) + b"email=a%40example.org&password=not+a+password")
        gone.shutdown(socket.SHUT_WR)
        answer = whole_answer(gone)
    assert b" 400 " in answer.splitlines()[0]


def test_what_came_in_time_is_answered_after_the_deadline_of_an_earlier_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "WHOLE_SECONDS", 0.3)
    body = b"email=a%40example.org&password=not+a+password"
    with LiveServer(app) as server:
        for _ in range(2):
            with server.connect() as quick:
                quick.sendall(request_head(server, len(body)) + body)
                assert b" 422 " in quick.recv(100)
            time.sleep(0.4)
