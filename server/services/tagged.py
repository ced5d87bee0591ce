"""Everything that carries a theme, as one audience may have it, a page at a time; and how much each theme holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, column, func, literal, or_, select, values
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Viewer
from server.domain.bookmark import Bookmark, Turn
from server.domain.cleared import ClearedPart
from server.domain.codebook import Node
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.services import clearing, codebook, turning
from server.services.clearances import Asked, asked_for, may_have_part

PARTS = ((Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id), (Photo, Tagging.photo_id))
# How many taggings are looked at for one page of counts, and for one theme of it, at least and at most.
_LOOKED_AT, _FEWEST, _MOST = 10_000, 50, 1000
# A theme on more than this is found faster from the stories, newest first, than from what carries it.
_MANY = 2000
_TOGETHER = 100_000


@dataclass(frozen=True)
class Holding:
    """How many cleared parts of each kind there are; at least so many where there are `more` than were counted."""

    excerpts: int = 0
    quotes: int = 0
    photos: int = 0
    more: bool = False

    @property
    def count(self) -> int:
        return self.excerpts + self.quotes + self.photos


@dataclass(frozen=True)
class ThemeEntry:
    """A theme in its place, what carries it, and what carries it or anything under it: None where nothing is under
    it."""

    node: Node
    own: Holding
    under: Holding | None

    @property
    def theme_id(self) -> str:
        return self.node.theme.id

    @property
    def name(self) -> str:
        return self.node.theme.name

    @property
    def count(self) -> int:
        return self.own.count

    @property
    def count_under(self) -> int:
        """How much carries it or anything under it."""
        return (self.under or self.own).count


@dataclass(frozen=True)
class TaggedPage:
    """The cleared parts of one page that carry a theme, story by story, the newest first; `holding` is how many there
    are on all pages."""

    parts: tuple[ClearedPart, ...]
    holding: Holding
    newer: Bookmark | None
    older: Bookmark | None


def list_entries(session: Session, viewer: Viewer, project_id: str, audience: Audience) -> list[ThemeEntry]:
    """The themes of the project in order, with how much of each this audience may have. Raises NotFound.

    Nobody but commissioners, whose themes they are, is told of themes that hold nothing for them, or are retired.
    """
    asked = asked_for(viewer, project_id, audience)
    is_team = audience is Audience.COMMISSIONERS
    found = count(session, codebook.tree(session, project_id, retired=is_team), asked)
    return found if is_team else [entry for entry in found if entry.count_under]


def count(session: Session, nodes: Sequence[Node], asked: Asked,
          only: Collection[str] | None = None) -> list[ThemeEntry]:
    """How much each of these holds, alone and with what is under it, or each of those with the ids in `only`."""
    below = {node.id: _below(nodes, place) for place, node in enumerate(nodes) if only is None or node.id in only}
    own = _holdings(session, {theme_id: [theme_id] for theme_id in below}, asked)
    under = _holdings(session, {theme_id: ids for theme_id, ids in below.items() if len(ids) > 1}, asked)
    return [ThemeEntry(node, own[node.id], under.get(node.id)) for node in nodes if node.id in below]


def get_tagged(session: Session, viewer: Viewer, theme_id: str, audience: Audience,
               to: Turn) -> TaggedPage:
    """A page of what this audience may have of a theme and of all that is under it. Raises NotFound."""
    project_id = session.scalar(select(Theme.project_id).where(Theme.id == theme_id))
    if project_id is None:
        raise NotFound
    asked = asked_for(viewer, project_id, audience)
    ids = codebook.descendants(session, theme_id)
    if asked.is_for_others:
        ids &= {node.id for node in codebook.tree(session, project_id)}
    return get_page(session, viewer, project_id, audience, ids, to)


def get_page(session: Session, viewer: Viewer, project_id: str, audience: Audience, theme_ids: Collection[str],
             to: Turn) -> TaggedPage:
    """A page of what this audience may have of these themes. Raises NotFound."""
    asked = asked_for(viewer, project_id, audience)
    if not theme_ids:
        return TaggedPage((), Holding(), None, None)
    # With a condition for the project alone, SQLite would read every story.
    which = [_carries(session, sorted(theme_ids), asked), Story.project_id == project_id]
    leaf = turning.turn(session, which, to)
    parts = clearing.list_parts(session, viewer, project_id, audience, Story.id.in_(leaf.ids)) if leaf.ids else []
    carrying = tuple(part for part in parts if any(theme.id in theme_ids for theme in part.themes))
    holding = _holdings(session, {"": sorted(theme_ids)}, asked)[""]
    return TaggedPage(carrying, holding, leaf.newer, leaf.older)


def _carries(session: Session, theme_ids: Sequence[str], asked: Asked) -> ColumnElement[bool]:
    """SQL: something of the story that these audiences may have carries one of these themes."""
    some = select(literal(1)).select_from(Tagging).where(Tagging.theme_id.in_(theme_ids)).limit(_MANY + 1).subquery()
    if (session.scalar(select(func.count()).select_from(some)) or 0) <= _MANY:
        return or_(*(Story.id.in_(select(part.story_id).join(Tagging, on == part.id).where(
            Tagging.theme_id.in_(theme_ids), *_may_be_had(part, asked))) for part, on in PARTS))
    # PostgreSQL would read whole tables for three EXISTS with OR between them. It does not for three values.
    return or_(*(
        select(part.story_id).join(Tagging, on == part.id)
        .where(part.story_id == Story.id, Tagging.theme_id.in_(theme_ids), *_may_be_had(part, asked))
        .limit(1).scalar_subquery().is_not(None)
        for part, on in PARTS))


def _holdings(session: Session, themes: Mapping[str, Sequence[str]], asked: Asked) -> dict[str, Holding]:
    """How much carries any of the themes of each entry. No more taggings are read than a page has time for."""
    if not themes:
        return {}
    most = min(_MOST, max(_FEWEST, _LOOKED_AT // len(themes)))
    each = values(column("entry", String), column("theme_id", String), name="each_theme").data(
        [(entry, theme_id) for entry, ids in themes.items() for theme_id in ids]).cte()
    entries = select(each.c.entry).distinct().subquery()
    of_entry = select(each.c.theme_id).where(each.c.entry == entries.c.entry).correlate(entries)
    numbers = [_counted(part, on, of_entry, asked, most) for part, on in PARTS]
    found = {}
    for entry, *counted in session.execute(select(entries.c.entry, *numbers)):
        different = [number % _TOGETHER for number in counted]
        more = any(number // _TOGETHER > most for number in counted)
        found[entry] = Holding(different[0], different[1], different[2], more)
    return found


def _counted(part: type[Excerpt] | type[Quote] | type[Photo], on: InstrumentedAttribute[str | None],
             theme_ids: Select[tuple[str]], asked: Asked, most: int) -> ScalarSelect[int]:
    """SQL: how many taggings were seen, and on how many different parts, in one number: several people may have put the
    same theme on one."""
    some = (select(part.id).join(Tagging, on == part.id)
            .where(Tagging.theme_id.in_(theme_ids), *_may_be_had(part, asked)).limit(most + 1).subquery())
    return select(func.count() * _TOGETHER + func.count(some.c.id.distinct())).scalar_subquery()


def _may_be_had(part: type[Excerpt] | type[Quote] | type[Photo], asked: Asked) -> list[ColumnElement[bool]]:
    return [may_have_part(part, asked), *([Photo.derivative_sha256.is_not(None)] if part is Photo else [])]


def _below(nodes: Sequence[Node], place: int) -> list[str]:
    """The ids of the node at this place and of all that follow it deeper down."""
    ids = [nodes[place].id]
    for node in nodes[place + 1:]:
        if node.depth <= nodes[place].depth:
            break
        ids.append(node.id)
    return ids
