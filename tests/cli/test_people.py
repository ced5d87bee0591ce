"""The first account of an installation comes from the command line."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, may
from server.models.people import Person
from server.services import passwords, sign_in
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
    assert passwords.is_right(person.password_hash, PASSWORD)
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


def test_a_forgotten_password_is_taken_away_and_a_link_signs_its_owner_in_once(app: Flask, session: Session) -> None:
    person = makers.make_person(session, password=PASSWORD)
    session.commit()
    ended = app.test_cli_runner().invoke(args=["reset-password", person.email.upper()])
    assert ended.exit_code == 0, ended.output
    path = next(line for line in ended.output.splitlines() if line.startswith("/sign-in/link/"))
    session.expire_all()
    assert person.password_hash is None
    browser = app.test_client()
    assert browser.post(path).status_code == 303
    assert "Save password" in browser.get("/account").text
    assert app.test_client().post(path).status_code == 410


def test_a_password_of_nobody_is_not_reset(app: Flask) -> None:
    ended = app.test_cli_runner().invoke(args=["reset-password", "nobody@example.org"])
    assert ended.exit_code == 1
    assert "Nobody here signs in with nobody@example.org." in ended.output
