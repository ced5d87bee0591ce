"""Work to do and tries at it. The database says what is left; a result is written only by the attempt that holds it.

An attempt is given a fence, a number that grows with each try. Whoever has lost the newest number writes nothing.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Update, delete, exists, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.work import PASSING, Carried, FenceLost, Held, Kind, Outcome, State, state_after
from server.models.work import Attempt, Job
from server.services import locks

REQUESTED = "requested_work"
_TRY_AGAIN_AFTER = timedelta(minutes=1)


def request(session: Session, *, kind: Kind, subject_id: str, story_id: str | None, project_id: str | None,
            place: str | None = None) -> Job:
    """Ask for work once: asking again gives the same job. What was cancelled is asked for anew.

    Work with a `place` can be done only where the files of that staging place are. Asking with another place moves it.
    """
    job = Job(id=new_id(), kind=kind, subject_id=subject_id, story_id=story_id, project_id=project_id,
              state=State.WAITING, place=place, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        same = Job.kind == kind, Job.subject_id == subject_id
        job = session.scalars(select(Job).where(*same)).one()
        if job.state == State.CANCELLED or place not in (None, job.place):
            job.state, job.tries, job.finished_at, job.place = State.WAITING, 0, None, place or job.place
            session.flush()
    carry(session, job)
    return job


def request_again(session: Session, *, kind: Kind, subject_id: str, story_id: str | None,
                  project_id: str | None) -> Job:
    """Ask for work that may have been done before: it is done once more. What waits or runs is left as it is."""
    job = request(session, kind=kind, subject_id=subject_id, story_id=story_id, project_id=project_id)
    session.execute(update(Job).where(Job.id == job.id, Job.state.in_((State.DONE, State.FAILED, State.BLOCKED)))
                    .values(state=State.WAITING, tries=0, finished_at=None))
    session.refresh(job)
    return job


def carry(session: Session, job: Job) -> None:
    """List a job for whoever carries work to a worker once this transaction is committed."""
    session.info.setdefault(REQUESTED, []).append(Carried(job.id, Kind(job.kind), job.place))


def claim(session: Session, job_id: str, worker: str, now: datetime,
          place: str | None = None) -> tuple[Job, Attempt] | None:
    """Begin an attempt at a waiting job, or None when it is not waiting (any more), or waits for another place."""
    taken = session.execute(
        update(Job).where(Job.id == job_id, Job.state == State.WAITING, _can_be_done_at(place))
        .values(state=State.RUNNING, fence=Job.fence + 1, tries=Job.tries + 1).returning(Job.id)
    ).scalar_one_or_none()
    if taken is None:
        return None
    job = session.get_one(Job, job_id, populate_existing=True)
    attempt = Attempt(job_id=job.id, fence=job.fence, worker=worker, started_at=now, heartbeat_at=now, progress=0.0)
    session.add(attempt)
    session.flush()
    return job, attempt


def heartbeat(session: Session, job_id: str, fence: int, progress: float, now: datetime | None = None) -> bool:
    """Say that the attempt goes on, with the share done so far, 0 to 1. False: it has lost the job and must stop."""
    holds = exists().where(Job.id == job_id, Job.fence == fence, Job.state == State.RUNNING)
    return _changed(session, update(Attempt).where(Attempt.job_id == job_id, Attempt.fence == fence, holds)
                    .values(heartbeat_at=now or datetime.now(UTC), progress=progress))


def hold(session: Session, held: Held, story_id: str | None = None) -> None:
    """Make sure of the job until the transaction ends, before a result is written. Raises FenceLost.

    With the story's turn, where the result rests on agreement: an answer that comes now is either seen by whoever
    holds the job, or sees what they write.
    """
    if story_id is not None:
        locks.take_story(session, story_id)
    mine = Job.id == held.job_id, Job.fence == held.fence, Job.state == State.RUNNING
    if session.scalar(select(Job.id).where(*mine).with_for_update()) is None:
        raise FenceLost


def finish(session: Session, held: Held) -> None:
    """The job is done. Belongs into the transaction that writes the result. Raises FenceLost."""
    _leave(session, held, State.DONE, Outcome.DONE)


def fail(session: Session, held: Held, code: str, where: str = "") -> None:
    """The attempt failed; `where` is for operators and quotes no story. The job is tried again, up to its limit."""
    tries = session.scalar(select(Job.tries).where(Job.id == held.job_id)) or 0
    _leave(session, held, state_after(tries, Outcome.FAILED), Outcome.FAILED, code, where)


def block(session: Session, held: Held, code: str, where: str = "") -> None:
    """Something outside is missing. This does not count as a try."""
    _leave(session, held, State.BLOCKED, Outcome.BLOCKED, code, where, counts=False)


def cancel(session: Session, held: Held) -> None:
    """Nobody agrees to this work any more."""
    _leave(session, held, State.CANCELLED, Outcome.CANCELLED)


def drop(session: Session, subject_id: str, *kinds: Kind) -> None:
    """Cancel work on something, whoever is at it, so that it can be asked for anew."""
    session.execute(update(Job).where(Job.kind.in_(kinds), Job.subject_id == subject_id)
                    .values(state=State.CANCELLED))


def release(session: Session, held: Held) -> None:
    """Give an unfinished job back, because the worker stops. This does not count as a try."""
    _leave(session, held, State.WAITING, Outcome.STOPPED, counts=False)


def forget(session: Session, held: Held) -> None:
    """Finish a job and keep no row of it, for work whose very name should not stay. Raises FenceLost."""
    finish(session, held)
    session.delete(session.get_one(Job, held.job_id))
    session.flush()


def forget_story(session: Session, story_id: str, *spared: Kind) -> None:
    """Forget all work on a story but these kinds, whoever is at it: they find their fence lost, and end their child."""
    jobs = select(Job.id).where(Job.story_id == story_id, Job.kind.not_in(spared))
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.story_id == story_id, Job.kind.not_in(spared)))


def sweep_lost(session: Session, now: datetime, lease_seconds: float) -> int:
    """Take back the jobs of attempts that were last heard of longer than a lease ago. Returns how many."""
    silent = (select(Attempt).join(Job, (Job.id == Attempt.job_id) & (Job.fence == Attempt.fence))
              .where(Job.state == State.RUNNING, Attempt.heartbeat_at < now - timedelta(seconds=lease_seconds)))
    count = 0
    for attempt in list(session.scalars(silent)):
        tries = session.scalar(select(Job.tries).where(Job.id == attempt.job_id)) or 0
        with suppress(FenceLost):  # another sweep was quicker, or the attempt ended after all
            _leave(session, Held(attempt.job_id, attempt.fence), state_after(tries, Outcome.LOST), Outcome.LOST, "lost")
            count += 1
    return count


def unblock(session: Session, since: datetime) -> int:
    """Let blocked jobs wait for their turn again when they were last tried before `since`. Returns how many."""
    tried_after = exists().where(Attempt.job_id == Job.id, Attempt.fence == Job.fence, Attempt.finished_at >= since)
    freed = session.execute(update(Job).where(Job.state == State.BLOCKED, ~tried_after)
                            .values(state=State.WAITING, finished_at=None).returning(Job.id)).all()
    return len(freed)


def try_passing(session: Session, now: datetime) -> int:
    """Let what waited for the store, or for room, wait for its turn again. Returns how many."""
    tried = exists().where(Attempt.job_id == Job.id, Attempt.fence == Job.fence, Attempt.error_code.in_(PASSING),
                           Attempt.finished_at <= now - _TRY_AGAIN_AFTER)
    freed = session.execute(update(Job).where(Job.state == State.BLOCKED, tried)
                            .values(state=State.WAITING, finished_at=None).returning(Job.id)).all()
    return len(freed)


def list_waiting(session: Session, place: str | None = None) -> list[Carried]:
    """The jobs that could start now at this staging place, oldest first."""
    query = (select(Job.id, Job.kind, Job.place).where(Job.state == State.WAITING, _can_be_done_at(place))
             .order_by(Job.created_at, Job.id))
    return [Carried(job_id, Kind(kind), at) for job_id, kind, at in session.execute(query)]


def _can_be_done_at(place: str | None) -> ColumnElement[bool]:
    """SQL: most work can be done anywhere."""
    return or_(Job.place.is_(None), Job.place == place)


def _leave(session: Session, held: Held, state: State, outcome: Outcome, code: str | None = None,
           where: str | None = None, *, counts: bool = True) -> None:
    """End an attempt and say how its job stands. Raises FenceLost, and then nothing has changed."""
    now = datetime.now(UTC)
    mine = Job.id == held.job_id, Job.fence == held.fence, Job.state == State.RUNNING
    ended = now if state in (State.DONE, State.FAILED, State.CANCELLED) else None
    tries = Job.tries if counts else Job.tries - 1
    if not _changed(session, update(Job).where(*mine).values(state=state, finished_at=ended, tries=tries)):
        raise FenceLost
    progress = {"progress": 1.0} if outcome is Outcome.DONE else {}
    session.execute(update(Attempt).where(Attempt.job_id == held.job_id, Attempt.fence == held.fence)
                    .values(finished_at=now, outcome=outcome, error_code=code, error=where, **progress))
    session.expire_all()


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
