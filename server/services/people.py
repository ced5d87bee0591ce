"""People: their accounts, and the roles they hold in a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer, require
from server.domain.audit import Action
from server.domain.errors import Invalid, LastAdministrator, NotFound, RoleHeldForAnother
from server.domain.ids import new_id
from server.domain.sync import ChangeKind
from server.models.organisation import Organisation
from server.models.people import Membership, Person
from server.models.project import Project
from server.services import access_keys, attempts, audit, changes, collection_shares, passkeys, sign_in
from server.services.attempts import Limit
from server.services.passwords import NewPassword
from server.services.sign_in import Try

NAME_LETTERS = 80
EMAIL_LETTERS = 254
PASSWORD_TRIES = 10
HAS_ACCOUNT = "There is an account with this email address. Sign in first, then open the link again."


@dataclass(frozen=True)
class Account:
    """What a person sees of their own account."""

    name: str
    email: str
    has_password: bool


@dataclass(frozen=True)
class Member:
    """Somebody with a role or more in a project. `held_for` has the names of the partners that they hold roles for."""

    person_id: str
    name: str
    email: str
    roles: tuple[Role, ...]
    held_for: Mapping[Role, str] = field(default_factory=dict)


def create(session: Session, name: str, email: str, password: NewPassword, *, is_operator: bool = False) -> Person:
    """Make an account. Raises Invalid with a sentence for each field that will not do."""
    name, email = " ".join(name.split()), email.strip().casefold()
    wrong = {
        "name": _wrong_name(name),
        "email": _wrong_email(session, email),
        "password": password.problem,
    }
    found = {field: sentence for field, sentence in wrong.items() if sentence}
    if found:
        raise Invalid(fields=found)
    person = Person(id=new_id(), name=name, email=email, password_hash=password.hash,
                    is_operator=is_operator, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        raise Invalid(fields={"email": HAS_ACCOUNT}) from None
    audit.note(session, person.id, Action.MADE, "person", person.id, None)
    return person


def get_account(session: Session, viewer: Viewer) -> Account:
    """The viewer's own account."""
    person = session.get_one(Person, viewer.person_id)
    return Account(person.name, person.email, person.password_hash is not None)


def get_person(session: Session, person_id: str | None) -> Person:
    """The person with this id. Raises NotFound."""
    person = session.get(Person, person_id) if person_id else None
    if person is None:
        raise NotFound
    return person


def begin_password_try(session: Session, viewer: Viewer) -> Try:
    """Count a try at the viewer's password before it is made; commit that. Raises TooManyAttempts."""
    person = session.get_one(Person, viewer.person_id)
    taken = attempts.take(session, [Limit(f"password:{person.id}", PASSWORD_TRIES)])
    return Try(person.id, person.password_hash, taken)


def change_password(session: Session, tried: Try, new: NewPassword, *, keep: str) -> Person:
    """Change the password of somebody whose password was right, or who has none because a link signed them in.

    Their other sessions, their keys and their passkeys end; `keep` is the token of this session. Raises Invalid.
    """
    person = sign_in.succeed(session, tried)
    if new.problem:
        raise Invalid(fields={"new_password": new.problem})
    person.password_hash = new.hash
    sign_in.end_others(session, person.id, keep)
    access_keys.end_all(session, person.id)
    passkeys.end_all(session, person.id)
    audit.note(session, person.id, Action.CHANGED, "password", person.id, None)
    session.flush()
    return person


def list_members(session: Session, viewer: Viewer, project_id: str) -> list[Member]:
    """Everybody with a role in the project, by name. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    return members_of(session, Membership.project_id == project_id)


def members_of(session: Session, *which: ColumnElement[bool]) -> list[Member]:
    """Whoever holds these roles, by name. The caller has asked who may know."""
    rows = session.execute(
        select(Person, Membership.role, Organisation.name).join(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id).where(*which))
    roles: dict[str, dict[Role, str]] = {}
    people: dict[str, Person] = {}
    for person, role, organisation in rows:
        people[person.id] = person
        roles.setdefault(person.id, {})[Role(role)] = organisation or ""
    members = [Member(person.id, person.name, person.email, tuple(role for role in Role if role in roles[person.id]),
                      {role: name for role, name in roles[person.id].items() if name})
               for person in people.values()]
    return sorted(members, key=lambda member: (member.name.casefold(), member.email))


def get_member(session: Session, viewer: Viewer, project_id: str, person_id: str, role: Role) -> Member:
    """Somebody who holds this role in the project. Raises NotFound."""
    for member in list_members(session, viewer, project_id):
        if member.person_id == person_id and role in member.roles:
            return member
    raise NotFound


def add_role(session: Session, person_id: str, project_id: str, role: Role,
             organisation_id: str | None = None) -> None:
    """Give a person a role, for a partner where one is given. Giving it twice changes nothing. The caller has checked
    that they may have it. Raises RoleHeldForAnother."""
    held = session.get(Membership, (person_id, project_id, role.value))
    if held is not None and held.organisation_id != organisation_id:
        raise RoleHeldForAnother
    if held is None:
        session.add(Membership(person_id=person_id, project_id=project_id, role=role.value,
                               organisation_id=organisation_id))
        audit.note(session, person_id, Action.MADE, "role", person_id, project_id, role=role.value,
                   **({"organisation": organisation_id} if organisation_id else {}))
        session.flush()
        _tell_who_may_be_named(session, project_id, role)
        if role in ROLES_THAT_MAY[Permission.COLLECT]:
            changes.note_membership(session, person_id, project_id, gained=True)


def remove_role(session: Session, viewer: Viewer, project_id: str, person_id: str, role: Role) -> None:
    """Take a role away. Raises NotFound, and LastAdministrator when nobody would be left to run the project.

    Keys for other programs carry their person's roles as they are; they end with the last of them.
    """
    get_member(session, viewer, project_id, person_id, role)
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    if role is Role.ADMINISTRATOR and _administrators(session, project_id) < 2:
        raise LastAdministrator
    end_role(session, viewer, project_id, person_id, role)


def end_role(session: Session, viewer: Viewer, project_id: str, person_id: str, role: Role) -> None:
    """Take a role away that somebody holds. The caller has asked who may."""
    session.execute(delete(Membership).where(
        Membership.person_id == person_id, Membership.project_id == project_id, Membership.role == role.value))
    audit.note(session, viewer.person_id, Action.REMOVED, "role", person_id, project_id, role=role.value)
    _tell_who_may_be_named(session, project_id, role)
    if role in ROLES_THAT_MAY[Permission.COLLECT]:
        changes.note_membership(session, person_id, project_id, gained=False)
    collection_shares.end_for(session, person_id, project_id)
    if session.scalar(select(exists().where(Membership.person_id == person_id))) is False:
        access_keys.end_all(session, person_id)


def _tell_who_may_be_named(session: Session, project_id: str, role: Role) -> None:
    """Phones offer whom to tell when somebody is worried about a person's safety, also with no signal."""
    if role in ROLES_THAT_MAY[Permission.LIFT_EMBARGOES]:
        changes.note(session, ChangeKind.PROJECT, project_id, project_id)


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
