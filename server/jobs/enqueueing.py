"""Hands work to the queue once the transaction that asked for it is committed, and never before."""

from threading import Event

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.db import db
from server.jobs.attempt import run
from server.jobs.queue import Queue
from server.jobs.tasks import TASKS
from server.services.work import REQUESTED


class Work:
    """The queue of an app, and the sign that its worker should stop."""

    def __init__(self, app: Flask) -> None:
        self.stopping = Event()
        settings = app.extensions["earshot"].settings
        self.queue = Queue(settings.queue_path, lambda job_id: run(app, TASKS, job_id, self.stopping))


def attach(app: Flask) -> None:
    """Listen to the commits of this app's sessions."""
    found = Work(app)
    app.extensions["earshot_work"] = found
    with app.app_context():
        sessions = db.session

    @event.listens_for(sessions, "after_commit")
    def _committed(session: Session) -> None:
        if not session.in_nested_transaction():
            found.queue.put(session.info.pop(REQUESTED, []))

    @event.listens_for(sessions, "after_rollback")
    def _rolled_back(session: Session) -> None:
        session.info.pop(REQUESTED, None)
