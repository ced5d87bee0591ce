"""Asks the nursery of this process for children, and starts it when there is none."""

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from server.config import ROOT
from server.isolation import wire
from server.isolation.limits import LIMITS, Decoding
from server.isolation.walls import environment

_END_SECONDS = 5.0


class Nursery:
    """The way to one nursery process, for any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @contextmanager
    def child(self, decoding: Decoding, details: dict[str, Any], files: list[int]) -> Iterator[Connection]:
        """The news of a new child, which is dead when the block is left. `files` are the source, and a sink if any.

        Raises OSError where no nursery can be started. News that stops without {"ended"} means that the nursery fell.
        """
        here, there = socket.socketpair()
        with here, there:
            request = {"decoding": decoding, "details": details, "limits": asdict(LIMITS[decoding])}
            self._ask(request, [there.fileno(), *files])
            there.close()
            with Connection(os.dup(here.fileno())) as news:
                try:
                    yield news
                finally:
                    with suppress(OSError):
                        here.shutdown(socket.SHUT_WR)
                    _wait_for_end(here)

    def replace(self) -> None:
        """Forget a nursery that has fallen; one that lives is kept."""
        with self._lock:
            if self._process is None:
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
                self._close()

    def close(self) -> None:
        """End the nursery and its children."""
        with self._lock:
            self._close()

    def forget(self) -> None:
        """For a process that was forked: the nursery belongs to its parent."""
        if self._control is not None:
            self._control.close()
        self._lock, self._process, self._control = Lock(), None, None

    def _ask(self, request: dict[str, Any], files: list[int]) -> None:
        with self._lock:
            try:
                wire.send(self._started(), request, files)
            except (BrokenPipeError, ConnectionResetError):
                self._close()
                wire.send(self._started(), request, files)

    def _started(self) -> socket.socket:
        if self._control is None:
            control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "server.isolation.forking", str(theirs.fileno())],
                    cwd=ROOT, env=environment(), pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                )
            self._control = control
        return self._control

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


def _wait_for_end(line: socket.socket) -> None:
    """Until nobody else has the line. A machine that is very busy is not waited for longer than a few seconds."""
    line.settimeout(_END_SECONDS)
    with suppress(OSError):
        while line.recv(4096):
            pass


NURSERY = Nursery()
atexit.register(NURSERY.close)
os.register_at_fork(after_in_child=NURSERY.forget)
