"""Partners for tests: an organisation in a project, its people, and what it keeps."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import FOREVER
from server.domain.ids import new_id
from server.models.organisation import CustodyOverride, Organisation, Partner
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Story
from server.services import consents
from tests import makers


def add_partner(session: Session, project: Project, name: str = "Carers Together",
                others_from: datetime = FOREVER) -> str:
    """An organisation in the project that shares what it keeps from then on; its id."""
    organisation = Organisation(id=new_id(), name=name, name_key=name.casefold(), created_at=makers.NOON)
    session.add(organisation)
    session.flush()
    session.add(Partner(project_id=project.id, organisation_id=organisation.id, joined_at=makers.NOON,
                        others_from=others_from))
    session.flush()
    return organisation.id


def person_of(session: Session, project: Project, organisation_id: str, *roles: Role, name: str = "Pat Nour") -> Person:
    """Somebody who holds these roles for the partner."""
    person = makers.make_person(session, name=name)
    session.add_all(Membership(person_id=person.id, project_id=project.id, role=role.value,
                               organisation_id=organisation_id) for role in roles)
    session.flush()
    return person


def add_overridden(session: Session, project: Project, administrator: Viewer, words: str) -> tuple[str, str]:
    """A partner of this name, and that an administrator changed its terms for this reason; the ids of both."""
    organisation_id = add_partner(session, project, words)
    row = CustodyOverride(id=new_id(), project_id=project.id, organisation_id=organisation_id, kind="terms",
                          reason=words, made_by=administrator.person_id, made_at=makers.NOON)
    session.add(row)
    session.flush()
    return organisation_id, row.id


def keep(session: Session, story: Story, organisation_id: str) -> Story:
    """Have the partner keep a story."""
    story.organisation_id = organisation_id
    session.flush()
    consents.decide_again(session, story.id)
    return story
