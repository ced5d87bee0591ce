"""What a project asks of the phones that collect for it, changed from the version that somebody saw."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.domain.phone_settings import PhoneSettings
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.project import Project
from server.services import audit, changes


@dataclass(frozen=True)
class Versioned:
    """The settings, in this version of the project."""

    settings: PhoneSettings
    version: int


def get(session: Session, viewer: Viewer, project_id: str) -> Versioned:
    """The settings, to change them. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    query = select(Project.keep_hours, Project.photo_pixels, Project.version).where(Project.id == project_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return Versioned(PhoneSettings(found.keep_hours, found.photo_pixels), found.version)


def change(session: Session, viewer: Viewer, project_id: str, wanted: PhoneSettings, seen: int | None) -> None:
    """Change them from the version that was seen. Raises NotFound, VersionMissing and VersionConflict."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    changed = session.scalar(
        update(Project).where(Project.id == project_id, Project.version == seen)
        .values(keep_hours=wanted.keep_hours, photo_pixels=wanted.photo_pixels, version=Project.version + 1)
        .returning(Project.id))
    if changed is None:
        now = get(session, viewer, project_id)
        compare(seen, _as_typed(wanted), _as_typed(now.settings), now.version)
        return
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "phone settings", project_id, project_id)


def _as_typed(settings: PhoneSettings) -> dict[str, str]:
    return {"keep_hours": str(settings.keep_hours), "photo_pixels": str(settings.photo_pixels)}
