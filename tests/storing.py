"""What a worker does with files that have come in whole, done in this process."""

from threading import Event

from flask import Flask
from sqlalchemy import select

from server.db import db
from server.domain.work import Kind, State
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models.work import Job


def store_what_waits(app: Flask) -> int:
    """Try each waiting STORE job once. Returns how many there were. Commits the caller's work first."""
    return do_what_waits(app, Kind.STORE)


def join_what_waits(app: Flask) -> int:
    """Store what waits, then try each waiting JOIN job once. Returns how many of those there were."""
    store_what_waits(app)
    return do_what_waits(app, Kind.JOIN)


def do_what_waits(app: Flask, kind: Kind) -> int:
    """Try each waiting job of a kind once. Returns how many there were. Commits the caller's work first."""
    db.session.commit()
    waiting = select(Job.id).where(Job.kind == kind, Job.state == State.WAITING).order_by(Job.created_at)
    job_ids = db.session.scalars(waiting).all()
    db.session.rollback()
    for job_id in job_ids:
        run(app, TASKS, job_id, Event())
    return len(job_ids)
