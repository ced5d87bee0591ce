"""Huey carries work from the process that asks for it to the worker. What it loses, the sweep finds again.

There are two lines, so that photos and erasures do not wait behind a recording of two hours.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock

from huey import SqliteHuey
from huey.consumer import Consumer

from server.domain.work import Kind

log = logging.getLogger(__name__)

_SPEECH, _MEDIA = "speech", "media"
Carried = tuple[str, Kind]


class Queue:
    """The lines in the file at `path`, made when first used. `run` is called in a worker with a job's id."""

    def __init__(self, path: Path, run: Callable[[str], None]) -> None:
        self._path = path
        self._run = run
        self._lines: dict[str, SqliteHuey] = {}
        self._lock = Lock()

    def put(self, jobs: Iterable[Carried]) -> None:
        """Carry these jobs to a worker. A queue that cannot be written loses nothing: the sweep comes later."""
        try:
            for job_id, kind in jobs:
                self._line(_line_of(kind)).run_job(job_id)
        except (sqlite3.Error, OSError) as error:
            log.warning("the queue took no work: %s", type(error).__name__)

    def refill(self, jobs: Sequence[Carried]) -> None:
        """Carry all these jobs, line by line where nothing is waiting, so that none waits twice."""
        for name in (_SPEECH, _MEDIA):
            if self._line(name).pending_count() == 0:
                self.put((job_id, kind) for job_id, kind in jobs if _line_of(kind) == name)

    def consumers(self) -> list[Consumer]:
        """One thread for each line, not started yet."""
        return [Consumer(self._line(name), workers=1, periodic=False, max_delay=0.5) for name in (_SPEECH, _MEDIA)]

    def _line(self, name: str) -> SqliteHuey:
        with self._lock:
            if name not in self._lines:
                self._lines[name] = self._opened(name)
            return self._lines[name]

    def _opened(self, name: str) -> SqliteHuey:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = SqliteHuey(name, filename=str(self._path), results=False)

        def run_job(job_id: str) -> None:
            self._run(job_id)

        line.run_job = line.task()(run_job)
        return line


def _line_of(kind: Kind) -> str:
    return _SPEECH if kind is Kind.TRANSCRIBE else _MEDIA
