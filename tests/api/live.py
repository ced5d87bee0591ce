"""The app behind a real socket."""

import socket
import threading
from typing import Any

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from server.auth import COOKIE
from tests.api.phone import Phone


class LiveServer:
    """Serves the app from threads on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self._app, self._under_way, self._changed = app, 0, threading.Condition()
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self._server.daemon_threads = True
        self.port = self._server.port
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> "LiveServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()
        with self._changed:  # a page that was closed may have sent something last; a request may also hang for ever
            self._changed.wait_for(lambda: not self._under_way, timeout=2)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        self._count(1)
        try:
            return ClosingIterator(self._app(environ, start_response), lambda: self._count(-1))
        except BaseException:
            self._count(-1)
            raise

    def _count(self, more: int) -> None:
        with self._changed:
            self._under_way += more
            self._changed.notify_all()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def headers_of(phone: Phone) -> dict[str, str]:
    """What a phone's browser adds to every request, for clients that are not one."""
    cookie = phone.browser.get_cookie(COOKIE)
    assert cookie is not None
    return {"Cookie": f"{COOKIE}={cookie.value}", "X-CSRF-Token": phone.browser.csrf_token,
            "Sec-Fetch-Site": "same-origin"}
