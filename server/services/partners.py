"""Partners: the organisations of a project."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.organisation import Organisation, Partner


def list_names(session: Session, project_id: str) -> list[tuple[str, str]]:
    """The organisations of a project by id and name, also those that left it, in the order of their names. The caller
    has asked who may know."""
    query = (select(Organisation.id, Organisation.name).join(Partner, Partner.organisation_id == Organisation.id)
             .where(Partner.project_id == project_id).order_by(Organisation.name_key))
    return [(organisation_id, name) for organisation_id, name in session.execute(query)]
