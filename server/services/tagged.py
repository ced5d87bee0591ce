"""Everything that carries a theme, as one audience may have it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import ClearedExcerpt, ClearedPart, ClearedPhoto, ClearedQuote
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.theme import Theme
from server.services import clearing


@dataclass(frozen=True)
class Tagged:
    """A theme and the cleared parts that carry it, story by story."""

    theme_id: str
    name: str
    description: str
    excerpts: tuple[ClearedExcerpt, ...]
    quotes: tuple[ClearedQuote, ...]
    photos: tuple[ClearedPhoto, ...]

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def parts(self) -> tuple[ClearedPart, ...]:
        return (*self.excerpts, *self.quotes, *self.photos)


def list_tagged(session: Session, viewer: Viewer, project_id: str, audience: Audience) -> list[Tagged]:
    """Every theme of the project, by name, with everything of it that this audience may have. Raises NotFound.

    Nobody but commissioners, whose themes they are, is told of themes that hold nothing for them.
    """
    parts = clearing.list_parts(session, viewer, project_id, audience)
    themes = session.scalars(select(Theme).where(Theme.project_id == project_id).order_by(Theme.name_key))
    found = [_tagged(theme, parts) for theme in themes]
    return [theme for theme in found if theme.count or audience is Audience.COMMISSIONERS]


def get_tagged(session: Session, viewer: Viewer, theme_id: str, audience: Audience) -> Tagged:
    """One theme with everything of it that this audience may have. Raises NotFound."""
    theme = session.get(Theme, theme_id)
    if theme is None:
        raise NotFound
    return _tagged(theme, clearing.list_parts(session, viewer, theme.project_id, audience))


def _tagged(theme: Theme, parts: Sequence[ClearedPart]) -> Tagged:
    carrying = [part for part in parts if any(mark.id == theme.id for mark in part.themes)]
    return Tagged(
        theme_id=theme.id, name=theme.name, description=theme.description,
        excerpts=tuple(part for part in carrying if isinstance(part, ClearedExcerpt)),
        quotes=tuple(part for part in carrying if isinstance(part, ClearedQuote)),
        photos=tuple(part for part in carrying if isinstance(part, ClearedPhoto)),
    )
