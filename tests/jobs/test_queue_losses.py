"""What Huey loses is not lost: the database says what is left, and the sweep of any worker finds it."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.ids import new_id
from server.domain.work import Carried, Kind, State
from server.jobs.attempt import Attempt, run
from server.jobs.queue import LINES, Queue
from server.jobs.sweep import sweep
from server.models.story import Photo
from server.models.upload import StagingPlace
from server.models.work import Attempt as Attempted
from server.models.work import Job
from server.services import work
from server.storage.staging import Staging
from tests.databases import PostgresServer
from tests.jobs.conftest import PATIENCE_SECONDS, Stories, Worker, carried_by, until

SWEEPING = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Both databases."""
    if request.param == "sqlite":
        return settings
    return replace(settings, database_url=request.getfixturevalue("new_postgres")())


@pytest.fixture(params=["sqlite", *(pytest.param(way, marks=pytest.mark.slow) for way in ("postgresql", "redis"))])
def carried(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The same installation, with work carried in each way."""
    return carried_by(request, settings)


@pytest.fixture
def workers(carried: Settings) -> Iterator[Callable[[], Worker]]:
    """Starts worker processes, none of which outlives the test."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(carried))
        started[-1].start()
        return started[-1]

    yield start
    for worker in started:
        if worker.is_running():
            worker.end(signal.SIGKILL)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_task_that_huey_lost_with_its_worker_is_found_by_the_sweep_of_another(
        session: Session, stories: Stories, carried: Settings, workers: Callable[[], Worker], picture: Path) -> None:
    """fault 34: Huey takes a task off its queue before it is done, and forgets it when the worker is killed."""
    photo = stories.photo(picture)
    photo_id = photo.id
    session.commit()
    first = workers()
    until(session, lambda: session.scalars(select(StagingPlace.id)).all())
    job = stories.ask(Kind.PHOTO, photo_id)  # from here to the commit nobody else can write to the database
    job_id = job.id
    queue = Queue(carried.queue_url, print, ("media",), "")
    queue.put([Carried(job_id, Kind.PHOTO)])
    wait_until_empty(queue)
    first.end(signal.SIGKILL)
    session.info.pop(work.REQUESTED)  # carried it was, above
    session.commit()
    assert queue.consumers()[0].huey.pending_count() == 0
    job = session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.attempts) == (State.WAITING, [])
    session.rollback()
    workers()
    until(session, lambda: session.scalar(select(Job.state).where(Job.id == job_id)) == State.DONE)
    assert session.scalars(select(Attempted.outcome)).all() == ["done"]
    assert session.get_one(Photo, photo_id, populate_existing=True).width == 64


def wait_until_empty(queue: Queue) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while queue.consumers()[0].huey.pending_count():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_sweeps_of_several_workers_at_once_double_nothing(app: Flask, session: Session, settings: Settings,
                                                          caplog: pytest.LogCaptureFixture) -> None:
    """fault 34"""
    asked = [work.request(session, kind=Kind.PHOTO, subject_id=new_id(), story_id=None, project_id=None).id
             for _ in range(9)]
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    for job_id in asked[:3]:
        assert work.claim(session, job_id, "a worker that was killed", long_ago)
    session.info.pop(work.REQUESTED)
    session.commit()
    done: list[str] = []
    together, over = Barrier(SWEEPING), Event()

    def finish(attempt: Attempt) -> None:
        done.append(attempt.held.job_id)
        attempt.write(lambda session: work.finish(session, attempt.held))

    def one_worker(_number: int) -> None:
        queue = Queue(settings.queue_url, lambda job_id: run(app, {Kind.PHOTO: finish}, job_id, Event()), LINES,
                      Staging(settings.uploads_dir).place)
        consumers = queue.consumers()
        for consumer in consumers:
            consumer.start()
        together.wait(PATIENCE_SECONDS)
        while not over.wait(0.05):
            with app.app_context():
                sweep(queue, settings, datetime.now(UTC))
        for consumer in consumers:
            consumer.stop_flag.set()
            for _, thread in consumer.worker_threads:
                thread.join()

    with ThreadPoolExecutor(SWEEPING) as at_once:
        working = [at_once.submit(one_worker, number) for number in range(SWEEPING)]
        try:
            until(session, lambda: set(session.scalars(select(Job.state))) == {State.DONE})
        finally:
            over.set()
        for worker in working:
            worker.result()
    assert sorted(done) == sorted(asked)
    outcomes = Counter(session.execute(select(Attempted.job_id, Attempted.outcome)).tuples().all())
    assert outcomes == Counter([(job_id, "done") for job_id in asked] + [(job_id, "lost") for job_id in asked[:3]])
    assert "a step of the sweep failed" not in caplog.text


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@pytest.mark.parametrize("carried", ["postgresql"], indirect=True)
def test_a_worker_goes_on_after_its_database_and_its_queue_were_restarted(
        session: Session, stories: Stories, workers: Callable[[], Worker], postgres: PostgresServer,
        picture: Path) -> None:
    """fault 50"""
    before, after = (stories.ask(Kind.PHOTO, stories.photo(picture).id).id for _ in range(2))
    session.commit()
    worker = workers()
    until(session, lambda: session.scalar(select(Job.state).where(Job.id == before)) == State.DONE)
    postgres.pause()
    postgres.resume()
    until(session, lambda: session.scalar(select(Job.state).where(Job.id == after)) == State.DONE)
    again = stories.ask(Kind.PHOTO, stories.photo(picture).id).id
    session.commit()
    until(session, lambda: session.scalar(select(Job.state).where(Job.id == again)) == State.DONE)
    assert worker.is_running()
