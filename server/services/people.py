"""People: their accounts, and the roles they hold in a project."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.errors import Invalid, LastAdministrator, NotFound
from server.domain.ids import new_id
from server.domain.password import problem_with
from server.models.people import Membership, Person
from server.models.project import Project
from server.services import access_keys, attempts, sign_in

NAME_LETTERS = 80
EMAIL_LETTERS = 254
HAS_ACCOUNT = "There is an account with this email address. Sign in first, then open the link again."


@dataclass(frozen=True)
class Account:
    """What a person sees of their own account."""

    name: str
    email: str
    has_password: bool


@dataclass(frozen=True)
class Member:
    """Somebody with a role or more in a project."""

    person_id: str
    name: str
    email: str
    roles: tuple[Role, ...]


def create(session: Session, name: str, email: str, password: str, *, is_operator: bool = False) -> Person:
    """Make an account. Raises Invalid with a sentence for each field that will not do."""
    name, email = " ".join(name.split()), email.strip().casefold()
    wrong = {
        "name": _wrong_name(name),
        "email": _wrong_email(session, email),
        "password": problem_with(password, email=email),
    }
    found = {field: sentence for field, sentence in wrong.items() if sentence}
    if found:
        raise Invalid(fields=found)
    person = Person(id=new_id(), name=name, email=email, password_hash=sign_in.hash_password(password),
                    is_operator=is_operator, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        raise Invalid(fields={"email": HAS_ACCOUNT}) from None
    return person


def get_account(session: Session, viewer: Viewer) -> Account:
    """The viewer's own account."""
    person = session.get_one(Person, viewer.person_id)
    return Account(person.name, person.email, person.password_hash is not None)


def change_password(session: Session, viewer: Viewer, current: str, new: str, *, keep: str) -> None:
    """Change the viewer's password, and end their other sessions and their keys; `keep` is the token of this session.

    Somebody who has no password yet, because a link signed them in, sets their first. Raises Invalid, or
    TooManyAttempts before looking.
    """
    attempts.check(session, [_password_of(viewer)], sign_in.ATTEMPTS_ALLOWED)
    person = session.get_one(Person, viewer.person_id)
    if person.password_hash is not None and not sign_in.is_password_of(person, current):
        raise Invalid(fields={"current_password": "This is not your password now. Type it again."})
    problem = problem_with(new, email=person.email)
    if problem:
        raise Invalid(fields={"new_password": problem})
    person.password_hash = sign_in.hash_password(new)
    sign_in.end_others(session, person.id, keep)
    access_keys.end_all(session, person.id)
    session.flush()


def record_wrong_password(session: Session, viewer: Viewer) -> None:
    """Count a wrong password for the account that is signed in. The front door commits it."""
    attempts.record(session, [_password_of(viewer)])


def list_members(session: Session, viewer: Viewer, project_id: str) -> list[Member]:
    """Everybody with a role in the project, by name. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    rows = session.execute(
        select(Person, Membership.role).join(Membership, Membership.person_id == Person.id)
        .where(Membership.project_id == project_id)
    )
    roles: dict[str, set[str]] = {}
    people: dict[str, Person] = {}
    for person, role in rows:
        people[person.id] = person
        roles.setdefault(person.id, set()).add(role)
    members = [Member(person.id, person.name, person.email, tuple(role for role in Role if role in roles[person.id]))
               for person in people.values()]
    return sorted(members, key=lambda member: (member.name.casefold(), member.email))


def get_member(session: Session, viewer: Viewer, project_id: str, person_id: str, role: Role) -> Member:
    """Somebody who holds this role in the project. Raises NotFound."""
    for member in list_members(session, viewer, project_id):
        if member.person_id == person_id and role in member.roles:
            return member
    raise NotFound


def add_role(session: Session, person_id: str, project_id: str, role: Role) -> None:
    """Give a person a role. Giving it twice changes nothing. The caller has checked that they may have it."""
    if session.get(Membership, (person_id, project_id, role.value)) is None:
        session.add(Membership(person_id=person_id, project_id=project_id, role=role.value))
        session.flush()


def remove_role(session: Session, viewer: Viewer, project_id: str, person_id: str, role: Role) -> None:
    """Take a role away. Raises NotFound, and LastAdministrator when nobody would be left to run the project.

    Keys for other programs carry their person's roles as they are; they end with the last of them.
    """
    get_member(session, viewer, project_id, person_id, role)
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    if role is Role.ADMINISTRATOR and _administrators(session, project_id) < 2:
        raise LastAdministrator
    session.execute(delete(Membership).where(
        Membership.person_id == person_id, Membership.project_id == project_id, Membership.role == role.value))
    if session.scalar(select(exists().where(Membership.person_id == person_id))) is False:
        access_keys.end_all(session, person_id)


def _password_of(viewer: Viewer) -> str:
    return f"password:{viewer.person_id}"


def _administrators(session: Session, project_id: str) -> int:
    return session.execute(
        select(func.count()).select_from(Membership)
        .where(Membership.project_id == project_id, Membership.role == Role.ADMINISTRATOR.value)
    ).scalar_one()


def _wrong_name(name: str) -> str | None:
    if not name:
        return "Write your name."
    return f"Use {NAME_LETTERS} letters or fewer for your name." if len(name) > NAME_LETTERS else None


def _wrong_email(session: Session, email: str) -> str | None:
    before, at, after = email.rpartition("@")
    if not before or not at or "." not in after.strip(".") or any(letter.isspace() for letter in email):
        return "Write your email address, like name@example.org."
    if len(email) > EMAIL_LETTERS:
        return "This email address is too long. Use another one."
    if session.scalar(select(Person.id).where(Person.email == email)):
        return HAS_ACCOUNT
    return None
