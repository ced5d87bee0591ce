"""The way to the process that keeps the speech model: started when it is first needed, ended when it is not."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from threading import Lock, Timer
from typing import Any

from server.config import ROOT
from server.isolation import wire
from server.isolation.limits import GIB, LIMITS, Decoding, Limits, resident
from server.isolation.walls import environment, model_file

# A small server gets the memory of the model back when nobody has needed it for this long.
IDLE_SECONDS = 300.0
# What a process may keep of its tasks, beside what it had after its first.
_MOST_KEPT = 1 * GIB
_END_SECONDS = 5.0


class Fell(Exception):
    """The process ended before it had said all; `signal` ended it, or none: 0."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


@dataclass(frozen=True)
class _Setup:
    """What a process is started for. `written` tells one file of a model from another; None: it must be fetched."""

    model: str
    weights_dir: str
    written: tuple[int, int, int] | None
    limits: Limits


class Speech:
    """One process, for any number of threads: one task at a time, the others wait for their turn."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._begin_empty()

    @contextmanager
    def task(self, decoding: Decoding, details: dict[str, Any], files: list[int],
             waiting: Callable[[], None], look_seconds: float) -> Iterator[Connection]:
        """The news of one task, once it is its turn; until then `waiting` is called again and again.

        A block that is left by an exception leaves the process dead: what it does is not wanted, or what it knows not
        to be relied on. Raises OSError where no process can be started, and Fell when the news stops.
        """
        while not self._turn.acquire(timeout=look_seconds):
            waiting()
        try:
            with self._asked(_setup(decoding, details), {"decoding": decoding, "details": details}, files) as news:
                yield news
            self._rest()
        except EOFError as error:
            raise Fell(self._how_it_ended()) from error
        except BaseException:
            self._end()
            raise
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._end()

    def forget(self) -> None:
        """For a process that was forked: this one belongs to its parent."""
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._begin_empty()

    def _begin_empty(self) -> None:
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._setup: _Setup | None = None
        self._at_first = 0
        self._ending: Timer | None = None

    def _asked(self, setup: _Setup, request: dict[str, Any], files: list[int]) -> Connection:
        if self._ending is not None:
            self._ending.cancel()
        if self._setup == setup and not self._keeps_too_much():
            with suppress(EOFError, BrokenPipeError, ConnectionResetError):
                news = self._sent(setup, request, files)
                if news.poll(_END_SECONDS) and news.recv_bytes():
                    return news
                news.close()
        # There is none, or it is another's, or it fell while it had nothing to do.
        self._end()
        return self._sent(setup, request, files)

    def _sent(self, setup: _Setup, request: dict[str, Any], files: list[int]) -> Connection:
        here, there = socket.socketpair()
        with here, there:
            wire.send(self._started(setup), request, [there.fileno(), *files])
            return Connection(here.detach())

    def _started(self, setup: _Setup) -> socket.socket:
        if self._control is None:
            control, theirs = socket.socketpair()
            fetches = setup.written is None
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "server.isolation.child"],
                    cwd=ROOT, env=environment(fetches=fetches), pass_fds=[theirs.fileno()],
                    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
                self._tell({"control": theirs.fileno(), "fetches": fetches, "limits": asdict(setup.limits)})
            self._control, self._setup, self._at_first = control, setup, 0
        return self._control

    def _tell(self, setup: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # a process that fell at once is found when its news stops
            self._process.stdin.write(json.dumps(setup).encode() + b"\n")
            self._process.stdin.flush()

    def _keeps_too_much(self) -> bool:
        """Whether it has not given back what its tasks took."""
        assert self._process is not None
        now = resident(self._process.pid)
        self._at_first = self._at_first or now
        return now > self._at_first + _MOST_KEPT

    def _rest(self) -> None:
        """Keep the process for another task, but not for ever."""
        self._ending = Timer(self._idle_seconds, self._end_idle, (self._process,))
        self._ending.daemon = True
        self._ending.start()

    def _end_idle(self, process: "subprocess.Popen[bytes]") -> None:
        if self._turn.acquire(blocking=False):
            try:
                if self._process is process:
                    self._end()
            finally:
                self._turn.release()

    def _how_it_ended(self) -> int:
        """The signal that ended the process, 0 if none did. It is gone, or will be in a moment."""
        if self._process is None:  # closed meanwhile
            return signal.SIGKILL
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        returned = self._process.poll()
        self._end()
        return -min(returned, 0) if returned is not None else 0

    def _end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()
        self._process = self._control = self._setup = self._ending = None


def _setup(decoding: Decoding, details: dict[str, Any]) -> _Setup:
    try:
        found = model_file(details).stat()
        written = found.st_ino, found.st_mtime_ns, found.st_size
    except OSError:
        written = None
    return _Setup(details["model"], details["weights_dir"], written, LIMITS[decoding])


SPEECH = Speech()
atexit.register(SPEECH.close)
os.register_at_fork(after_in_child=SPEECH.forget)
