"""Work to do: asked for once, held by one attempt at a time, tried again within limits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.work import Carried, FenceLost, Held, Kind, State
from server.models.work import Attempt, Job
from server.services import work

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _asked(session: Session, kind: Kind = Kind.PHOTO) -> Job:
    return work.request(session, kind=kind, subject_id=new_id(), story_id=None, project_id=None)


def _begun(session: Session, job: Job, now: datetime = NOW) -> Held:
    claimed = work.claim(session, job.id, "worker", now)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def _state(session: Session, job: Job) -> str:
    return session.scalars(select(Job.state).where(Job.id == job.id)).one()


def test_asking_twice_gives_the_same_job(session: Session) -> None:
    subject = new_id()
    first = work.request(session, kind="photo", subject_id=subject, story_id=None, project_id=None)
    second = work.request(session, kind="photo", subject_id=subject, story_id=None, project_id=None)
    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_asking_twice_loses_nothing_else_of_the_transaction(session: Session) -> None:
    subject = new_id()
    work.request(session, kind="photo", subject_id=subject, story_id=None, project_id=None)
    other = _asked(session)
    work.request(session, kind="photo", subject_id=subject, story_id=None, project_id=None)
    assert _state(session, other) == State.WAITING


def test_what_was_cancelled_can_be_asked_for_anew(session: Session) -> None:
    job = _asked(session)
    work.cancel(session, _begun(session, job))
    again = work.request(session, kind=job.kind, subject_id=job.subject_id, story_id=None, project_id=None)
    assert (again.id, again.state) == (job.id, State.WAITING)


def test_one_attempt_at_a_time_holds_a_job(session: Session) -> None:
    job = _asked(session)
    assert _begun(session, job).fence == 1
    assert work.claim(session, job.id, "another worker", NOW) is None


def test_a_job_that_is_not_there_is_not_claimed(session: Session) -> None:
    assert work.claim(session, new_id(), "worker", NOW) is None


def test_a_zombie_cannot_finish_fail_or_keep_a_job_that_was_taken_over(session: Session) -> None:
    """fault 35"""
    job = _asked(session)
    zombie = _begun(session, job)
    work.sweep_lost(session, NOW + timedelta(minutes=5), lease_seconds=60)
    heir = _begun(session, job)
    assert not work.heartbeat(session, zombie.job_id, zombie.fence, 0.9)
    for write in (work.hold, work.finish, work.cancel, work.release):
        with pytest.raises(FenceLost):
            write(session, zombie)
    with pytest.raises(FenceLost):
        work.fail(session, zombie, "crashed")
    assert work.heartbeat(session, heir.job_id, heir.fence, 0.1)
    work.finish(session, heir)
    assert _state(session, job) == State.DONE


def test_a_lease_that_is_kept_alive_is_not_swept(session: Session) -> None:
    job = _asked(session)
    held = _begun(session, job)
    work.heartbeat(session, held.job_id, held.fence, 0.4, NOW + timedelta(seconds=59))
    assert work.sweep_lost(session, NOW + timedelta(seconds=100), lease_seconds=60) == 0
    attempt = session.get_one(Attempt, (job.id, 1), populate_existing=True)
    assert attempt.progress == 0.4


def test_a_lost_attempt_is_marked_and_followed_by_another(session: Session) -> None:
    """fault 34"""
    job = _asked(session)
    _begun(session, job)
    assert work.sweep_lost(session, NOW + timedelta(seconds=61), lease_seconds=60) == 1
    assert session.get_one(Attempt, (job.id, 1)).outcome == "lost"
    assert _begun(session, job).fence == 2


def test_a_job_fails_after_three_tries_and_says_why(session: Session) -> None:
    """fault 36"""
    job = _asked(session)
    for state in (State.WAITING, State.WAITING, State.FAILED):
        work.fail(session, _begun(session, job), "crashed")
        assert _state(session, job) == state
    assert work.claim(session, job.id, "worker", NOW) is None
    assert [attempt.error_code for attempt in session.get_one(Job, job.id).attempts] == ["crashed"] * 3


def test_a_job_that_kills_every_worker_is_given_up_in_the_end(session: Session) -> None:
    job = _asked(session)
    for _ in range(6):
        _begun(session, job)
        work.sweep_lost(session, NOW + timedelta(minutes=5), lease_seconds=60)
    assert _state(session, job) == State.FAILED


def test_stopping_a_worker_costs_no_try(session: Session) -> None:
    job = _asked(session)
    work.release(session, _begun(session, job))
    assert (_state(session, job), session.get_one(Job, job.id).tries) == (State.WAITING, 0)


def test_blocked_work_waits_until_its_cause_is_gone(session: Session) -> None:
    job = _asked(session, Kind.TRANSCRIBE)
    work.block(session, _begun(session, job), "weights_missing")
    assert _state(session, job) == State.BLOCKED
    work.unblock(session, datetime.now(UTC) - timedelta(minutes=1))
    assert _state(session, job) == State.BLOCKED
    work.unblock(session, datetime.now(UTC) + timedelta(seconds=1))
    assert _state(session, job) == State.WAITING
    assert session.get_one(Job, job.id).tries == 0


def test_work_that_waits_is_listed_oldest_first(session: Session) -> None:
    first, second = _asked(session), _asked(session, Kind.TRANSCRIBE)
    _begun(session, _asked(session))
    assert work.list_waiting(session) == [Carried(first.id, Kind.PHOTO), Carried(second.id, Kind.TRANSCRIBE)]


def test_forgotten_work_leaves_no_row(session: Session) -> None:
    job = _asked(session, Kind.ERASE)
    work.forget(session, _begun(session, job))
    assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0
