"""Work reaches the queue after its commit, and the sweep puts back what the queue has lost."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from huey import SqliteHuey
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.ids import new_id
from server.domain.work import Kind
from server.jobs.enqueueing import Work
from server.jobs.queue import Queue
from server.jobs.sweep import sweep
from server.services import work


def _ask(session: Session, kind: Kind = Kind.PHOTO, subject_id: str | None = None) -> str:
    return work.request(session, kind=kind, subject_id=subject_id or new_id(), story_id=None, project_id=None).id


def _carried(settings: Settings) -> dict[str, list[str]]:
    """The ids of the jobs in each line."""
    queue = Queue(settings.queue_path, lambda job_id: None)
    lines = {name: queue._line(name) for name in ("speech", "media")}
    return {name: [task.args[0] for task in line.pending()] for name, line in lines.items()}


def test_work_is_carried_once_it_is_committed(session: Session, settings: Settings) -> None:
    photo, speech = _ask(session), _ask(session, Kind.TRANSCRIBE)
    assert not settings.queue_path.exists()
    session.commit()
    assert _carried(settings) == {"media": [photo], "speech": [speech]}


def test_work_that_was_rolled_back_is_not_carried(session: Session, settings: Settings) -> None:
    _ask(session)
    session.rollback()
    session.commit()
    assert not settings.queue_path.exists()


def test_asking_twice_within_a_transaction_carries_nothing_early_and_forgets_nothing(session: Session,
                                                                                    settings: Settings) -> None:
    first = _ask(session)
    second = _ask(session, subject_id="one")
    _ask(session, subject_id="one")
    assert not settings.queue_path.exists()
    session.commit()
    assert set(_carried(settings)["media"]) == {first, second}


def test_the_sweep_carries_what_an_empty_queue_has_lost_and_nothing_twice(app: Flask, session: Session,
                                                                         settings: Settings) -> None:
    jobs = [_ask(session), _ask(session)]
    session.commit()
    queue: Queue = app.extensions["earshot_work"].queue
    line: SqliteHuey = queue._line("media")
    line.storage.flush_queue()
    for _ in range(2):
        sweep(queue, settings, datetime.now(UTC))
        assert _carried(settings)["media"] == jobs


def test_a_queue_that_cannot_be_written_does_not_fail_the_request(app: Flask, session: Session, settings: Settings,
                                                                 caplog: pytest.LogCaptureFixture) -> None:
    """fault 50"""
    settings.queue_path.mkdir()
    job_id = _ask(session)
    session.commit()
    assert work.list_waiting(session) == [(job_id, Kind.PHOTO)]
    assert "the queue took no work" in caplog.text


def test_each_app_has_a_queue_of_its_own(app: Flask) -> None:
    assert isinstance(app.extensions["earshot_work"], Work)
