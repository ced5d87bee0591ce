"""The partners of the made-up project: one that shares what it collected, and one that does not yet."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.custody import Sharing, read_terms
from server.models.people import Membership, Person
from server.services import partners, people, sharing, sign_in


def add(session: Session, administrator: Viewer, project_id: str, made: list[dict[str, Any]],
        identify: Callable[[str, str], str]) -> dict[str, Viewer]:
    """Add them with their people, as an administrator and each partner's lead do; who collects for each, by its key.
    `identify` gives a kind of thing and a name of the demo their id."""
    collecting = {}
    for one in made:
        organisation_id = partners.add(session, administrator, project_id, one["name"])
        for person in one["people"]:
            row = Person(id=identify("person", person["email"]), name=person["name"], email=person["email"],
                         password_hash=None, is_operator=False, created_at=datetime.now(UTC))
            session.add(row)
            session.flush()
            people.add_role(session, row.id, project_id, Role(person["role"]), organisation_id)
        lead = _viewer(session, organisation_id, Role.CUSTODIAN)
        terms = read_terms(one["sharing"], {})
        if terms.sharing is not Sharing.NOT:
            sharing.set_terms(session, lead, project_id, organisation_id, terms, 1)
        collecting[one["key"]] = _viewer(session, organisation_id, Role.RESEARCHER)
    return collecting


def _viewer(session: Session, organisation_id: str, role: Role) -> Viewer:
    query = select(Person).join(Membership, Membership.person_id == Person.id).where(
        Membership.organisation_id == organisation_id, Membership.role == role.value)
    return sign_in.viewer_of(session, session.scalars(query.limit(1)).one())
