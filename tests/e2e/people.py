"""One person of each role, made by the services that pages use, who sign in by link as people do."""

from dataclasses import replace

from playwright.sync_api import Browser, Page

from server.app import create_app
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.models.people import Person
from server.services import sign_in
from tests import makers
from tests.chromium import PATIENCE_MS
from tests.e2e.installation import Installation


class People:
    """A project with a person of each role. `link(role)` gives a one-time sign-in address."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        settings = Settings.from_environment(installation.environment)
        self._app = create_app(replace(settings, public_url=installation.address))
        with self._app.app_context():
            project = makers.make_project(db.session(), "Waiting for a bed")
            self.project_id = project.id
            self.wording_id = makers.wording_of(db.session(), project).id
            self._ids = {
                role: makers.make_person(db.session(), project, role, name=role.value.replace("_", " ").title()).id
                for role in Role
            }
            db.session.commit()

    def id(self, role: Role) -> str:
        return self._ids[role]

    def rename(self, role: Role, name: str) -> None:
        with self._app.app_context():
            db.session.get_one(Person, self._ids[role]).name = name
            db.session.commit()

    def link(self, role: Role) -> str:
        with self._app.app_context():
            person = db.session.get_one(Person, self._ids[role])
            token = sign_in.make_link(db.session(), person)
            db.session.commit()
        return f"{self._installation.address}/sign-in/link/{token}"

    def sign_in(self, page: Page, role: Role) -> Page:
        page.goto(self.link(role))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    def at_desk(self, desk: Browser, role: Role) -> Page:
        """A page in which somebody of this role is signed in."""
        context = desk.new_context(base_url=self._installation.address, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE_MS)
        return self.sign_in(context.new_page(), role)
