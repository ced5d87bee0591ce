"""Everything that carries a theme, as one audience may have it, and how much each theme holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import ClearedExcerpt, ClearedPart, ClearedPhoto, ClearedQuote
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.story import Photo, Quote
from server.models.theme import Excerpt, Tagging, Theme
from server.services import clearing
from server.services.clearances import asked_for, may_have_part
from server.services.story_list import with_theme


@dataclass(frozen=True)
class ThemeEntry:
    """A theme and how many cleared parts of each kind carry it."""

    theme_id: str
    name: str
    description: str
    excerpts: int
    quotes: int
    photos: int

    @property
    def count(self) -> int:
        return self.excerpts + self.quotes + self.photos


@dataclass(frozen=True)
class Tagged:
    """The cleared parts that carry a theme, story by story."""

    excerpts: tuple[ClearedExcerpt, ...]
    quotes: tuple[ClearedQuote, ...]
    photos: tuple[ClearedPhoto, ...]

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def parts(self) -> tuple[ClearedPart, ...]:
        return (*self.excerpts, *self.quotes, *self.photos)


def list_entries(session: Session, viewer: Viewer, project_id: str, audience: Audience) -> list[ThemeEntry]:
    """Every theme of the project, by name, with how much of it this audience may have. Raises NotFound.

    Nobody but commissioners, whose themes they are, is told of themes that hold nothing for them.
    """
    asked = asked_for(viewer, project_id, audience)
    excerpts, quotes, photos = (
        dict(session.execute(
            select(Tagging.theme_id, func.count(part.id.distinct())).join(part, column == part.id)
            .join(Theme, Theme.id == Tagging.theme_id)
            .where(Theme.project_id == project_id, may_have_part(part, asked),
                   *([Photo.derivative_sha256.is_not(None)] if part is Photo else []))
            .group_by(Tagging.theme_id)).tuples().all())
        for part, column in (
            (Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id), (Photo, Tagging.photo_id))
    )
    themes = session.scalars(select(Theme).where(Theme.project_id == project_id).order_by(Theme.name_key))
    found = [ThemeEntry(theme.id, theme.name, theme.description, excerpts.get(theme.id, 0), quotes.get(theme.id, 0),
                        photos.get(theme.id, 0)) for theme in themes]
    return [theme for theme in found if theme.count or audience is Audience.COMMISSIONERS]


def get_tagged(session: Session, viewer: Viewer, theme_id: str, audience: Audience) -> Tagged:
    """Everything of a theme that this audience may have. Raises NotFound."""
    theme = session.get(Theme, theme_id)
    if theme is None:
        raise NotFound
    asked = asked_for(viewer, theme.project_id, audience)
    return _tagged(theme, clearing.list_parts(session, viewer, theme.project_id, audience, with_theme(theme_id, asked)))


def _tagged(theme: Theme, parts: Sequence[ClearedPart]) -> Tagged:
    carrying = [part for part in parts if any(mark.id == theme.id for mark in part.themes)]
    return Tagged(
        excerpts=tuple(part for part in carrying if isinstance(part, ClearedExcerpt)),
        quotes=tuple(part for part in carrying if isinstance(part, ClearedQuote)),
        photos=tuple(part for part in carrying if isinstance(part, ClearedPhoto)),
    )
