"""A phone in the hands of a researcher, and everything it would send."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, Response, request
from sqlalchemy.orm import Session

from server.api.description import PREFIX
from server.domain.access import Role
from server.models.people import Person
from server.models.project import Project
from tests.api.described import wrong_with
from tests.api.gunicorn import Gunicorn
from tests.api.live import LiveServer
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import make_person, make_project, wording_of

Server = LiveServer | Gunicorn


@dataclass(frozen=True)
class Place:
    """A project with one researcher."""

    project_id: str
    wording_id: str
    project: Project
    researcher: Person


@pytest.fixture
def place(session: Session) -> Place:
    project = make_project(session)
    researcher = make_person(session, project, Role.RESEARCHER)
    found = Place(project.id, wording_of(session, project).id, project, researcher)
    session.commit()
    return found


@pytest.fixture
def phone(place: Place, sign_in_as: Callable[[Person], Browser]) -> Phone:
    """A phone whose researcher is signed in."""
    return Phone(sign_in_as(place.researcher), place.project_id, place.wording_id)


@pytest.fixture
def other_phone(session: Session, sign_in_as: Callable[[Person], Browser]) -> Phone:
    """A phone of a researcher in another project."""
    project = make_project(session, "Another project")
    person = make_person(session, project, Role.RESEARCHER, name="Lou")
    return Phone(sign_in_as(person), project.id, wording_of(session, project).id)


@pytest.fixture(autouse=True)
def as_described(app: Flask) -> Iterator[None]:
    """Every answer under /api/v1 is one that the description knows."""
    wrong: list[str] = []

    def look(response: Response) -> Response:
        if request.path.startswith(PREFIX) and (found := wrong_with(response)):
            wrong.append(found)
        return response

    everywhere = app.after_request_funcs.setdefault(None, [])
    everywhere.insert(0, look)  # the first is called last
    yield
    everywhere.remove(look)
    assert not wrong


@pytest.fixture
def live(app: Flask) -> Iterator[LiveServer]:
    """The same app behind a real socket, with threads."""
    with LiveServer(app) as server:
        yield server


@pytest.fixture(params=["threads", "gunicorn"])
def server(request: pytest.FixtureRequest, app: Flask, data_dir: Path) -> Iterator[Server]:
    """The app behind a real socket: in this process, and as it runs in earnest."""
    with LiveServer(app) if request.param == "threads" else Gunicorn(data_dir) as running:
        yield running
