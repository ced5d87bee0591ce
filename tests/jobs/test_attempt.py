"""An attempt while its database is away: the child goes on, and the result is written when the database is back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from server.app import create_app
from server.config import Settings
from server.db import db
from server.domain.work import Kind
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models.work import Job
from server.services import work
from tests.databases import PostgresServer
from tests.jobs.conftest import Stories
from tests.media.sounds import silence


@pytest.fixture
def app(tmp_path: Path, new_postgres: Callable[[], str]) -> Iterator[Flask]:
    """The app on PostgreSQL, with frequent heartbeats."""
    settings = replace(Settings.from_environment({"EARSHOT_DATA": str(tmp_path)}), database_url=new_postgres(),
                       heartbeat_seconds=0.05)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
def test_a_child_goes_on_while_the_database_is_away_and_its_result_is_written_afterwards(
        app: Flask, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 50"""
    session = db.session()
    (tmp_path / "quiet.flac").write_bytes(silence(0.3).getvalue())
    stories = Stories(app, session)
    job_id = stories.ask(Kind.PLAYBACK, stories.recording(tmp_path / "quiet.flac").id).id
    session.commit()
    begun, missed = Event(), Event()
    heartbeat = work.heartbeat

    def watched(*arguments: object) -> bool:
        begun.set()
        try:
            return heartbeat(*arguments)  # type: ignore[arg-type]
        except OperationalError:
            missed.set()
            raise

    def go_away_and_come_back() -> None:
        begun.wait(60)
        postgres.pause()
        missed.wait(60)
        postgres.resume()

    monkeypatch.setattr(work, "heartbeat", watched)
    away = Thread(target=go_away_and_come_back)
    away.start()
    run(app, TASKS, job_id, Event())
    away.join()
    assert missed.is_set()
    job = session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, [attempt.outcome for attempt in job.attempts]) == ("done", ["done"])
