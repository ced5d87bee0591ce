"""A line between a phone and Earshot that fails as lines do: cut, answered by somebody else, its answer lost."""

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Says:
    """Somebody on the way answers instead."""

    status: int
    content: bytes = b""
    kind: str = "text/html"


@dataclass(frozen=True)
class Cut:
    """Only so many bytes of what was sent arrive, and no answer comes."""

    after: int


class Lost:
    """All of it arrives, and the answer does not come back."""


Fault = Says | Cut | Lost | None
Rule = Callable[[str, str], Fault]
PORTAL = Says(200, b"<!doctype html><title>Free Wi-Fi</title><h1>Agree to our terms</h1>")


class BrokenLine:
    """Carries requests to `port`. `rule(method, path)` says what happens to each; `asked` is what was asked for."""

    def __init__(self, port: int) -> None:
        self.rule: Rule = lambda _method, _path: None
        self.asked: list[tuple[str, str, int]] = []
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Nothing is printed."""

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True

            def answer(self) -> None:
                line.carry(self, port)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def offsets(self, path: str) -> list[int]:
        """Where each piece that was sent there begins."""
        return [offset for method, where, offset in self.asked if method == "PATCH" and where == path]

    def count(self, method: str, path: str) -> int:
        return sum(1 for how, where, _ in self.asked if (how, where) == (method, path))

    def carry(self, handler: BaseHTTPRequestHandler, port: int) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        method, path = handler.command, handler.path
        self.asked.append((method, path, int(handler.headers.get("Upload-Offset", 0))))
        fault = self.rule(method, path)
        if isinstance(fault, Says):
            _give(handler, fault.status, [("Content-Type", fault.kind)], fault.content)
            return
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        upstream.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            if name.lower() not in ("connection", "keep-alive"):
                upstream.putheader(name, value)
        upstream.endheaders(body[:fault.after] if isinstance(fault, Cut) else body)
        if isinstance(fault, Cut):
            upstream.close()
            _hang_up(handler)
            return
        answer = upstream.getresponse()
        content = answer.read()
        if isinstance(fault, Lost):
            _hang_up(handler)
        else:
            _give(handler, answer.status, answer.getheaders(), content)
        upstream.close()


def _give(handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        if name.lower() not in _HOP:
            handler.send_header(name, value)
    if handler.command != "HEAD" and status not in (204, 304):
        handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(content)


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()
