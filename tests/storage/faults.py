"""Stands between a store and its bucket, and breaks a number of answers on purpose."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

_PASSED_ON = frozenset({"connection", "transfer-encoding", "content-length", "expect"})
BUSY = b"<Error><Code>SlowDown</Code><Message>busy</Message></Error>"
FULL = b"<Error><Code>QuotaExceeded</Code><Message>full</Message></Error>"


class FaultProxy:
    """Passes requests on to `endpoint`. `next` names what becomes of the next ones of a method, in order:

    "busy" (503 and not passed on), "full" (refused by quota), "cut" (half of the answer's body), "silent" (passed on,
    and the connection closed without an answer).
    """

    def __init__(self, endpoint: str) -> None:
        self._target = urlsplit(endpoint).netloc
        self._next: dict[str, list[str]] = {}
        self._lock = Lock()
        self.asked: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if self.raw_requestline and self.parse_request():
                    proxy.answer(self)
                else:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def next(self, method: str, *faults: str) -> None:
        self._next[method] = list(faults)

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.asked.append(asked.command)
            waiting = self._next.get(asked.command)
            fault = waiting.pop(0) if waiting else ""
        body = asked.rfile.read(int(asked.headers.get("Content-Length", 0)))
        if fault in ("busy", "full"):
            return _say(asked, 503 if fault == "busy" else 403, [], BUSY if fault == "busy" else FULL)
        status, headers, found = self._passed_on(asked, body)
        if fault == "silent":
            asked.close_connection = True
            return None
        return _say(asked, status, headers, found, cut=fault == "cut")

    def _passed_on(self, asked: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        there = http.client.HTTPConnection(self._target)
        try:
            headers = {name: value for name, value in asked.headers.items() if name.lower() not in _PASSED_ON}
            there.request(asked.command, asked.path, body, headers | {"Content-Length": str(len(body))})
            answer = there.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            there.close()


def _say(asked: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes, *,
         cut: bool = False) -> None:
    length = dict(headers).get("Content-Length", str(len(body))) if asked.command == "HEAD" else str(len(body))
    asked.send_response_only(status)
    for name, value in headers:
        if name.lower() not in _PASSED_ON:
            asked.send_header(name, value)
    asked.send_header("Content-Length", length)
    asked.end_headers()
    asked.wfile.write(body[:len(body) // 2] if cut else body)
    if cut:
        asked.close_connection = True


@contextmanager
def fault_proxy(endpoint: str) -> Iterator[FaultProxy]:
    proxy = FaultProxy(endpoint)
    Thread(target=proxy.server.serve_forever, args=(0.05,), daemon=True).start()
    yield proxy
    proxy.server.shutdown()
    proxy.server.server_close()
