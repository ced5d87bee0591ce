"""Leaving: whoever leaves a partner, and a partner that leaves a project, has no role of it left at once."""

from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer, require_lead
from server.domain.audit import Action
from server.domain.consent import FOREVER
from server.domain.custody import Override
from server.domain.errors import LastLead, NotFound
from server.models.organisation import Partner
from server.models.people import Invitation, Membership
from server.services import audit, custody_overrides, kept_exports, partners, people, sharing
from server.services.people import Member


def get_person(session: Session, viewer: Viewer, project_id: str, organisation_id: str, person_id: str) -> Member:
    """Somebody of the viewer's own partner, who may be asked to leave it. Raises NotFound."""
    require_lead(viewer, project_id, organisation_id)
    for member in partners.list_people(session, viewer, project_id, organisation_id):
        if member.person_id == person_id:
            return member
    raise NotFound


def end_person(session: Session, viewer: Viewer, project_id: str, organisation_id: str, person_id: str) -> None:
    """Take away every role that somebody holds for a partner. Raises NotFound, and LastLead where nobody would be left
    to lead it."""
    member = get_person(session, viewer, project_id, organisation_id, person_id)
    session.scalars(select(Partner).where(Partner.project_id == project_id,
                                          Partner.organisation_id == organisation_id).with_for_update()).one()
    leads = session.scalars(select(Membership.person_id).where(
        Membership.project_id == project_id, Membership.organisation_id == organisation_id,
        Membership.role == Role.CUSTODIAN.value)).all()
    if set(leads) == {person_id}:
        raise LastLead
    for role in member.roles:
        people.end_role(session, viewer, project_id, person_id, role)


def end_partner(session: Session, viewer: Viewer, project_id: str, organisation_id: str, reason: str = "") -> None:
    """End a partner's part in a project: nobody holds a role for it any more, its invitations work no more, and what it
    collected is shared with nobody. Those who told it withdraw as before, with their receipts or through the register.

    Raises NotFound, and Invalid without a reason from an administrator.
    """
    partners.require_present(session, viewer, project_id, organisation_id)
    row = session.scalars(select(Partner).where(
        Partner.project_id == project_id, Partner.organisation_id == organisation_id,
    ).with_for_update().execution_options(populate_existing=True)).one()
    custody_overrides.note_unless_lead(session, viewer, project_id, organisation_id, Override.LEFT, reason)
    now = datetime.now(UTC)
    row.left_at, row.others_from, row.version = now, FOREVER, row.version + 1
    session.flush()
    sharing.keep_all(session, project_id, organisation_id)
    kept_exports.mark(session, project_id, organisation_id, now)
    held = session.scalars(select(Membership).where(
        Membership.project_id == project_id, Membership.organisation_id == organisation_id)).all()
    for membership in held:
        people.end_role(session, viewer, project_id, membership.person_id, Role(membership.role))
    session.execute(delete(Invitation).where(
        Invitation.project_id == project_id, Invitation.organisation_id == organisation_id,
        Invitation.used_at.is_(None)))
    audit.note(session, viewer.person_id, Action.REMOVED, "partner", organisation_id, project_id)
