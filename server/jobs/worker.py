"""The worker: `python -m server.jobs.worker`. Does what the queue brings and sweeps for what it has lost."""

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread
from types import FrameType

from flask.cli import ScriptInfo

from server.catching_up import is_up_to_date
from server.config import MIB, Settings
from server.isolation.walls import hide_from_children
from server.jobs.enqueueing import Work
from server.jobs.queue import Consumer, Queue
from server.jobs.sweep import sweep
from server.storage.room import free_bytes

log = logging.getLogger(__name__)

# Children are ended and jobs given back within this time after SIGTERM.
_GRACE_SECONDS = 4.0
_TRY_AGAIN_SECONDS = 1.0


def main() -> None:
    """Run until SIGTERM or SIGINT. Work in progress is given back and begun again by the next worker."""
    hide_from_children()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "huey"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app = ScriptInfo(app_import_path="server").load_app()  # as `flask --app server` does
    settings = app.extensions["earshot"].settings
    here: Work = app.extensions["earshot_work"]

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop_with(here.stopping))
    log.info("working")
    started = datetime.now(UTC)
    consumers: list[Consumer] = []
    is_low = False
    while not here.stopping.is_set():
        if not is_up_to_date(app):
            here.stopping.wait(_TRY_AGAIN_SECONDS)
            continue
        consumers = _attended(here.queue, consumers)
        is_low = look_at_room(settings, is_low)
        with app.app_context():
            sweep(here.queue, settings, started)
        here.stopping.wait(settings.sweep_seconds)
    _stopped(consumers)


def stop_with(stopping: Event) -> Callable[[int, FrameType | None], None]:
    """A handler of signals that sets this. The signal may come while the main thread holds the event's own lock, and
    would wait for itself for ever; another thread waits for a moment only."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        Thread(target=stopping.set, daemon=True).start()

    return stop


def look_at_room(settings: Settings, was_low: bool) -> bool:
    """Whether a disk is nearly full. It is said once, as an error, whenever it becomes so."""
    free = free_bytes(settings.folders)
    is_low = free < settings.low_room_bytes
    if is_low and not was_low:
        log.error("a disk is nearly full: %d MiB are left. Files are refused before it is full", free // MIB)
    return is_low


def _attended(queue: Queue, consumers: list[Consumer]) -> list[Consumer]:
    """The consumers, started as soon as the queue answers, and each of them alive."""
    if consumers:
        for consumer in consumers:
            consumer.check_worker_health()
        return consumers
    consumers = queue.consumers()
    for consumer in consumers:
        consumer.start()
    return consumers


def _stopped(consumers: list[Consumer]) -> None:
    until = time.monotonic() + _GRACE_SECONDS
    for consumer in consumers:
        consumer.stop_flag.set()
    for consumer in consumers:
        for _, thread in consumer.worker_threads:
            thread.join(max(0.0, until - time.monotonic()))
    log.info("stopped")


if __name__ == "__main__":
    main()
