"""What a project says of its recordings before they are written down, changed from the version that somebody saw."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.domain.speech_settings import SpeechSettings
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.project import Project
from server.services import audit, changes


@dataclass(frozen=True)
class Versioned:
    """The settings, in this version of the project."""

    settings: SpeechSettings
    version: int


def get(session: Session, viewer: Viewer, project_id: str) -> Versioned:
    """The settings, to change them. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    query = select(Project.languages, Project.vocabulary, Project.version).where(Project.id == project_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return Versioned(SpeechSettings(tuple(found.languages), tuple(found.vocabulary)), found.version)


def change(session: Session, viewer: Viewer, project_id: str, wanted: SpeechSettings, seen: int | None) -> None:
    """Change them from the version that was seen. They hold for what is written down from now on.

    Raises NotFound, VersionMissing and VersionConflict.
    """
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    changed = session.scalar(
        update(Project).where(Project.id == project_id, Project.version == seen)
        .values(languages=list(wanted.languages), vocabulary=list(wanted.vocabulary), version=Project.version + 1)
        .returning(Project.id))
    if changed is None:
        now = get(session, viewer, project_id)
        compare(seen, as_typed(wanted), as_typed(now.settings), now.version)
        return
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # phones keep its version
    audit.note(session, viewer.person_id, Action.CHANGED, "speech settings", project_id, project_id)


def as_typed(settings: SpeechSettings) -> dict[str, list[str]]:
    """The languages by their names, and the vocabulary, one a line each."""
    return {"languages": list(settings.language_names), "vocabulary": list(settings.vocabulary)}
