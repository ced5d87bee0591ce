"""Hands work to the queue once the transaction that asked for it is committed, and never before."""

from threading import Event

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.db import db
from server.jobs.attempt import run
from server.jobs.queue import Queue
from server.jobs.tasks import TASKS
from server.services.work import REQUESTED
from server.storage.staging import Staging


class Work:
    """The queue of an app, and the sign that its worker should stop."""

    def __init__(self, app: Flask) -> None:
        self.stopping = Event()
        settings = app.extensions["earshot"].settings
        place = Staging(settings.uploads_dir).place
        self.queue = Queue(settings.queue_url, lambda job_id: run(app, TASKS, job_id, self.stopping),
                           settings.work_lines, place)


def attach(app: Flask) -> None:
    """Give the app its queue."""
    app.extensions["earshot_work"] = Work(app)


@event.listens_for(db.session, "after_commit")
def _committed(session: Session) -> None:
    """Also called for savepoints, which commit nothing yet."""
    if session.in_nested_transaction():
        return
    asked = session.info.pop(REQUESTED, [])
    if asked:
        here: Work = current_app.extensions["earshot_work"]
        here.queue.put(asked)


@event.listens_for(db.session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(REQUESTED, None)
