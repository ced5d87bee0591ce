"""Themes: a project's codebook, and who may read and change it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.audit import Action
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.sync import ChangeKind
from server.domain.theme import Theme, checked_name, checked_words, name_key
from server.domain.versions import compare
from server.models import theme as rows
from server.services import audit, changes, codebook, tagged
from server.services.tagged import Tagged, ThemeEntry


def list_themes(session: Session, viewer: Viewer, project_id: str) -> list[Theme]:
    """The whole codebook by name, for people who put themes on things. Raises NotFound."""
    require(viewer, Permission.TAG, project_id)
    query = select(rows.Theme).where(rows.Theme.project_id == project_id).order_by(rows.Theme.name_key)
    return [_theme(row) for row in session.scalars(query)]


def list_entries(session: Session, viewer: Viewer, project_id: str) -> list[ThemeEntry]:
    """Every theme with how much this person may have of it. A board is not told of themes that hold nothing for it."""
    return tagged.list_entries(session, viewer, project_id, browses_as(viewer, project_id))


def get_tagged(session: Session, viewer: Viewer, theme_id: str) -> tuple[Theme, Tagged]:
    """A theme with what this person may have of it. Raises NotFound, also where others than
    commissioners would see nothing."""
    row = session.get(rows.Theme, theme_id)
    if row is None:
        raise NotFound
    audience = browses_as(viewer, row.project_id)
    found = tagged.get_tagged(session, viewer, theme_id, audience)
    if audience is not Audience.COMMISSIONERS and not found.count:
        raise NotFound
    return _theme(row), found


def get_to_change(session: Session, viewer: Viewer, theme_id: str) -> Theme:
    """A theme for somebody who may change it. Raises NotFound for everybody else."""
    return _theme(_own(session, viewer, theme_id))


def create(session: Session, viewer: Viewer, project_id: str, name: str, description: str = "") -> str:
    """A new theme; its id. Raises Invalid when the name is empty, too long or taken."""
    require(viewer, Permission.TAG, project_id)
    name, description = checked_name(name), checked_words("description", description)
    row = rows.Theme(id=new_id(), project_id=project_id, name=name, name_key=name_key(name), description=description,
                     created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise _taken() from None
    changes.note(session, ChangeKind.CODEBOOK, project_id, project_id)
    audit.note(session, viewer.person_id, Action.MADE, "theme", row.id, project_id)
    return row.id


def find_or_create(session: Session, viewer: Viewer, project_id: str, name: str) -> str:
    """The id of the theme of this name, made now if there was none. Raises Invalid."""
    key = name_key(checked_name(name))
    query = select(rows.Theme.id).where(rows.Theme.project_id == project_id, rows.Theme.name_key == key)
    return session.scalar(query) or create(session, viewer, project_id, name)


def change(session: Session, viewer: Viewer, theme_id: str, name: str, description: str, seen: int | None) -> None:
    """Give a theme another name and description, from the version that was seen.

    Raises NotFound, Invalid as `create` does, VersionMissing and VersionConflict.
    """
    own = _own(session, viewer, theme_id)
    name, description = checked_name(name), checked_words("description", description)
    change = (update(rows.Theme).where(rows.Theme.id == own.id, rows.Theme.version == seen)
              .values(name=name, name_key=name_key(name), description=description, version=rows.Theme.version + 1)
              .returning(rows.Theme.id))
    try:
        with session.begin_nested():
            changed = session.scalar(change)
    except IntegrityError:
        raise _taken() from None
    session.refresh(own)
    if changed is None:
        compare(seen, {"name": name, "description": description},
                {"name": own.name, "description": own.description}, own.version)
        return
    changes.note(session, ChangeKind.CODEBOOK, own.project_id, own.project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "theme", own.id, own.project_id)


def require_in_project(session: Session, project_id: str, theme_ids: Sequence[str]) -> None:
    """Raises NotFound unless every one is a theme of this project."""
    query = select(rows.Theme.id).where(rows.Theme.project_id == project_id, rows.Theme.id.in_(theme_ids))
    if set(session.scalars(query)) != set(theme_ids):
        raise NotFound


def _own(session: Session, viewer: Viewer, theme_id: str) -> rows.Theme:
    row = session.get(rows.Theme, theme_id)
    if row is None:
        raise NotFound
    require(viewer, Permission.TAG, row.project_id)
    return row


def _theme(row: rows.Theme) -> Theme:
    return codebook.theme_of(row)


def _taken() -> Invalid:
    message = "There is already a theme with this name. Choose another name."
    return Invalid(message, fields={"name": message})
