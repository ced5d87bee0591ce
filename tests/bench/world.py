"""An installation to measure: a database, a project with a researcher and a commissioner, and a key for programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.auth import COOKIE
from server.cli.database import migrate
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.models.people import Person
from server.services import access_keys, sign_in
from tests import makers
from tests.conftest import Browser


@dataclass(frozen=True)
class World:
    """Who and what there is."""

    app: Flask
    project_id: str
    wording_id: str
    researcher_id: str
    commissioner_id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """How a program that acts for the researcher says so."""
        return {"Authorization": f"Bearer {self.key}"}

    def browser(self, person_id: str) -> Browser:
        """A browser in which this person is signed in."""
        session = db.session()
        token = sign_in.start(session, session.get_one(Person, person_id))
        session.commit()
        browser = Browser(self.app)
        browser.set_cookie(COOKIE, token)
        browser.csrf_token = sign_in.who_is(session, token).csrf_token
        session.rollback()
        return browser


@contextmanager
def installed(folder: Path, database_url: str | None = None) -> Iterator[World]:
    """A migrated installation in this folder, within an app context."""
    places = {"EARSHOT_DATA": str(folder)} | ({"DATABASE_URL": database_url} if database_url else {})
    app = create_app(Settings.from_environment(places))
    with app.app_context():
        migrate()
        session = db.session()
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        commissioner = makers.make_person(session, project, Role.COMMISSIONER, name="Lou")
        _, key = access_keys.make(session, makers.viewer_of(session, researcher), "measurements")
        world = World(app, project.id, makers.wording_of(session, project).id, researcher.id, commissioner.id, key)
        session.commit()
        yield world
        db.session.remove()
        db.engine.dispose()
