"""The codebook of a project as a tree, and what stands under each theme."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import codebook
from server.domain.codebook import Node
from server.domain.theme import Theme
from server.models import theme as rows


def tree(session: Session, project_id: str, *, retired: bool = False) -> tuple[Node, ...]:
    """The themes of a project that can be put on something, each before what stands under it; with `retired` those too
    that were retired. The caller has checked that they may be seen."""
    themes = every(session, project_id)
    hidden = set() if retired else {theme.id for theme in themes if theme.is_retired}
    return codebook.in_order(themes, hidden)


def every(session: Session, project_id: str) -> list[Theme]:
    """All themes of a project that were not merged into another, in no order."""
    query = select(rows.Theme).where(rows.Theme.project_id == project_id, rows.Theme.merged_into_id.is_(None))
    return [theme_of(row) for row in session.scalars(query)]


def descendants(session: Session, theme_id: str) -> frozenset[str]:
    """The ids of a theme and everything that stands under it, retired or not. Of one that was merged, those of what it
    became; of none that is there, its own alone."""
    row = session.get(rows.Theme, theme_id)
    if row is None:
        return frozenset({theme_id})
    query = select(rows.Theme.id, rows.Theme.parent_id).where(rows.Theme.project_id == row.project_id)
    return codebook.under(dict(session.execute(query).tuples().all()), row.merged_into_id or row.id)


def theme_of(row: rows.Theme) -> Theme:
    """The row as a value."""
    return Theme(id=row.id, project_id=row.project_id, name=row.name, description=row.description, version=row.version,
                 parent_id=row.parent_id, position=row.position, colour=row.colour, kind=row.kind,
                 when_to_use=row.when_to_use, when_not=row.when_not, example=row.example,
                 is_retired=row.retired_at is not None, merged_into_id=row.merged_into_id)
