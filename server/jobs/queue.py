"""Huey carries work from the process that asks for it to the worker. What it loses, the sweep finds again.

There are lines, so that photos and erasures do not wait behind a recording of two hours, and so that a file is copied
by a worker of the machine on whose disk it is staged.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Lock

from huey import Huey
from huey.consumer import Consumer as HueyConsumer

from server.domain.work import Carried, Kind
from server.jobs.lines import carrier

log = logging.getLogger(__name__)

SPEECH, MEDIA, STORE = LINES = ("speech", "media", "store")
_OF_SPEECH = frozenset({Kind.TRANSCRIBE, Kind.SPEAKERS, Kind.TRANSLATE, Kind.CHECK_REDACTION})
# SQLite is looked at again and again; PostgreSQL and Redis call, and are asked again only while they are away.
_LOOK_SECONDS, _ASK_AGAIN_SECONDS, _SELDOM_SECONDS = 0.5, 5.0, 60


class Consumer(HueyConsumer):  # type: ignore[misc]
    """Takes work from one line. The signals of the process are not its business."""

    def _set_signal_handlers(self) -> None:
        pass


class Queue:
    """The lines at `url`. `run` is called in a worker with a job's id.

    `served` are the names of the lines that a worker of this process serves; its store line is that of the staging
    place `place`. Raises ValueError for an address that is none, and for a line that is none.
    """

    def __init__(self, url: str, run: Callable[[str], None], served: Collection[str], place: str) -> None:
        if not served or set(served) - set(LINES):
            raise ValueError(f"WORK_LINES names some of {', '.join(LINES)}")
        self._carrier = carrier(url)
        self._run = run
        self._served = [_at(place) if name == STORE else name for name in LINES if name in served]
        self._lines: dict[str, Huey] = {}
        self._lock = Lock()

    def put(self, jobs: Iterable[Carried]) -> None:
        """Carry these jobs to a worker. A queue that cannot be written loses nothing: the sweep comes later."""
        try:
            for job in jobs:
                self._line(line_of(job)).run_job(job.job_id)
        except self._carrier.failures as error:
            log.warning("the queue took no work: %s", type(error).__name__)

    def refill(self, jobs: Sequence[Carried]) -> None:
        """Carry those of the jobs that this worker can do, line by line where nothing is waiting.

        A job that two workers put back at the same moment is carried twice and done once.
        """
        try:
            empty = {name for name in self._served if self._line(name).pending_count() == 0}
        except self._carrier.failures as error:
            log.warning("the queue does not answer: %s", type(error).__name__)
            return
        self.put(job for job in jobs if line_of(job) in empty)

    def consumers(self) -> list[Consumer]:
        """One thread for each line that is served, not started yet. None while the queue is away."""
        try:
            return [_consumer(self._line(name)) for name in self._served]
        except self._carrier.failures as error:
            log.warning("the queue does not answer: %s", type(error).__name__)
            return []

    def _line(self, name: str) -> Huey:
        with self._lock:
            if name not in self._lines:
                self._lines[name] = self._opened(name)
            return self._lines[name]

    def _opened(self, name: str) -> Huey:
        line = self._carrier.open(name)

        def run_job(job_id: str) -> None:
            self._run(job_id)

        line.run_job = line.task()(run_job)
        return line


def _consumer(line: Huey) -> Consumer:
    longest = _ASK_AGAIN_SECONDS if line.storage.blocking else _LOOK_SECONDS
    return Consumer(line, workers=1, periodic=False, max_delay=longest, scheduler_interval=_SELDOM_SECONDS)


def line_of(job: Carried) -> str:
    """The name of the line that a job goes to."""
    if job.place is not None:
        return _at(job.place)
    return SPEECH if job.kind in _OF_SPEECH else MEDIA


def _at(place: str) -> str:
    return f"{STORE}-{place}"
