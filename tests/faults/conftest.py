"""A phone and a server between which, and in which, things break."""

import os
import random
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.domain.work import State
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models.work import Job
from tests.api.conftest import phone, place

__all__ = ["chance", "phone", "place"]


@pytest.fixture
def chance() -> random.Random:
    """Where things break at random. A failing test prints the seed: FAULT_SEED repeats it."""
    seed = os.environ.get("FAULT_SEED") or str(random.SystemRandom().getrandbits(32))
    print(f"FAULT_SEED={seed}")
    return random.Random(seed)


def work_on(app: Flask, *kinds: str) -> None:
    """Do the jobs of these kinds that wait, and what they bring, until none waits."""
    while waiting := _waiting(kinds):
        for job_id in waiting:
            run(app, TASKS, job_id, Event())


def _waiting(kinds: tuple[str, ...]) -> list[str]:
    query = select(Job.id).where(Job.state == State.WAITING, Job.kind.in_(kinds))
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found
