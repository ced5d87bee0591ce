"""A file and an address that nobody may touch, and whether somebody did."""

import ctypes
import os
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# <sys/inotify.h>
_IN_ACCESS, _IN_OPEN = 0x1, 0x20
_EVENT = struct.Struct("iIII")


class Canary:
    """A real sound file and a real web server on this machine, both watched."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.file = folder / "canary.wav"
        self.file.write_bytes(content)
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self._watch, os.fsencode(self.file), _IN_ACCESS | _IN_OPEN) > 0
        self._asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/canary.wav"

    def touched(self) -> list[str]:
        """What was opened or asked for since the last look."""
        found, self._asked[:] = list(self._asked), []
        with suppress(BlockingIOError):
            found += ["file"] * (len(os.read(self._watch, 4096)) // _EVENT.size)
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        os.close(self._watch)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        asked = self._asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                """Nothing is written to the test's own output."""

        return Handler
