"""What is in a set, as whoever looks may have it: read anew each time, and nothing tells of what they may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer, browses_as
from server.domain.cleared import ClearedPart, ClearedStory
from server.domain.collection import CollectionCard
from server.domain.consent import Audience
from server.models.collection import CollectionItem
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt
from server.services import clearing
from server.services.clearances import ANYTHING, Asked, asked_for, may_have, may_have_part

ON_A_PAGE = 20
# Of a whole story, for those who do not read stories.
OF_A_STORY = 3


@dataclass(frozen=True)
class Item:
    """One thing of a set: a part of a story, or a whole one. Whoever reads no stories has some of its `parts`."""

    id: str
    part: ClearedPart | None = None
    story: ClearedStory | None = None
    parts: tuple[ClearedPart, ...] = ()


@dataclass(frozen=True)
class ItemPage:
    """A page of a set, of so many items. `after` and `before` are the items beside which the pages beside it begin."""

    items: list[Item]
    count: int
    after: str = ""
    before: str = ""
    is_first: bool = True


def get_page(session: Session, viewer: Viewer, card: CollectionCard, after: str = "") -> ItemPage:
    """The page that comes after an item; the first where it is not there."""
    shown = list_shown(session, viewer, card)
    start = shown.index(after) + 1 if after in shown[:-1] else 0
    wanted = shown[start:start + ON_A_PAGE]
    return ItemPage(
        _read(session, viewer, card, wanted), len(shown), after=wanted[-1] if shown[start + ON_A_PAGE:] else "",
        before=shown[start - ON_A_PAGE - 1] if start > ON_A_PAGE else "", is_first=start == 0)


def list_shown(session: Session, viewer: Viewer, card: CollectionCard) -> list[str]:
    """The items that this person may have, in order."""
    audience = browses_as(viewer, card.project_id)
    asked = asked_for(viewer, card.project_id, audience)
    found: list[tuple[int, str]] = []
    for model, column in ((Excerpt, CollectionItem.excerpt_id), (Quote, CollectionItem.quote_id),
                          (Photo, CollectionItem.photo_id), (Story, CollectionItem.story_id)):
        query = (select(CollectionItem.position, CollectionItem.id).join(model, model.id == column)
                 .where(CollectionItem.collection_id == card.id, *_may_be_shown(model, asked, audience)))
        found += session.execute(query).tuples()
    return [id for _, id in sorted(found)]


def list_parts(session: Session, viewer: Viewer, card: CollectionCard) -> list[ClearedPart]:
    """Every part of it that this person may have, for whoever shares it; whole stories are not gone through."""
    items = _read(session, viewer, card, list_shown(session, viewer, card))
    return [item.part for item in items if item.part is not None]


def _may_be_shown(model: type[Excerpt] | type[Quote] | type[Photo] | type[Story], asked: Asked,
                  audience: Audience) -> list[ColumnElement[bool]]:
    if model is Story:
        something = [] if audience is Audience.COMMISSIONERS else [_has_part(asked)]
        return [may_have(Story.id, asked, ANYTHING), *something]
    assert not issubclass(model, Story)
    return [may_have_part(model, asked), *([Photo.derivative_sha256.is_not(None)] if model is Photo else [])]


def _has_part(asked: Asked) -> ColumnElement[bool]:
    """SQL: there is something to show of the story to those who read no whole ones."""
    return or_(*(
        select(part.id).where(part.story_id == Story.id, *_may_be_shown(part, asked, Audience.BOARD))
        .limit(1).scalar_subquery().is_not(None)
        for part in (Excerpt, Quote, Photo)))


def _read(session: Session, viewer: Viewer, card: CollectionCard, ids: Sequence[str]) -> list[Item]:
    audience = browses_as(viewer, card.project_id)
    rows = {row.id: row for row in session.scalars(select(CollectionItem).where(CollectionItem.id.in_(ids)))}
    of_parts = select(Excerpt.story_id).where(Excerpt.id.in_([row.excerpt_id for row in rows.values()])).union(
        select(Quote.story_id).where(Quote.id.in_([row.quote_id for row in rows.values()])),
        select(Photo.story_id).where(Photo.id.in_([row.photo_id for row in rows.values()])))
    story_ids = {*session.scalars(of_parts), *(row.story_id for row in rows.values() if row.story_id)}
    stories = {story.id: story for story in
               clearing.list_stories(session, viewer, card.project_id, audience, sorted(story_ids))}
    parts = {part.id: part for story in stories.values() for part in story.parts}
    items = []
    for id in ids:
        row = rows[id]
        if row.story_id is not None and row.story_id in stories:
            items.append(_story_item(id, stories[row.story_id], audience))
        elif row.part_id in parts:
            items.append(Item(id, part=parts[row.part_id]))
    return items


def _story_item(id: str, story: ClearedStory, audience: Audience) -> Item:
    if audience is Audience.COMMISSIONERS:
        return Item(id, story=story)
    return Item(id, parts=story.parts[:OF_A_STORY])
