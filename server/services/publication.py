"""What an analyst may carry away, some stories at a time: a project can hold more than fits in memory at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.cleared import ClearedForPublication
from server.domain.consent import Audience
from server.models.story import Quote, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.services import clearing, exports_made, locks, publication_ends, reidentification, turning
from server.services.clearances import ANYTHING, Asked, asked_for, may_have, may_have_part
from server.services.reidentification import Weighed
from server.services.story_list import with_theme

SHOWN = 20
_AT_A_TIME = 200
_PARTS = ((Quote, Tagging.quote_id), (Excerpt, Tagging.excerpt_id))


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, how many it has, and how many it would have without the theme; None for more than
    anybody counts. `themes` are those that anything in it carries, by id and name."""

    rows: list[ClearedForPublication]
    count: int | None
    total: int | None
    themes: list[tuple[str, str]]


def each(session: Session, viewer: Viewer, project_id: str, theme_id: str | None = None, *,
         at_a_time: int = _AT_A_TIME) -> Iterator[ClearedForPublication]:
    """Every quote and excerpt that may be published, the first told first. Raises NotFound."""
    require(viewer, Permission.EXPORT, project_id)
    asked = asked_for(viewer, project_id, Audience.PUBLICATION)
    which = [Story.project_id == project_id, may_have(Story.id, asked, ANYTHING)]
    if theme_id is not None:
        which.append(with_theme(theme_id, asked))
    for ids in turning.in_batches(session, which, at_a_time):
        yield from clearing.list_for_publication(session, viewer, project_id, ids, theme_id)


@dataclass(frozen=True)
class TakenAway:
    """What is in a file that somebody is given, which is known from now on by its id."""

    export_id: str
    rows: list[ClearedForPublication]


def take_away(session: Session, viewer: Viewer, project_id: str, theme_id: str | None = None) -> TakenAway:
    """What is in the file that is made now, and a note of it: both in one transaction, in which nothing is taken back.
    What could be published once and is left out is noted with it. Raises NotFound."""
    locks.share_exports(session)
    rows = list(each(session, viewer, project_id, theme_id))
    parts = [(row.id, row.story_id) for row in rows]
    left_out = publication_ends.list_left_out(session, viewer, project_id, {row.id for row in rows}, theme_id)
    return TakenAway(exports_made.note(session, viewer, project_id, "quotes.csv", parts, left_out), rows)


def preview(session: Session, viewer: Viewer, project_id: str, theme_id: str | None = None) -> Preview:
    """What would be in the file. Raises NotFound."""
    rows = list(islice(each(session, viewer, project_id, theme_id, at_a_time=SHOWN), SHOWN))
    asked = asked_for(viewer, project_id, Audience.PUBLICATION)
    total = _count(session, project_id, asked)
    return Preview(rows, total if theme_id is None else _count(session, project_id, asked, theme_id), total,
                   _themes(session, project_id, asked))


def to_look_at(session: Session, viewer: Viewer, project_id: str, rows: list[ClearedForPublication]) -> list[Weighed]:
    """What of these rows somebody should look at before it is published, since it could point at one family. Raises
    NotFound."""
    order = {row.id: place for place, row in enumerate(rows)}
    of_stories = Story.id.in_(sorted({row.story_id for row in rows}))
    parts = [part for part in clearing.list_parts(session, viewer, project_id, Audience.PUBLICATION, of_stories)
             if part.id in order]
    return reidentification.to_look_at(session, viewer, project_id, sorted(parts, key=lambda part: order[part.id]),
                                       Audience.PUBLICATION)


def _count(session: Session, project_id: str, asked: Asked, theme_id: str | None = None) -> int | None:
    """How many rows the file has; None for more than anybody counts."""
    found = union_all(*(
        select(literal(1)).select_from(part).join(Story, Story.id == part.story_id)
        .where(Story.project_id == project_id, may_have_part(part, asked),
               *([exists().where(column == part.id, Tagging.theme_id == theme_id)] if theme_id else []))
        for part, column in _PARTS
    )).limit(turning.COUNTED + 1).subquery()
    count = session.scalar(select(func.count()).select_from(found)) or 0
    return count if count <= turning.COUNTED else None


def _themes(session: Session, project_id: str, asked: Asked) -> list[tuple[str, str]]:
    carried = or_(*(
        exists().where(Tagging.theme_id == Theme.id, column == part.id, may_have_part(part, asked))
        for part, column in _PARTS
    ))
    query = select(Theme.id, Theme.name).where(Theme.project_id == project_id, carried).order_by(Theme.name_key)
    return [(theme_id, name) for theme_id, name in session.execute(query)]
