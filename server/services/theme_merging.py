"""Merging a theme into another: everything it was on carries the other one then, and nothing of it is lost."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain import codebook as tree
from server.domain.access import Viewer
from server.domain.codebook import siblings
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.theme import Theme
from server.domain.theme_change import ThemeChangeKind
from server.models import theme as rows
from server.models.segment import RecordingMarker
from server.services import codebook, locks, notes, retagging, tagged, themes
from server.services.clearances import asked_for
from server.services.tagged import ThemeEntry


@dataclass(frozen=True)
class Merging:
    """What a merge would do: the two themes with what each holds, and the names of those that would move along."""

    gone: ThemeEntry
    into: ThemeEntry
    moving: tuple[str, ...]


def preview(session: Session, viewer: Viewer, theme_id: str, into_id: str) -> Merging:
    """What merging the one into the other would do. Raises NotFound, and Invalid as `merge` does."""
    row, into, every = _both(session, viewer, theme_id, into_id)
    asked = asked_for(viewer, row.project_id, Audience.COMMISSIONERS)
    nodes = {node.id: node for node in codebook.tree(session, row.project_id, retired=True)}
    gone, other = tagged.count(session, [nodes[row.id], nodes[into.id]], asked)
    return Merging(gone, other, tuple(theme.name for theme in siblings(every, row.id) if theme.id != into.id))


def merge(session: Session, viewer: Viewer, theme_id: str, into_id: str) -> None:
    """Make one theme of two. Each tagging keeps who put it there and when; of two by one person on one thing the first
    stays. What stands under the theme stands under the other one then, and its address leads there.

    Raises NotFound, and Invalid where the two are the same, or the other is not in use.
    """
    row, into, every = _both(session, viewer, theme_id, into_id)
    # Whoever is putting one of them on something goes first, and nobody begins until this is done.
    locked = select(rows.Theme).where(rows.Theme.id.in_([row.id, into.id])).order_by(rows.Theme.id).with_for_update()
    session.execute(locked.execution_options(populate_existing=True))
    _move_children(session, row, into, every)
    moved, same = retagging.move(session, row.id, into.id)
    session.execute(update(RecordingMarker).where(RecordingMarker.theme_id == row.id).values(theme_id=into.id))
    notes.move(session, row.id, into.id)
    # Whatever became this one became the other.
    session.execute(update(rows.Theme).where(rows.Theme.merged_into_id == row.id).values(merged_into_id=into.id))
    row.merged_into_id, row.retired_at = into.id, row.retired_at or datetime.now(UTC)
    session.flush()
    numbers = {"moved": moved, "same": same}
    themes.note_change(session, viewer, row, ThemeChangeKind.MERGED, {}, {"into": into.name, **numbers}, into=into.id)
    themes.note_change(session, viewer, into, ThemeChangeKind.TOOK_IN, {}, {"theme": row.name, **numbers}, took=row.id)


def _both(session: Session, viewer: Viewer, theme_id: str,
          into_id: str) -> tuple[rows.Theme, rows.Theme, list[Theme]]:
    row = themes.own(session, viewer, theme_id)
    locks.take_codebook(session, row.project_id)
    session.refresh(row)
    row, into = themes.own(session, viewer, theme_id), themes.own(session, viewer, into_id)
    if into.project_id != row.project_id:
        raise NotFound
    if into.id == row.id:
        raise _no("Choose another theme. A theme cannot be merged into itself.")
    if into.retired_at is not None:
        raise _no("This theme was retired. Bring it back first, or choose another one.")
    return row, into, codebook.every(session, row.project_id)


def _move_children(session: Session, row: rows.Theme, into: rows.Theme, every: list[Theme]) -> None:
    """What stands under the one stands under the other. That one takes its place, if it stood under it itself."""
    if into.id in tree.under({theme.id: theme.parent_id for theme in every}, row.id):
        into.parent_id, into.position = row.parent_id, row.position
    place = themes.last_place(every, into.id)
    for theme in siblings(every, row.id):
        if theme.id != into.id:
            child = session.get_one(rows.Theme, theme.id)
            child.parent_id, child.position = into.id, place
            place += 1 if place else 0
    session.flush()


def _no(message: str) -> Invalid:
    return Invalid(message, fields={"into": message})
