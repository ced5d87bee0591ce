"""What clearing reads of the parts of stories: recordings, quotes, photos, excerpts, and the themes on them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select, true, union_all
from sqlalchemy.orm import Session

from server.models.people import Person
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


@dataclass(frozen=True)
class TaggingRow:
    """A theme on a part, and who put it there."""

    theme: Theme
    person_id: str
    by: str
    region: str


def taggings(session: Session, ids: Sequence[str]) -> defaultdict[str, list[TaggingRow]]:
    """What everybody put on each part of these stories, by the part's id, in the order of the themes' names."""
    marks = union_all(*(
        select(column.label("part_id"), Tagging.theme_id, Tagging.tagged_by, Tagging.region, Tagging.tagged_at)
        .join(part, part.id == column).where(part.story_id.in_(ids))
        for column, part in ((Tagging.excerpt_id, Excerpt), (Tagging.quote_id, Quote), (Tagging.photo_id, Photo))
    )).subquery()
    query = (select(marks.c.part_id, Theme, Person.id, Person.name, marks.c.region)
             .join(Theme, Theme.id == marks.c.theme_id).join(Person, Person.id == marks.c.tagged_by)
             .order_by(Theme.name_key, marks.c.tagged_at, Person.id))
    found: defaultdict[str, list[TaggingRow]] = defaultdict(list)
    for part_id, *row in session.execute(query):
        found[part_id].append(TaggingRow(*row))
    return found
