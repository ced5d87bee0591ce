"""What an administrator does in the place of a partner: only with a reason, entered as such, and told to its leads."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require, require_lead
from server.domain.audit import Action
from server.domain.custody import REASON_LETTERS, Override
from server.domain.errors import Invalid
from server.domain.fields import storable
from server.domain.ids import new_id
from server.models.organisation import CustodyOverride
from server.models.people import Person
from server.services import audit


@dataclass(frozen=True)
class Done:
    """One of them. `is_seen`: a lead has said that they know."""

    id: str
    kind: Override
    reason: str
    made_by: str
    made_at: datetime
    is_seen: bool


def note_unless_lead(session: Session, viewer: Viewer, project_id: str, organisation_id: str, kind: Override,
                     reason: str, subject_id: str | None = None) -> bool:
    """Enter that an administrator does something which is a partner's to do; whether it was one. A lead of it does it
    by right. The caller has looked that there is such a partner. Raises NotFound for anybody else, and Invalid without
    a reason."""
    if viewer.leads_in(project_id) == organisation_id:
        require_lead(viewer, project_id, organisation_id)
        return False
    require(viewer, Permission.MANAGE_PARTNERS, project_id)
    reason = reason.strip()
    if not reason or not storable(reason):
        raise Invalid(fields={"reason": "Write why you do this. The partner is told."})
    if len(reason) > REASON_LETTERS:
        raise Invalid(fields={"reason": f"Use {REASON_LETTERS} letters or fewer."})
    row = CustodyOverride(id=new_id(), project_id=project_id, organisation_id=organisation_id, kind=kind.value,
                          subject_id=subject_id, reason=reason, made_by=viewer.person_id, made_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.OVERRODE_CUSTODY, "partner", organisation_id, project_id,
               override=row.id, what=kind.value, **({"subject": subject_id} if subject_id else {}))
    return True


def list_all(session: Session, project_id: str, organisation_id: str) -> list[Done]:
    """All of a partner, the newest first. The caller has asked who may know."""
    query = (select(CustodyOverride, Person.name).join(Person, Person.id == CustodyOverride.made_by)
             .where(CustodyOverride.project_id == project_id, CustodyOverride.organisation_id == organisation_id)
             .order_by(CustodyOverride.made_at.desc(), CustodyOverride.id.desc()))
    return [Done(row.id, Override(row.kind), row.reason, name, row.made_at, row.seen_at is not None)
            for row, name in session.execute(query)]


def count_unseen(session: Session, viewer: Viewer, project_id: str) -> int:
    """How many of them wait to be seen by the viewer, as the lead of a partner."""
    if viewer.leads_in(project_id) is None:
        return 0
    return session.scalar(select(func.count()).select_from(CustodyOverride).where(
        CustodyOverride.project_id == project_id, CustodyOverride.organisation_id == viewer.leads_in(project_id),
        CustodyOverride.seen_at.is_(None))) or 0


def see(session: Session, viewer: Viewer, project_id: str, organisation_id: str, override_id: str) -> None:
    """A lead has seen it. One that is not there, or was seen before, changes nothing. Raises NotFound."""
    require_lead(viewer, project_id, organisation_id)
    session.execute(update(CustodyOverride).where(
        CustodyOverride.id == override_id, CustodyOverride.project_id == project_id,
        CustodyOverride.organisation_id == organisation_id, CustodyOverride.seen_at.is_(None))
        .values(seen_by=viewer.person_id, seen_at=datetime.now(UTC)))
