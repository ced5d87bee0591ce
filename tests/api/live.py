"""The app behind a real socket."""

import socket
import threading
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from server.auth import COOKIE
from tests.api.phone import Phone


class LiveServer:
    """Serves the app from threads on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
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

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def headers_of(phone: Phone) -> dict[str, str]:
    """What a phone's browser adds to every request, for clients that are not one."""
    cookie = phone.browser.get_cookie(COOKIE)
    assert cookie is not None
    return {"Cookie": f"{COOKIE}={cookie.value}", "X-CSRF-Token": phone.browser.csrf_token,
            "Sec-Fetch-Site": "same-origin"}
