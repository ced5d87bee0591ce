"""Partners: the organisations of a project, each with its own people."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Permission, Role, Viewer, may, require
from server.domain.audit import Action
from server.domain.consent import FOREVER
from server.domain.custody import NAME_LETTERS, Terms
from server.domain.errors import Invalid, NotFound
from server.domain.fields import storable
from server.domain.ids import new_id
from server.models.organisation import Organisation, Partner
from server.models.people import Membership
from server.models.story import Story
from server.services import audit, people
from server.services.people import Member


@dataclass(frozen=True)
class Partnership:
    """An organisation in a project and its terms there, in this version. `left_at` is None while it takes part."""

    organisation_id: str
    name: str
    terms: Terms
    version: int
    joined_at: datetime
    left_at: datetime | None
    stories: int
    leads: int


def list_names(session: Session, project_id: str) -> list[tuple[str, str]]:
    """The organisations of a project by id and name, also those that left it, in the order of their names. The caller
    has asked who may know."""
    query = (select(Organisation.id, Organisation.name).join(Partner, Partner.organisation_id == Organisation.id)
             .where(Partner.project_id == project_id).order_by(Organisation.name_key))
    return [(organisation_id, name) for organisation_id, name in session.execute(query)]


def list_known(session: Session, viewer: Viewer, project_id: str) -> list[Partnership]:
    """All of them for an administrator, and their own for a lead, in the order of their names. Raises NotFound."""
    require(viewer, Permission.SEE_PARTNERS, project_id)
    return _list(session, project_id, _known(viewer, project_id))


def get(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> Partnership:
    """One of them. Raises NotFound."""
    require(viewer, Permission.SEE_PARTNERS, project_id)
    for found in _list(session, project_id, _known(viewer, project_id), Partner.organisation_id == organisation_id):
        return found
    raise NotFound


def require_known(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> Partner:
    """The partner, where the viewer is one of its leads or runs the project. Raises NotFound."""
    require(viewer, Permission.SEE_PARTNERS, project_id)
    row = session.scalar(select(Partner).where(Partner.project_id == project_id, _known(viewer, project_id),
                                               Partner.organisation_id == organisation_id))
    if row is None:
        raise NotFound
    return row


def require_present(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> Partner:
    """The same, where it has not left. Raises NotFound."""
    row = require_known(session, viewer, project_id, organisation_id)
    if row.left_at is not None:
        raise NotFound
    return row


def add(session: Session, viewer: Viewer, project_id: str, name: str) -> str:
    """Have an organisation take part in a project, also one that left it before; its id. Until its leads say otherwise
    it shares nothing. Raises NotFound, Invalid."""
    require(viewer, Permission.MANAGE_PARTNERS, project_id)
    organisation = _organisation(session, name)
    row = session.get(Partner, (project_id, organisation.id))
    if row is not None and row.left_at is None:
        raise Invalid(fields={"name": "This organisation is a partner of the project already."})
    if row is None:
        session.add(Partner(project_id=project_id, organisation_id=organisation.id, joined_at=datetime.now(UTC),
                            others_from=FOREVER))
    else:
        row.left_at = None
    audit.note(session, viewer.person_id, Action.MADE, "partner", organisation.id, project_id)
    session.flush()
    return organisation.id


def list_people(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> list[Member]:
    """Whoever holds a role for a partner, by name, with those roles. Raises NotFound."""
    require_known(session, viewer, project_id, organisation_id)
    return people.members_of(session, Membership.project_id == project_id,
                             Membership.organisation_id == organisation_id)


def has_begun(session: Session, project_id: str, organisation_id: str) -> bool:
    """Whether a partner has people or keeps stories."""
    is_it = Partner.project_id == project_id, Partner.organisation_id == organisation_id
    return session.scalar(select(exists().where(*is_it, begun(Partner.project_id, Partner.organisation_id)))) is True


def begun(project_id: InstrumentedAttribute[str],
          organisation_id: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """SQL: the partner of these columns has people or keeps stories."""
    return or_(
        exists().where(Membership.project_id == project_id, Membership.organisation_id == organisation_id),
        exists().where(Story.project_id == project_id, Story.organisation_id == organisation_id))


def _known(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: whoever runs the project knows all of its partners, a lead their own."""
    if may(viewer, Permission.MANAGE_PARTNERS, project_id):
        return Partner.organisation_id.is_not(None)
    return Partner.organisation_id == viewer.leads_in(project_id)


def _list(session: Session, project_id: str, *which: ColumnElement[bool]) -> list[Partnership]:
    stories = (select(func.count()).where(Story.organisation_id == Partner.organisation_id,
                                          Story.project_id == Partner.project_id).scalar_subquery())
    leads = (select(func.count()).where(Membership.organisation_id == Partner.organisation_id,
                                        Membership.project_id == Partner.project_id,
                                        Membership.role == Role.CUSTODIAN.value).scalar_subquery())
    query = (select(Partner, Organisation.name, stories, leads)
             .join(Organisation, Organisation.id == Partner.organisation_id)
             .where(Partner.project_id == project_id, *which).order_by(Organisation.name_key))
    return [Partnership(row.organisation_id, name, Terms(row.others_from), row.version, row.joined_at, row.left_at,
                        kept, leading) for row, name, kept, leading in session.execute(query)]


def _organisation(session: Session, name: str) -> Organisation:
    """The organisation of this name, made where there is none. Raises Invalid."""
    name = " ".join(name.split())
    if not name or not storable(name):
        raise Invalid(fields={"name": "Write the name of the organisation."})
    if len(name) > NAME_LETTERS or len(name.casefold()) > 2 * NAME_LETTERS:
        raise Invalid(fields={"name": f"Use {NAME_LETTERS} letters or fewer."})
    key = name.casefold()
    found = session.scalar(select(Organisation).where(Organisation.name_key == key))
    if found is None:
        found = Organisation(id=new_id(), name=name, name_key=key, created_at=datetime.now(UTC))
        session.add(found)
        session.flush()
    return found
