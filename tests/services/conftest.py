"""Every service test runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role, Viewer
from server.domain.sent import SentPart
from server.models.project import Project
from server.models.story import Story
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.installations import Installations
from tests.segments import Run, marker
from tests.services import sending
from tests.services.segmented import Arriving


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, installations: Installations) -> Iterator[Settings]:
    postgres = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with installations.lent(postgres) as settings:
        yield settings


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


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    found = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    return found


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))


@pytest.fixture
def coming(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story) -> Arriving:
    """Two seconds, half a minute's stop, one second, one second; a mark in each."""
    runs = [Run(sound("webm", 2), 2000, "hidden", stopped_ms=30_000), Run(sound("mp4", 1), 1000),
            Run(sound("ogg", 1), 1000)]
    found = Arriving(app, session, viewer, staging, story.id, runs, markers=[marker(at) for at in (500, 2500, 3500)])
    found.manifest()
    return found
