"""The real app, in a process that kills itself with SIGKILL at the step it was told: for gunicorn and for jobs.

A killed process leaves behind what its system calls did until then and nothing else. So it is killed before each call
that changes something outside of itself (a file, a lock, a row, a commit, the queue) and before the answer: after one
step is before the next. The app is not changed for it: calls are seen from outside, by the interpreter's own profiler
and by SQLAlchemy's events.

A control file says at which step: `12`, or `2 commit` for the second commit. Whoever is killed empties it first.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

from server.app import create_app
from server.config import Settings
from tests.faults.working import sweep_here, work_on

CONTROL, KILLED = "kill_at", "killed_at"

_CALLS = frozenset({
    "posix.open", "posix.fsync", "posix.ftruncate", "posix.unlink", "posix.rename", "posix.replace", "posix.mkdir",
    "posix.link", "posix.rmdir", "fcntl.flock", "FileIO.write", "FileIO.truncate", "BufferedWriter.flush",
})
_SILENT = ("SELECT", "BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Steps:
    """Counts the steps of this process, and ends it at the one that the control file names."""

    def __init__(self, folder: Path) -> None:
        self._control, self._killed = folder / CONTROL, folder / KILLED
        self._left, self._only, self._taking = 0, "", False
        self._lock = threading.Lock()
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", lambda _connection: self.take("commit"))

    def arm(self) -> None:
        """Read the control file, once for as long as a count goes on."""
        if self._left:
            return
        words = self._control.read_text().split() if self._control.exists() else []
        self._left, self._only = int(words[0]) if words else 0, " ".join(words[1:])

    def watch(self) -> None:
        """See the calls of this thread from now on."""
        sys.setprofile(self._called)

    def take(self, step: str) -> None:
        """One step, before it is done."""
        if not self._left or self._taking or (self._only and self._only != step):
            return
        with self._lock:
            self._left -= 1
            if not self._left:
                self._taking = True
                self._control.write_text("")
                self._killed.write_text(step)
                os.kill(os.getpid(), signal.SIGKILL)

    def _called(self, _frame: FrameType, kind: str, called: Any) -> None:
        if kind == "c_call":
            owner = called.__module__ or type(called.__self__).__name__
            if (name := f"{owner}.{called.__name__}") in _CALLS:
                self.take(name)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_SILENT):
            self.take(" ".join(statement.split()[:3]))


class Killable:
    """The app for gunicorn. It is made in the process that serves, so that a new one is there soon."""

    def __init__(self) -> None:
        self._app: Callable[..., Iterable[bytes]] | None = None
        self._steps: Steps | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            if self._app is None or self._steps is None:
                self._app, self._steps = create_app(), Steps(Path(os.environ["EARSHOT_DATA"]))
        self._steps.arm()
        self._steps.watch()
        try:
            answer = list(self._app(environ, start_response))
        finally:
            sys.setprofile(None)
        self._steps.take("answer")
        return answer


application = Killable()


def work_once(folder: str, kinds: tuple[str, ...]) -> None:
    """Do in this process what waits of these kinds, and what was lost, as a worker does it."""
    app = create_app(Settings.from_environment({"EARSHOT_DATA": folder, "LEASE_SECONDS": "0"}))
    steps = Steps(Path(folder))
    with app.app_context():
        sweep_here(app)
        steps.arm()
        steps.watch()
        work_on(app, *kinds)
        sys.setprofile(None)
        steps.take("end")
