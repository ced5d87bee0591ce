"""News of an attempt whose work says nothing itself, such as a copy of a large file to somewhere far away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError

from server.db import db
from server.domain.work import Held
from server.services import work

# The database is busy, restarting or out of reach.
AWAY = (OperationalError, InterfaceError)


@contextmanager
def beating(app: Flask, held: Held, seconds: float) -> Iterator[None]:
    """Say every few seconds, until the block is left, that the attempt goes on."""
    over = Event()

    def beat() -> None:
        goes_on = True
        while goes_on and not over.wait(seconds):
            goes_on = _beaten(app, held)

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beaten(app: Flask, held: Held) -> bool:
    with app.app_context():
        session = db.session()
        try:
            goes_on = work.heartbeat(session, held.job_id, held.fence, 0.0)
            session.commit()
        except AWAY:
            session.rollback()
            return True
        return goes_on
