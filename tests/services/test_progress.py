"""How work stands and how long it will still take, from what its worker last said, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.work import Kind, Outcome, State
from server.models.work import Attempt, Job
from server.services import progress, work
from server.services.progress import Progress
from tests import makers

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def job(session: Session) -> Job:
    project = makers.make_project(session)
    return work.request(session, kind=Kind.TRANSCRIBE, subject_id=new_id(), story_id=None, project_id=project.id)


def _attempt(session: Session, job: Job, share: float, outcome: Outcome | None = None) -> None:
    """One that was last heard of a minute after it began."""
    job.fence += 1
    job.state = State.RUNNING if outcome is None else State.WAITING
    session.add(Attempt(job_id=job.id, fence=job.fence, worker="worker", started_at=makers.NOON, outcome=outcome,
                        heartbeat_at=makers.NOON + A_MINUTE, progress=share))
    session.flush()


def _now(session: Session, job: Job) -> Progress:
    return progress.of(session, [Kind(job.kind)], [job.subject_id])[Kind(job.kind), job.subject_id]


def test_work_that_waits_has_no_share_and_nobody_knows_how_long_it_takes(session: Session, job: Job) -> None:
    assert _now(session, job) == Progress(State.WAITING, "It is waiting for its turn.", 0.0, None)


def test_the_time_left_follows_from_the_time_that_was_taken(session: Session, job: Job) -> None:
    _attempt(session, job, 0.25)
    assert _now(session, job) == Progress(State.RUNNING, "It is being done now.", 0.25, 180.0)


def test_what_an_attempt_before_has_heard_does_not_make_this_one_look_faster(session: Session, job: Job) -> None:
    _attempt(session, job, 0.1, Outcome.FAILED)
    _attempt(session, job, 0.5, Outcome.LOST)
    _attempt(session, job, 0.75)
    assert _now(session, job).left_s == 60.0


def test_an_attempt_that_had_to_begin_anew_is_taken_by_itself(session: Session, job: Job) -> None:
    _attempt(session, job, 0.9, Outcome.LOST)
    _attempt(session, job, 0.5)
    assert _now(session, job).left_s == 60.0


def test_work_that_is_done_once_more_begins_at_nothing(session: Session, job: Job) -> None:
    _attempt(session, job, 1.0, Outcome.DONE)
    assert _now(session, job).share == 0.0
    _attempt(session, job, 0.5)
    assert _now(session, job) == Progress(State.RUNNING, "It is being done now.", 0.5, 60.0)


@pytest.mark.parametrize("kind", [Kind.SPEAKERS, Kind.TRANSLATE])
def test_work_that_always_begins_anew_is_taken_by_itself(session: Session, job: Job, kind: Kind) -> None:
    job.kind = kind
    _attempt(session, job, 0.4, Outcome.LOST)
    _attempt(session, job, 0.5)
    assert _now(session, job).left_s == 60.0


def test_nothing_is_said_of_the_time_once_it_has_ended(session: Session, job: Job) -> None:
    _attempt(session, job, 0.5, Outcome.FAILED)
    assert _now(session, job).left_s is None
