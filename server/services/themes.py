"""Themes: a project's codebook, and who may read and change it."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.audit import Action
from server.domain.bookmark import Turn
from server.domain.codebook import MOST_THEMES, Node, check_place, siblings
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.sync import ChangeKind
from server.domain.theme import Theme, ThemeText, checked, checked_name, name_key
from server.domain.theme_change import ThemeChangeKind
from server.domain.versions import compare
from server.models import theme as rows
from server.services import audit, changes, codebook, locks, tagged, theme_history
from server.services.tagged import TaggedPage


def list_themes(session: Session, viewer: Viewer, project_id: str) -> tuple[Node, ...]:
    """The themes that can be put on things, each before what stands under it, for people who do that. Raises
    NotFound."""
    require(viewer, Permission.TAG, project_id)
    return codebook.tree(session, project_id)


def get_tagged(session: Session, viewer: Viewer, theme_id: str, to: Turn | None = None) -> tuple[Theme, TaggedPage]:
    """A theme, or what it became, with a page of what this person may have of it and of what stands under it. Raises
    NotFound, also where others than commissioners would see nothing."""
    row = session.get(rows.Theme, theme_id)
    if row is None:
        raise NotFound
    audience = browses_as(viewer, row.project_id)
    if row.merged_into_id is not None:
        row = session.get_one(rows.Theme, row.merged_into_id)
    found = tagged.get_tagged(session, viewer, row.id, audience, to or Turn())
    if audience is not Audience.COMMISSIONERS and (row.retired_at is not None or not found.parts):
        raise NotFound
    return codebook.theme_of(row), found


def get_to_change(session: Session, viewer: Viewer, theme_id: str) -> Theme:
    """A theme for somebody who may change it. Raises NotFound for everybody else."""
    return codebook.theme_of(own(session, viewer, theme_id))


def create(session: Session, viewer: Viewer, project_id: str, text: ThemeText, parent_id: str | None = None) -> str:
    """A new theme under its parent, or at the top; its id. Raises Invalid when something of it is wrong or its name is
    taken."""
    require(viewer, Permission.TAG, project_id)
    text = checked(text)
    locks.take_codebook(session, project_id)
    themes = codebook.every(session, project_id)
    parent = _parent(themes, parent_id)
    check_place(themes, None, parent_id)
    if len(themes) >= MOST_THEMES:
        raise Invalid(f"A project can have {MOST_THEMES:,} themes. Merge some first.")
    return add(session, viewer, project_id, text, last_place(themes, parent_id), parent).id


def add(session: Session, viewer: Viewer, project_id: str, text: ThemeText, position: int,
        parent: Theme | rows.Theme | None) -> rows.Theme:
    """The row of a new theme that may stand there. Raises Invalid when its name is taken."""
    row = rows.Theme(id=new_id(), project_id=project_id, name_key=name_key(text.name), position=position,
                     parent_id=parent.id if parent else None, created_at=datetime.now(UTC), **asdict(text))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise taken(session, project_id, text.name) from None
    said = {name: value for name, value in asdict(text).items() if value}
    note_change(session, viewer, row, ThemeChangeKind.MADE, {}, said | ({"parent": parent.name} if parent else {}))
    return row


def find_or_create(session: Session, viewer: Viewer, project_id: str, name: str) -> str:
    """The id of the theme of this name, or of what it became, made now if there was none. Raises Invalid."""
    name = checked_name(name)
    query = select(rows.Theme).where(rows.Theme.project_id == project_id, rows.Theme.name_key == name_key(name))
    row = session.scalar(query)
    if row is not None and row.merged_into_id:
        row = session.get_one(rows.Theme, row.merged_into_id)
    if row is None:
        return create(session, viewer, project_id, ThemeText(name))
    require_in_project(session, project_id, [row.id])
    return row.id


def change(session: Session, viewer: Viewer, theme_id: str, text: ThemeText, seen: int | None) -> None:
    """Write a theme anew, from the version that was seen.

    Raises NotFound, Invalid as `create` does, VersionMissing and VersionConflict.
    """
    row = own(session, viewer, theme_id)
    text, was = checked(text), codebook.theme_of(row).text
    change = (update(rows.Theme).where(rows.Theme.id == row.id, rows.Theme.version == seen)
              .values(name_key=name_key(text.name), version=rows.Theme.version + 1, **asdict(text))
              .returning(rows.Theme.id))
    try:
        with session.begin_nested():
            changed = session.scalar(change)
    except IntegrityError:
        raise taken(session, row.project_id, text.name) from None
    session.refresh(row)
    if changed is None:
        compare(seen, asdict(text), asdict(codebook.theme_of(row).text), row.version)
        return
    before, after = asdict(was), asdict(text)
    differing = [name for name in after if before[name] != after[name]]
    if differing:
        note_change(session, viewer, row, ThemeChangeKind.CHANGED, {name: before[name] for name in differing},
                    {name: after[name] for name in differing})


def require_in_project(session: Session, project_id: str, theme_ids: Collection[str]) -> None:
    """These can be put on things until this transaction ends: nobody retires or merges one meanwhile.

    Raises NotFound unless every one is a theme of this project, and Invalid where one is not used any more.
    """
    query = (select(rows.Theme).where(rows.Theme.project_id == project_id, rows.Theme.id.in_(theme_ids))
             .order_by(rows.Theme.id).with_for_update(read=True).execution_options(populate_existing=True))
    found = {row.id: codebook.theme_of(row) for row in session.scalars(query)}
    if set(found) != set(theme_ids):
        raise NotFound
    for theme in found.values():
        if not theme.is_in_use:
            raise Invalid(f"The theme “{theme.name}” is not used any more. Load the page again to see those that are.",
                          fields={"theme": "This theme is not used any more."})


def own(session: Session, viewer: Viewer, theme_id: str) -> rows.Theme:
    """The row of a theme, for somebody who may change it. Raises NotFound, also for one that was merged."""
    row = session.get(rows.Theme, theme_id)
    if row is None or row.merged_into_id is not None:
        raise NotFound
    require(viewer, Permission.TAG, row.project_id)
    return row


def note_change(session: Session, viewer: Viewer, row: rows.Theme, kind: ThemeChangeKind, before: dict[str, object],
                after: dict[str, object], **details: object) -> None:
    """Write a change of the codebook into its history and the audit, and have phones told."""
    theme_history.note(session, viewer, row.id, kind, before, after)
    changes.note(session, ChangeKind.CODEBOOK, row.project_id, row.project_id)
    action = Action.MADE if kind is ThemeChangeKind.MADE else Action.CHANGED
    audit.note(session, viewer.person_id, action, "theme", row.id, row.project_id, **details)


def last_place(themes: Collection[Theme], parent_id: str | None) -> int:
    """The position after everything that stands under this parent. As long as nobody put that in an order, all of it
    stands by its name."""
    last = max((theme.position for theme in siblings(themes, parent_id)), default=0)
    return last + 1 if last else 0


def taken(session: Session, project_id: str, name: str) -> Invalid:
    """Why a theme cannot be called this."""
    query = select(rows.Theme).where(rows.Theme.project_id == project_id, rows.Theme.name_key == name_key(name))
    row = session.scalar(query)
    message = "There is already a theme with this name. Choose another name."
    if row is not None and row.merged_into_id:
        into = session.get_one(rows.Theme, row.merged_into_id).name
        message = f"A theme with this name was merged into “{into}”. Use that one, or choose another name."
    elif row is not None and row.retired_at is not None:
        message = "A theme with this name was retired. Bring it back, or choose another name."
    return Invalid(message, fields={"name": message})


def _parent(themes: Collection[Theme], parent_id: str | None) -> Theme | None:
    """Raises NotFound where it is no theme of the project."""
    found = {theme.id: theme for theme in themes}
    if parent_id is not None and parent_id not in found:
        raise NotFound
    return found[parent_id] if parent_id is not None else None
