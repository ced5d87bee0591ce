"""Invitations: a link that gives one role in one project, once, for two weeks.

Administrators invite to the project, and the leads of a partner to that partner. An administrator invites a partner's
first lead. Once it has people or keeps stories that would open what it keeps, so it is entered as an override.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer, may, require
from server.domain.audit import Action
from server.domain.custody import ROLES_OF_PARTNERS, Override
from server.domain.errors import Invalid, LinkExpired, NotFound
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.models.organisation import CustodyOverride, Organisation, Partner
from server.models.people import Invitation, Membership, Person
from server.models.project import Project
from server.services import audit, custody_overrides, partners, people
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
    organisation: str = ""


def make(session: Session, viewer: Viewer, project_id: str, role: str, label: str, organisation_id: str | None = None,
         reason: str = "") -> tuple[OpenInvitation, str]:
    """Invite somebody, for a partner where one is given. The second value is the link's token, which is kept nowhere.

    `reason` is why an administrator does it in the place of the partner. Raises NotFound, Invalid.
    """
    roles = _roles_to_give(session, viewer, project_id, organisation_id)
    label, now = " ".join(label.split()), datetime.now(UTC)
    wrong = {}
    if role not in roles:
        wrong["role"] = "Choose what they will do."
    if len(label) > LABEL_LETTERS:
        wrong["label"] = f"Use {LABEL_LETTERS} letters or fewer."
    if wrong:
        raise Invalid(fields=wrong)
    token = secrets.token_urlsafe(24)
    row = Invitation(id=new_id(), token_hash=sha256_of(token), project_id=project_id, role=role, label=label,
                     invited_by=viewer.person_id, created_at=now, expires_at=now + VALID_FOR,
                     organisation_id=organisation_id)
    if organisation_id and partners.has_begun(session, project_id, organisation_id):
        custody_overrides.note_unless_lead(session, viewer, project_id, organisation_id, Override.LEAD, reason, row.id)
    session.add(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.MADE, "invitation", row.id, project_id, role=role,
               **({"organisation": organisation_id} if organisation_id else {}))
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    return _open(row, session.get_one(Project, project_id), organisation), token


def _roles_to_give(session: Session, viewer: Viewer, project_id: str,
                   organisation_id: str | None) -> frozenset[Role]:
    """The roles that the viewer may invite somebody to. Raises NotFound."""
    if organisation_id is None:
        require(viewer, Permission.MANAGE_PEOPLE, project_id)
        return frozenset(Role) - {Role.CUSTODIAN}
    partners.require_present(session, viewer, project_id, organisation_id)
    is_lead = viewer.leads_in(project_id) == organisation_id
    return frozenset(ROLES_OF_PARTNERS) if is_lead else frozenset({Role.CUSTODIAN})


def list_open(session: Session, viewer: Viewer, project_id: str) -> list[OpenInvitation]:
    """The project's invitations that can still be used, newest first. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    return _list(session, project_id)


def list_of_partner(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> list[OpenInvitation]:
    """Those to a partner, newest first. Raises NotFound."""
    partners.require_known(session, viewer, project_id, organisation_id)
    return _list(session, project_id, Invitation.organisation_id == organisation_id)


def _list(session: Session, project_id: str, *which: ColumnElement[bool]) -> list[OpenInvitation]:
    rows = session.execute(_query().where(Invitation.project_id == project_id, *which, *_usable())
                           .order_by(Invitation.created_at.desc()))
    return [_open(*row) for row in rows]


def _query() -> Select[Invitation, Project, Organisation]:
    return (select(Invitation, Project, Organisation).join(Project, Project.id == Invitation.project_id)
            .outerjoin(Organisation, Organisation.id == Invitation.organisation_id))


def revoke(session: Session, viewer: Viewer, invitation_id: str) -> tuple[str, str | None]:
    """Cancel an invitation that was not used, and give the ids of its project and partner. Raises NotFound."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.used_at is not None or not _may_revoke(viewer, row):
        raise NotFound
    session.execute(delete(Invitation).where(Invitation.id == invitation_id))
    audit.note(session, viewer.person_id, Action.REMOVED, "invitation", row.id, row.project_id)
    return row.project_id, row.organisation_id


def _may_revoke(viewer: Viewer, row: Invitation) -> bool:
    leads = row.organisation_id is not None and viewer.leads_in(row.project_id) == row.organisation_id
    return leads or may(viewer, Permission.MANAGE_PEOPLE, row.project_id)


def look_up(session: Session, token: str) -> OpenInvitation:
    """What a link invites to. Raises LinkExpired."""
    found = session.execute(
        _query().where(Invitation.token_hash == sha256_of(token), *_usable())).one_or_none()
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
        .returning(Invitation.id, Invitation.project_id, Invitation.role, Invitation.organisation_id)
    ).one_or_none()
    if used is None:
        raise LinkExpired
    audit.note(session, person_id, Action.CHANGED, "invitation", used.id, used.project_id)
    people.add_role(session, person_id, used.project_id, Role(used.role), used.organisation_id)


def _usable() -> tuple[ColumnElement[bool], ...]:
    """SQL: not used, not too old, and whoever made it may still invite: to a partner its leads, and an administrator
    only its first people or where that was entered as an override."""
    inviter = Membership.person_id == Invitation.invited_by, Membership.project_id == Invitation.project_id
    runs = exists().where(*inviter, Membership.role.in_(
        [role.value for role in ROLES_THAT_MAY[Permission.MANAGE_PEOPLE]]))
    leads = exists().where(*inviter, Membership.role == Role.CUSTODIAN.value,
                           Membership.organisation_id == Invitation.organisation_id)
    is_there = exists().where(Partner.project_id == Invitation.project_id,
                              Partner.organisation_id == Invitation.organisation_id, Partner.left_at.is_(None))
    overrides = exists().where(CustodyOverride.subject_id == Invitation.id)
    begun = partners.begun(Invitation.project_id, Invitation.organisation_id)
    to_partner = and_(is_there, or_(leads, and_(runs, or_(overrides, ~begun))))
    may_invite = or_(and_(Invitation.organisation_id.is_(None), runs), to_partner)
    return Invitation.used_at.is_(None), Invitation.expires_at > datetime.now(UTC), may_invite


def _open(row: Invitation, project: Project, organisation: Organisation | None) -> OpenInvitation:
    return OpenInvitation(row.id, project.id, project.name, Role(row.role), row.label, row.expires_at,
                          organisation.name if organisation else "")
