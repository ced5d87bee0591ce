"""Work reaches the queue after its commit, and the sweep puts back what the queue has lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.ids import new_id
from server.domain.work import Carried, Kind
from server.jobs.enqueueing import Work
from server.jobs.queue import Queue
from server.jobs.sweep import sweep
from server.services import work
from server.storage.staging import Staging
from tests.jobs.conftest import carried_by


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The same installation, with work carried in each way."""
    return carried_by(request, settings)


def _ask(session: Session, kind: Kind = Kind.PHOTO, subject_id: str | None = None, place: str | None = None) -> str:
    return work.request(session, kind=kind, subject_id=subject_id or new_id(), story_id=None, project_id=None,
                        place=place).id


def _carried(settings: Settings) -> dict[str, list[str]]:
    """The ids of the jobs in each line."""
    queue = Queue(settings.queue_url, lambda job_id: None, ("speech", "media", "store"), _place(settings))
    return {consumer.huey.name.partition("-")[0]: [task.args[0] for task in consumer.huey.pending()]
            for consumer in queue.consumers()}


def _place(settings: Settings) -> str:
    return Staging(settings.uploads_dir).place


NOTHING: dict[str, list[str]] = {"speech": [], "media": [], "store": []}


def test_work_is_carried_once_it_is_committed(session: Session, settings: Settings) -> None:
    photo, speech = _ask(session), _ask(session, Kind.TRANSCRIBE)
    file = _ask(session, Kind.STORE, place=_place(settings))
    assert _carried(settings) == NOTHING
    session.commit()
    assert _carried(settings) == {"media": [photo], "speech": [speech], "store": [file]}


def test_work_that_was_rolled_back_is_not_carried(session: Session, settings: Settings) -> None:
    _ask(session)
    session.rollback()
    session.commit()
    assert _carried(settings) == NOTHING


def test_asking_twice_within_a_transaction_carries_nothing_early_and_forgets_nothing(session: Session,
                                                                                    settings: Settings) -> None:
    first = _ask(session)
    second = _ask(session, subject_id="one")
    _ask(session, subject_id="one")
    assert _carried(settings) == NOTHING
    session.commit()
    assert set(_carried(settings)["media"]) == {first, second}


def test_the_sweep_carries_what_an_empty_queue_has_lost_and_nothing_twice(app: Flask, session: Session,
                                                                         settings: Settings) -> None:
    jobs = [_ask(session), _ask(session)]
    speech, file = _ask(session, Kind.TRANSCRIBE), _ask(session, Kind.STORE, place=_place(settings))
    session.commit()
    queue: Queue = app.extensions["earshot_work"].queue
    for consumer in queue.consumers():
        consumer.huey.storage.flush_queue()
    assert _carried(settings) == NOTHING
    for _ in range(2):
        sweep(queue, settings, datetime.now(UTC))
        assert _carried(settings) == {"media": jobs, "speech": [speech], "store": [file]}


def test_what_is_staged_on_another_machine_is_carried_to_its_own_line_and_not_swept_here(
        app: Flask, session: Session, settings: Settings) -> None:
    elsewhere = new_id()
    job_id = _ask(session, Kind.STORE, place=elsewhere)
    session.commit()
    sweep(app.extensions["earshot_work"].queue, settings, datetime.now(UTC))
    assert _carried(settings) == NOTHING
    there = Queue(settings.queue_url, lambda job_id: None, ("store",), elsewhere)
    assert [task.args[0] for consumer in there.consumers() for task in consumer.huey.pending()] == [job_id]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_queue_that_cannot_be_written_does_not_fail_the_request(session: Session, settings: Settings,
                                                                 caplog: pytest.LogCaptureFixture) -> None:
    """fault 50"""
    Path(settings.queue_url.removeprefix("sqlite:///")).mkdir()
    job_id = _ask(session)
    session.commit()
    assert work.list_waiting(session) == [Carried(job_id, Kind.PHOTO)]
    assert "the queue took no work" in caplog.text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_each_app_has_a_queue_of_its_own(app: Flask) -> None:
    assert isinstance(app.extensions["earshot_work"], Work)
