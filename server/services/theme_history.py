"""The history of each theme: who changed what of it, in words that stay true when other themes change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.theme_change import ThemeChangeKind
from server.models.people import Person
from server.models.theme import Theme, ThemeChange


@dataclass(frozen=True)
class ShownChange:
    """One change. `of` is the name of the theme it happened to: a theme's history has that of those that became it.
    `before` and `after` have what was changed under the names of its fields, or names of themes and numbers."""

    kind: ThemeChangeKind
    of: str
    by: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def note(session: Session, viewer: Viewer, theme_id: str, kind: ThemeChangeKind, before: Mapping[str, Any],
         after: Mapping[str, Any]) -> None:
    """Write a change down, in the transaction that makes it."""
    session.add(ThemeChange(theme_id=theme_id, kind=kind.value, before=dict(before), after=dict(after),
                            changed_by=viewer.person_id, changed_at=datetime.now(UTC)))
    session.flush()


def list_changes(session: Session, theme_id: str) -> list[ShownChange]:
    """What happened to a theme and to those that became it, the newest first. The caller has checked that it may be
    seen."""
    query = (select(ThemeChange, Theme.name, Person.name).join(Theme, Theme.id == ThemeChange.theme_id)
             .outerjoin(Person, Person.id == ThemeChange.changed_by)
             .where(or_(Theme.id == theme_id, Theme.merged_into_id == theme_id)).order_by(ThemeChange.id.desc()))
    return [ShownChange(ThemeChangeKind(row.kind), of, by or "", row.changed_at, row.before, row.after)
            for row, of, by in session.execute(query)]
