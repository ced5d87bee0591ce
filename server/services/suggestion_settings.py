"""Whether a project has a computer suggest passages for its themes. Where it does not, nothing is kept to do that."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.project import Project
from server.services import audit, changes, embeddings


@dataclass(frozen=True)
class Versioned:
    """The setting, in this version of the project."""

    suggests: bool
    version: int


def get(session: Session, viewer: Viewer, project_id: str) -> Versioned:
    """The setting, to change it. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    query = select(Project.suggests_themes, Project.version).where(Project.id == project_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return Versioned(*found)


def change(session: Session, viewer: Viewer, project_id: str, suggests: bool, seen: int | None) -> None:
    """Switch suggestions on or off, from the version that was seen. Off, whatever was made of the project's stories for
    them is deleted now, and nothing more is made; on, the sweep has it made.

    Raises NotFound, VersionMissing and VersionConflict.
    """
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    changed = session.scalar(
        update(Project).where(Project.id == project_id, Project.version == seen)
        .values(suggests_themes=suggests, version=Project.version + 1).returning(Project.id))
    if changed is None:
        now = get(session, viewer, project_id)
        compare(seen, as_typed(suggests), as_typed(now.suggests), now.version)
        return
    if not suggests:
        embeddings.forget_project(session, project_id)
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # phones keep its version
    audit.note(session, viewer.person_id, Action.CHANGED, "suggestions", project_id, project_id, on=suggests)


def as_typed(suggests: bool) -> dict[str, str]:
    return {"suggests": "yes" if suggests else "no"}
