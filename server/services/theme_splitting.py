"""Splitting a theme: passages that somebody chose go to another theme, or are under both from then on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.bookmark import Turn
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.errors import Invalid
from server.domain.ids import new_id
from server.domain.theme import Taggable, Theme, checked_name
from server.domain.theme_change import ThemeChangeKind
from server.models import theme as rows
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt, Tagging
from server.services import audit, clearing, codebook, locks, retagging, tagged, themes
from server.services.tagged import TaggedPage
from server.services.taggings import Part

_ROWS: dict[Taggable, type[Excerpt] | type[Quote] | type[Photo]] = {
    Taggable.EXCERPT: Excerpt, Taggable.QUOTE: Quote, Taggable.PHOTO: Photo}


@dataclass(frozen=True)
class Split:
    """Which passages go where: to the theme of this id, or to a new one of this name. With `keep` they stay under the
    theme that is split, too."""

    parts: tuple[Part, ...]
    to_id: str = ""
    new_name: str = ""
    keep: bool = False


def get_page(session: Session, viewer: Viewer, theme_id: str, to: Turn) -> tuple[Theme, TaggedPage]:
    """A theme with a page of what carries it, and not only what is under it. Raises NotFound."""
    row = themes.own(session, viewer, theme_id)
    page = tagged.get_page(session, viewer, row.project_id, Audience.COMMISSIONERS, {row.id}, to)
    return codebook.theme_of(row), page


def split(session: Session, viewer: Viewer, theme_id: str, wanted: Split) -> str:
    """Do it; the id of the other theme. What went keeps who put it there and when; what is under both was put there by
    whoever splits. Parts that do not carry the theme any more are passed over.

    Raises NotFound, and Invalid where nothing is chosen, or nowhere to go.
    """
    row = themes.own(session, viewer, theme_id)
    _check(wanted, row.id)
    carrying = _carrying(session, viewer, row, wanted.parts)
    locks.take_codebook(session, row.project_id)
    to_id = wanted.to_id or themes.find_or_create(session, viewer, row.project_id, wanted.new_name)
    themes.require_in_project(session, row.project_id, [to_id])
    if to_id == row.id:
        raise _nowhere()
    if wanted.keep:
        _copy(session, viewer, row.id, to_id, carrying)
    else:
        retagging.move(session, row.id, to_id, carrying)
    _note(session, viewer, row, session.get_one(rows.Theme, to_id), carrying, keep=wanted.keep)
    return to_id


def _check(wanted: Split, theme_id: str) -> None:
    if not wanted.parts:
        raise Invalid(fields={"part": "Choose what should go."})
    if bool(wanted.to_id) == bool(wanted.new_name.strip()):
        message = "Choose a theme, or write the name of a new one. Not both."
        raise Invalid(message, fields={"to": message})
    if wanted.to_id == theme_id:
        raise _nowhere()
    if not wanted.to_id:
        try:
            checked_name(wanted.new_name)
        except Invalid as error:
            raise Invalid(error.message, fields={"new_theme": error.message}) from None


def _carrying(session: Session, viewer: Viewer, row: rows.Theme, parts: Sequence[Part]) -> dict[Part, ClearedPart]:
    """Those of the parts that this person may have and that carry the theme, in the turns of their stories."""
    chosen = {(part.kind, part.id) for part in parts}
    ids: set[str] = set()
    for kind, model in _ROWS.items():
        named = [part_id for one, part_id in chosen if one == kind]
        ids.update(session.scalars(select(model.story_id).where(model.id.in_(named))) if named else ())
    for story_id in sorted(ids):
        locks.take_story(session, story_id)
    found = clearing.list_parts(session, viewer, row.project_id, Audience.COMMISSIONERS, Story.id.in_(ids))
    return {Part(kind, part.id): part for part in found for kind, model in _ROWS.items()
            if (kind, part.id) in chosen and row.id in {theme.id for theme in part.themes}}


def _copy(session: Session, viewer: Viewer, from_id: str, to_id: str, parts: Collection[Part]) -> None:
    for part in parts:
        column = Tagging.column_of(part.kind)
        regions = set(session.scalars(select(Tagging.region).where(column == part.id, Tagging.theme_id == from_id)))
        mine = set(session.scalars(select(Tagging.region).where(
            column == part.id, Tagging.theme_id == to_id, Tagging.tagged_by == viewer.person_id)))
        session.add_all(Tagging(id=new_id(), theme_id=to_id, tagged_by=viewer.person_id, tagged_at=datetime.now(UTC),
                                region=region, **{column.key: part.id}) for region in sorted(regions - mine))
    session.flush()


def _note(session: Session, viewer: Viewer, row: rows.Theme, other: rows.Theme, parts: dict[Part, ClearedPart], *,
          keep: bool) -> None:
    for part, found in parts.items():
        audit.note(session, viewer.person_id, Action.CHANGED, f"themes of {part.kind}", part.id, row.project_id,
                   story=found.story_id, themes=[other.id], taken_off=[] if keep else [row.id])
    gave, got = ((ThemeChangeKind.SHARED, ThemeChangeKind.COPIED) if keep
                 else (ThemeChangeKind.GAVE, ThemeChangeKind.GOT))
    if parts:
        themes.note_change(session, viewer, row, gave, {}, {"theme": other.name, "count": len(parts)}, to=other.id)
        themes.note_change(session, viewer, other, got, {}, {"theme": row.name, "count": len(parts)}, source=row.id)


def _nowhere() -> Invalid:
    message = "Choose another theme. They are under this one already."
    return Invalid(message, fields={"to": message})
