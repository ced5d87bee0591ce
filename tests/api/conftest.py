"""A phone in the hands of a researcher, and everything it would send."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.people import Person
from server.models.project import Project
from tests.api.live import LiveServer
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import make_person, make_project, wording_of


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


@pytest.fixture
def live(app: Flask) -> Iterator[LiveServer]:
    """The same app behind a real socket, with threads."""
    with LiveServer(app) as server:
        yield server
