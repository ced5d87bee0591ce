"""Where themes stand, and whether they are in use: moving one, putting it before its neighbours, retiring it."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.codebook import check_place, siblings
from server.domain.errors import NotFound
from server.domain.theme import Theme
from server.domain.theme_change import ThemeChangeKind
from server.models import theme as rows
from server.services import codebook, locks, themes


def move(session: Session, viewer: Viewer, theme_id: str, parent_id: str | None) -> None:
    """Put a theme, with all that is under it, under another one, or at the top; it becomes the last there.

    Raises NotFound, and Invalid where it would stand under itself or too deep.
    """
    row, every = _turn(session, viewer, theme_id)
    names = {theme.id: theme.name for theme in every}
    if parent_id is not None and parent_id not in names:
        raise NotFound
    check_place(every, theme_id, parent_id)
    if row.parent_id == parent_id:
        return
    before, after = names.get(row.parent_id or "", ""), names.get(parent_id or "", "")
    row.position, row.parent_id = themes.last_place(every, parent_id), parent_id
    session.flush()
    themes.note_change(session, viewer, row, ThemeChangeKind.MOVED, {"parent": before}, {"parent": after},
                       under=parent_id)


def shift(session: Session, viewer: Viewer, theme_id: str, *, up: bool) -> None:
    """Put a theme before the one above it among those beside it, or after the one below. At the end nothing is done.
    Raises NotFound."""
    row, every = _turn(session, viewer, theme_id)
    beside = _beside(every, row)
    place = [theme.id for theme in beside].index(row.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(beside):
        return
    order = [theme.id for theme in siblings(every, row.parent_id)]
    here, there = order.index(row.id), order.index(beside[other].id)
    order.insert(there, order.pop(here))
    for position, one in enumerate(order, start=1):
        session.get_one(rows.Theme, one).position = position
    session.flush()
    themes.note_change(session, viewer, row, ThemeChangeKind.REORDERED, {},
                       {"before" if up else "after": beside[other].name})


def list_beside(session: Session, viewer: Viewer, theme_id: str) -> list[Theme]:
    """The theme and those in use beside it, in order. Raises NotFound."""
    row = themes.own(session, viewer, theme_id)
    return _beside(codebook.every(session, row.project_id), row)


def retire(session: Session, viewer: Viewer, theme_id: str) -> None:
    """A theme keeps what it is on, and is put on nothing more. Raises NotFound."""
    row, _ = _turn(session, viewer, theme_id)
    if row.retired_at is None:
        row.retired_at = datetime.now(UTC)
        session.flush()
        themes.note_change(session, viewer, row, ThemeChangeKind.RETIRED, {}, {})


def bring_back(session: Session, viewer: Viewer, theme_id: str) -> None:
    """A retired theme can be put on things again. Raises NotFound."""
    row, _ = _turn(session, viewer, theme_id)
    if row.retired_at is not None:
        row.retired_at = None
        session.flush()
        themes.note_change(session, viewer, row, ThemeChangeKind.BROUGHT_BACK, {}, {})


def _beside(every: list[Theme], row: rows.Theme) -> list[Theme]:
    return siblings((theme for theme in every if theme.is_in_use or theme.id == row.id), row.parent_id)


def _turn(session: Session, viewer: Viewer, theme_id: str) -> tuple[rows.Theme, list[Theme]]:
    """The row of a theme that nobody else moves until the transaction ends, and all themes beside it. Raises
    NotFound."""
    row = themes.own(session, viewer, theme_id)
    locks.take_codebook(session, row.project_id)
    session.refresh(row, with_for_update=True)
    themes.own(session, viewer, theme_id)
    return row, codebook.every(session, row.project_id)
