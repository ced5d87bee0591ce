"""A real worker process on the test's own database, with short leases, and files for it to work on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.config import ROOT, Settings
from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.work import Kind
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models.story import Photo, Recording, Story
from server.models.work import Job
from server.services import work
from tests import makers
from tests.recordings import SHARED
from tests.redises import RedisServer

SPEECH = SHARED / "jfk.flac"
PATIENCE_SECONDS = 120


def until(session: Session, happened: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again, in a new transaction each time, until it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = happened()
        session.rollback()
        if found:
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


def children_of(pid: int) -> set[int]:
    """The living processes that this process started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.add(int(stat.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Worker:
    """`python -m server.jobs.worker` for these settings."""

    def __init__(self, settings: Settings) -> None:
        self._environment = os.environ | {
            "EARSHOT_DATA": str(settings.data_dir), "WHISPER_DIR": str(settings.whisper_dir),
            "WHISPER_MODEL": settings.whisper_model, "DATABASE_URL": settings.database_url,
            "QUEUE_URL": settings.queue_url, "LEASE_SECONDS": "2", "HEARTBEAT_SECONDS": "0.3", "SWEEP_SECONDS": "0.3",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "server.jobs.worker"], cwd=ROOT,
                                         env=self._environment)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end. Returns the exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(PATIENCE_SECONDS)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    """A worker that is not started yet, and does not outlive the test."""
    found = Worker(settings)
    yield found
    if found.is_running():
        found.end(signal.SIGKILL)


@pytest.fixture
def speech(settings: Settings) -> Path:
    """Eleven seconds of real speech, for tests that really transcribe."""
    if not SPEECH.exists():
        pytest.skip(f"there is no speech to transcribe at {SPEECH}")
    if not (settings.whisper_dir / "base.pt").exists():
        pytest.skip("the speech model is missing: make weights")
    return SPEECH


class Stories:
    """A story whose parts have real bytes in the store."""

    def __init__(self, app: Flask, session: Session) -> None:
        self._session, self._store = session, app.extensions["earshot"].store
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.story: Story = makers.make_story(session, self.project, self.researcher)

    def recording(self, path: Path) -> Recording:
        with path.open("rb") as source:
            stored = self._store.put(source)
        row = Recording(id=new_id(), story_id=self.story.id, position=0, sha256=stored.sha256, size=stored.size,
                        container="flac", started_at=makers.NOON, received_at=makers.NOON)
        self._session.add(row)
        self._session.flush()
        return row

    def photo(self, path: Path) -> Photo:
        with path.open("rb") as source:
            stored = self._store.put(source)
        row = Photo(id=new_id(), story_id=self.story.id, position=0, sha256=stored.sha256, size=stored.size,
                    description="", received_at=makers.NOON)
        self._session.add(row)
        self._session.flush()
        return row

    def ask(self, kind: Kind, subject_id: str) -> Job:
        return work.request(self._session, kind=kind, subject_id=subject_id, story_id=self.story.id,
                            project_id=self.project.id)


@pytest.fixture
def stories(app: Flask, session: Session) -> Stories:
    return Stories(app, session)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small JPEG."""
    from PIL import Image

    path = tmp_path / "picture.jpg"
    Image.new("RGB", (64, 48), "teal").save(path)
    return path


def try_once(app: Flask, session: Session, job: Job) -> Job:
    """The job after one attempt at it in this process."""
    job_id = job.id
    session.commit()
    run(app, TASKS, job_id, Event())
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def carried_by(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The same installation, with work carried in the way that `request.param` names, by a real server."""
    if request.param == "postgresql":
        return replace(settings, queue_url=request.getfixturevalue("new_postgres")())
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.empty()
        return replace(settings, queue_url=server.url)
    return settings
