"""Operators: people who may start projects, and who look after the ones that are there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from server.services import people


def create(session: Session, name: str, email: str, password: str) -> int:
    """Make an operator, an administrator of every project. Gives how many projects that is. Raises Invalid."""
    person = people.create(session, name, email, password, is_operator=True)
    project_ids = session.scalars(select(Project.id)).all()
    for project_id in project_ids:
        people.add_role(session, person.id, project_id, Role.ADMINISTRATOR)
    return len(project_ids)
