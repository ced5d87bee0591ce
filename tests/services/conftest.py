"""Every service test runs on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import Settings
from server.db import db
from server.domain.access import Role, Viewer
from server.domain.sent import SentPart
from server.models.project import Project
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.services import sending


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    found = Settings.from_environment({"EARSHOT_DATA": str(tmp_path)})
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "earshot.sqlite3")
        return found
    return replace(found, database_url=request.getfixturevalue("postgres").fresh())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(session: Session) -> SimpleNamespace:
    """A project with a researcher, and how the rules see its commissioner, board member and analyst."""
    project = makers.make_project(session)

    def viewer(role: Role):
        return makers.viewer_of(session, makers.make_person(session, project, role))

    return SimpleNamespace(
        project=project, researcher=makers.make_person(session, project, Role.RESEARCHER),
        commissioner=viewer(Role.COMMISSIONER), board_member=viewer(Role.BOARD_MEMBER), analyst=viewer(Role.ANALYST))


@pytest.fixture
def staging(settings: Settings) -> Staging:
    return Staging(settings.uploads_dir)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Staging:
    """The staging folder of another machine."""
    return Staging(tmp_path / "elsewhere")


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def viewer(session: Session, project: Project) -> Viewer:
    return makers.viewer_of(session, makers.make_person(session, project, Role.RESEARCHER))


@pytest.fixture
def sent(session: Session, project: Project) -> SentPart:
    """A recording of a story that agrees to everything."""
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    return sending.part(story.id, sound())
