"""The stories of a project as a commissioner finds them: a page at a time, filtered, and the places to filter by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, literal, or_, select, union
from sqlalchemy.orm import Session, aliased

from server.domain.access import Permission, Viewer, require
from server.domain.bookmark import Bookmark, Turn
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience, Content
from server.domain.story_filter import StoryFilter
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Transcript
from server.services import clearing, turning, withholding
from server.services.clearances import ANYTHING, Asked, asked_for, may_have, may_have_part

PLACES_OFFERED = 100


@dataclass(frozen=True)
class StoryPage:
    """One page. `found` is how many pass the filter, `total` how many there are without it; None is more than counted.

    `places` are what can be filtered by; None when there are too many to choose from.
    """

    stories: list[ClearedStory]
    newer: Bookmark | None
    older: Bookmark | None
    found: int | None
    total: int | None
    places: list[str] | None


def get_page(session: Session, viewer: Viewer, project_id: str, only: StoryFilter, to: Turn) -> StoryPage:
    """A page of the stories that commissioners may have and that pass the filter. Raises NotFound."""
    require(viewer, Permission.BROWSE_STORIES, project_id)
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)
    every = [Story.project_id == project_id, may_have(Story.id, asked, ANYTHING)]
    # What is rarest is asked first: a database may ask in this order, story by story.
    unnamed = list(withholding.hiding_their_names(session, project_id))
    passing = [*_passes(only, asked, unnamed), *every]
    leaf = turning.turn(session, passing, to)
    total = turning.count(session, every, leaf if only == StoryFilter() else None)
    return StoryPage(
        stories=clearing.list_stories(session, viewer, project_id, Audience.COMMISSIONERS, leaf.ids),
        newer=leaf.newer, older=leaf.older, total=total,
        found=total if only == StoryFilter() else turning.count(session, passing, leaf),
        places=_places(session, project_id, asked, unnamed),
    )


def with_theme(theme_id: str, asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: something of the story that these audiences may have, drafts too if asked for, carries the theme."""
    return Story.id.in_(union(*(
        select(part.story_id).join(Tagging, column == part.id)
        .where(Tagging.theme_id == theme_id, may_have_part(part, asked, drafts=drafts))
        for part, column in (
            (Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id), (Photo, Tagging.photo_id))
    )))


def with_part(asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: the story has an excerpt, a draft too if asked for, a quote or a photo that these audiences may have."""
    # PostgreSQL would read whole tables for three EXISTS with OR between them. It does not for three values.
    return or_(*(
        select(part.story_id).where(part.story_id == Story.id, may_have_part(part, asked, drafts=drafts))
        .limit(1).scalar_subquery().is_not(None)
        for part in (Excerpt, Quote, Photo)))


def _passes(only: StoryFilter, asked: Asked, unnamed: Sequence[str]) -> list[ColumnElement[bool]]:
    """Those whose place is withheld are found by none."""
    passing = []
    if only.place is not None:
        passing += [Story.place == only.place, Story.id.not_in(unnamed)]
    if only.theme_id is not None:
        passing.append(with_theme(only.theme_id, asked))
    if only.has is not None:
        passing.append(and_(_has(only.has), may_have(Story.id, asked, only.has)))
    return passing


def _has(content: Content) -> ColumnElement[bool]:
    """SQL: there is something of this kind."""
    match content:
        case Content.AUDIO:
            return exists().where(Recording.story_id == Story.id)
        case Content.QUOTE:
            return exists().where(Quote.story_id == Story.id)
        case Content.PHOTO:
            return exists().where(Photo.story_id == Story.id, Photo.derivative_sha256.is_not(None))
        case Content.WORDS:
            return exists().where(Recording.story_id == Story.id, Transcript.recording_id == Recording.id)


def _places(session: Session, project_id: str, asked: Asked,
            unnamed: Sequence[str]) -> list[str] | None:
    """The places of stories that may be had, by name. Each is found from the one before it, without reading stories."""
    def place_after(last: ColumnElement[str]) -> ScalarSelect[str]:
        story = aliased(Story)
        return (select(story.place)
                .where(story.project_id == project_id, story.place > last, story.id.not_in(unnamed),
                       may_have(story.id, asked, ANYTHING))
                .order_by(story.place).limit(1).scalar_subquery())

    each = select(place_after(literal("")).label("place")).cte("each_place", recursive=True)
    each = each.union_all(select(place_after(each.c.place)).where(each.c.place.is_not(None)))
    query = select(each.c.place).where(each.c.place.is_not(None)).limit(PLACES_OFFERED + 1)
    found = sorted(session.scalars(query), key=str.casefold)
    return found if len(found) <= PLACES_OFFERED else None
