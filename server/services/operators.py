"""Operators: who may start projects and looks after them, and what they do for people who are locked out."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.models.people import Person
from server.models.project import Project
from server.services import access_keys, audit, code_apps, passkeys, people, sign_in
from server.services.passwords import NewPassword


def create(session: Session, name: str, email: str, password: NewPassword) -> int:
    """Make an operator, an administrator of every project. Gives how many projects that is. Raises Invalid."""
    person = people.create(session, name, email, password, is_operator=True)
    project_ids = session.scalars(select(Project.id)).all()
    for project_id in project_ids:
        people.add_role(session, person.id, project_id, Role.ADMINISTRATOR)
    return len(project_ids)


def reset_password(session: Session, email: str) -> str:
    """Take a password away, sign its owner out everywhere, end their passkeys and their keys for other programs, and
    give a token that signs them in once, within a day. Codes from an app are still asked for.

    Raises NotFound when nobody has this email address.
    """
    person = _with_email(session, email)
    person.password_hash = None
    audit.note(session, None, Action.REMOVED, "password", person.id, None)
    sign_in.end_everywhere(session, person.id)
    access_keys.end_all(session, person.id)
    passkeys.end_all(session, person.id)
    return sign_in.make_link(session, person, days=1)


def remove_second_step(session: Session, email: str) -> None:
    """Ask somebody who lost their phone and their recovery codes for no more codes. Raises NotFound."""
    person_id = _with_email(session, email).id
    code_apps.end(session, person_id)
    audit.note(session, None, Action.REMOVED, "code app", person_id, None)


def _with_email(session: Session, email: str) -> Person:
    person = session.scalar(select(Person).where(Person.email == email.strip().casefold()))
    if person is None:
        raise NotFound
    return person
