"""The first account of an installation comes from the command line."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, may
from server.models.people import Person
from server.services import sign_in
from tests import makers

PASSWORD = "seven quiet otters"


def _create(app: Flask, *arguments: str, typed: str = ""):
    return app.test_cli_runner().invoke(args=["create-admin", *arguments], input=typed)


def test_an_operator_can_sign_in_and_looks_after_every_project(app: Flask, session: Session) -> None:
    projects = [makers.make_project(session, name) for name in ("One", "Two")]
    session.commit()
    ended = _create(app, "--name", "Ada", "--email", "Ada@example.org", "--password", PASSWORD)
    assert ended.exit_code == 0, ended.output
    person = session.scalars(select(Person)).one()
    assert sign_in.is_password_of(person, PASSWORD)
    viewer = sign_in.viewer_of(session, person)
    assert viewer.is_operator
    assert all(may(viewer, Permission.MANAGE_PEOPLE, project.id) for project in projects)


def test_the_password_is_asked_for_and_never_shown(app: Flask, session: Session) -> None:
    ended = _create(app, "--name", "Ada", "--email", "ada@example.org", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert ended.exit_code == 0, ended.output
    assert PASSWORD not in ended.output


def test_what_is_wrong_is_said_and_nothing_is_made(app: Flask, session: Session) -> None:
    ended = _create(app, "--name", "Ada", "--email", "nowhere", "--password", "short")
    assert ended.exit_code == 1
    assert "email address" in ended.output
    assert session.scalars(select(Person)).all() == []
