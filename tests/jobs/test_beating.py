"""Work that takes long and says nothing itself is heard of nevertheless."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from server.domain.work import Held, Kind
from server.jobs.beating import beating
from server.models.work import Attempt, Job
from server.services import work
from tests import makers
from tests.jobs.conftest import Stories, until


def begun(session: Session, stories: Stories) -> Held:
    """An attempt at something, last heard of long ago."""
    job = stories.ask(Kind.SCRUB, stories.story.id)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    session.commit()
    return Held(claimed[0].id, claimed[0].fence)


def test_an_attempt_is_heard_of_until_its_work_is_over(app: Flask, session: Session, stories: Stories) -> None:
    """fault 34"""
    held = begun(session, stories)
    with beating(app, held, 0.01):
        until(session, lambda: session.get_one(Attempt, (held.job_id, held.fence)).heartbeat_at > makers.NOON)
    assert work.sweep_lost(session, makers.NOON + timedelta(minutes=2), 60) == 0


def test_an_attempt_whose_job_is_gone_is_heard_of_no_more_and_its_work_ends_by_itself(
    app: Flask, session: Session, stories: Stories
) -> None:
    """faults 27, 35"""
    held = begun(session, stories)
    session.query(Attempt).delete()
    session.query(Job).delete()
    session.commit()
    with beating(app, held, 0.01):
        pass
    assert session.query(Attempt).count() == 0
