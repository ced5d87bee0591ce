"""Invitations: a link that gives one role in one project, once, for two weeks."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer, may, require
from server.domain.audit import Action
from server.domain.errors import Invalid, LinkExpired, NotFound
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.models.people import Invitation, Membership, Person
from server.models.project import Project
from server.services import audit, people
from server.services.passwords import NewPassword

VALID_FOR = timedelta(days=14)
LABEL_LETTERS = 80


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that nobody has used yet. `label` is what the maker wrote about whom it is for."""

    id: str
    project_id: str
    project_name: str
    role: Role
    label: str
    expires_at: datetime


def make(session: Session, viewer: Viewer, project_id: str, role: str, label: str) -> tuple[OpenInvitation, str]:
    """Invite somebody. The second value is the link's token, which is kept nowhere. Raises NotFound, Invalid."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    label, now = " ".join(label.split()), datetime.now(UTC)
    wrong = {}
    if role not in set(Role):
        wrong["role"] = "Choose what they will do."
    if len(label) > LABEL_LETTERS:
        wrong["label"] = f"Use {LABEL_LETTERS} letters or fewer."
    if wrong:
        raise Invalid(fields=wrong)
    token = secrets.token_urlsafe(24)
    row = Invitation(id=new_id(), token_hash=sha256_of(token), project_id=project_id, role=role, label=label,
                     invited_by=viewer.person_id, created_at=now, expires_at=now + VALID_FOR)
    session.add(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.MADE, "invitation", row.id, project_id, role=role)
    return _open(row, session.get_one(Project, project_id)), token


def list_open(session: Session, viewer: Viewer, project_id: str) -> list[OpenInvitation]:
    """The project's invitations that can still be used, newest first. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    rows = session.execute(
        select(Invitation, Project).join(Project, Project.id == Invitation.project_id)
        .where(Invitation.project_id == project_id, *_usable()).order_by(Invitation.created_at.desc())
    )
    return [_open(invitation, project) for invitation, project in rows]


def revoke(session: Session, viewer: Viewer, invitation_id: str) -> str:
    """Cancel an invitation that was not used, and give its project's id. Raises NotFound."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.used_at is not None or not may(viewer, Permission.MANAGE_PEOPLE, row.project_id):
        raise NotFound
    session.execute(delete(Invitation).where(Invitation.id == invitation_id))
    audit.note(session, viewer.person_id, Action.REMOVED, "invitation", row.id, row.project_id)
    return row.project_id


def look_up(session: Session, token: str) -> OpenInvitation:
    """What a link invites to. Raises LinkExpired."""
    found = session.execute(
        select(Invitation, Project).join(Project, Project.id == Invitation.project_id)
        .where(Invitation.token_hash == sha256_of(token), *_usable())
    ).one_or_none()
    if found is None:
        raise LinkExpired
    return _open(*found)


def accept(session: Session, viewer: Viewer, token: str) -> None:
    """Take up an invitation with the account that is signed in. Raises LinkExpired."""
    _use(session, token, viewer.person_id)


def accept_as_new(session: Session, token: str, name: str, email: str, password: NewPassword) -> Person:
    """Take up an invitation with a new account. Raises LinkExpired, Invalid."""
    look_up(session, token)
    person = people.create(session, name, email, password)
    _use(session, token, person.id)
    return person


def _use(session: Session, token: str, person_id: str) -> None:
    used = session.execute(
        update(Invitation).where(Invitation.token_hash == sha256_of(token), *_usable())
        .values(used_at=datetime.now(UTC), used_by=person_id)
        .returning(Invitation.id, Invitation.project_id, Invitation.role)
    ).one_or_none()
    if used is None:
        raise LinkExpired
    audit.note(session, person_id, Action.CHANGED, "invitation", used.id, used.project_id)
    people.add_role(session, person_id, used.project_id, Role(used.role))


def _usable() -> tuple[ColumnElement[bool], ...]:
    """SQL: not used, not too old, and whoever made it may still invite."""
    may_invite = exists().where(
        Membership.person_id == Invitation.invited_by, Membership.project_id == Invitation.project_id,
        Membership.role.in_([role.value for role in ROLES_THAT_MAY[Permission.MANAGE_PEOPLE]]))
    return Invitation.used_at.is_(None), Invitation.expires_at > datetime.now(UTC), may_invite


def _open(row: Invitation, project: Project) -> OpenInvitation:
    return OpenInvitation(row.id, project.id, project.name, Role(row.role), row.label, row.expires_at)
