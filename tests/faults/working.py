"""What a worker does, here and now: the jobs that wait, and one sweep."""

from datetime import UTC, datetime
from threading import Event

from flask import Flask
from sqlalchemy import select

from server.db import db
from server.domain.work import State
from server.jobs.attempt import run
from server.jobs.sweep import sweep
from server.jobs.tasks import TASKS
from server.models.work import Job


def work_on(app: Flask, *kinds: str) -> None:
    """Do the jobs of these kinds that wait, and what they bring, until none waits."""
    while waiting := _waiting(kinds):
        for job_id in waiting:
            run(app, TASKS, job_id, Event())


def sweep_here(app: Flask) -> None:
    """One round of a worker's sweep."""
    sweep(app.extensions["earshot_work"].queue, app.extensions["earshot"].settings, datetime.now(UTC))


def _waiting(kinds: tuple[str, ...]) -> list[str]:
    query = select(Job.id).where(Job.state == State.WAITING, Job.kind.in_(kinds))
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found
