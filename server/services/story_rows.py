"""What clearing reads of the parts of stories: recordings, quotes, photos, excerpts, and the themes on them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select, true, union_all
from sqlalchemy.orm import Session

from server.models.story import Photo, Quote, Recording
from server.models.theme import Excerpt, Tagging, Theme
from server.services import recording_rows
from server.services.clearances import Opened

_ORDER = {
    Recording: recording_rows.IN_ORDER,
    Quote: (Quote.written_at, Quote.id),
    Photo: (Photo.position, Photo.id),
    Excerpt: (Excerpt.recording_id, Excerpt.start_ms, Excerpt.end_ms),
}

PartRow = TypeVar("PartRow", Recording, Quote, Photo, Excerpt)


def parts(session: Session, part: type[PartRow], opened: Opened) -> defaultdict[str, list[PartRow]]:
    """The parts of this kind that are cleared, in order, by the id of their story. Drafts are the team's alone."""
    found: defaultdict[str, list[PartRow]] = defaultdict(list)
    ids = opened.with_part(part)
    if not ids:
        return found
    is_shown = Excerpt.quotable_at.is_not(None) if part is Excerpt and opened.asked.is_for_others else true()
    for row in session.scalars(select(part).where(part.story_id.in_(ids), is_shown).order_by(*_ORDER[part])):
        found[row.story_id].append(row)
    return found


def themes(session: Session, ids: Sequence[str]) -> defaultdict[str, list[tuple[str, str]]]:
    """The id and name of the themes on each part of these stories, by the part's id."""
    marks = union_all(*(
        select(column.label("part_id"), Tagging.theme_id).join(part, part.id == column).where(part.story_id.in_(ids))
        for column, part in ((Tagging.excerpt_id, Excerpt), (Tagging.quote_id, Quote), (Tagging.photo_id, Photo))
    )).subquery()
    # Several people may have put the same theme on it.
    query = select(marks.c.part_id, Theme.id, Theme.name, Theme.name_key).distinct().join(
        Theme, Theme.id == marks.c.theme_id)
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for part_id, theme_id, name, _ in session.execute(query.order_by(Theme.name_key)):
        found[part_id].append((theme_id, name))
    return found
