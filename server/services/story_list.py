"""The stories of a project as a commissioner finds them: a page at a time, filtered, and the places to filter by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, literal, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from server.domain.access import Permission, Viewer, require
from server.domain.bookmark import Bookmark, Turn
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience, Content
from server.domain.story_filter import StoryFilter
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Transcript
from server.services import clearing, codebook, groups, turning, withholding
from server.services.clearances import ANYTHING, Asked, asked_for, may_have, may_have_part

PLACES_OFFERED = 100
_ONE = aliased(Story)  # made once: that takes longer than to ask


@dataclass(frozen=True)
class StoryPage:
    """One page. `found` is how many pass the filter, `total` how many there are without it; None is more than counted.
    """

    stories: list[ClearedStory]
    newer: Bookmark | None
    older: Bookmark | None
    found: int | None
    total: int | None


def get_page(session: Session, viewer: Viewer, project_id: str, only: StoryFilter, to: Turn) -> StoryPage:
    """A page of the stories that commissioners may have and that pass the filter. Raises NotFound."""
    require(viewer, Permission.BROWSE_STORIES, project_id)
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)
    every = [Story.project_id == project_id, may_have(Story.id, asked, ANYTHING)]
    # What is rarest is asked first: a database may ask in this order, story by story.
    passing = [*passes(session, only, asked, project_id), *every]
    leaf = turning.turn(session, passing, to)
    total = turning.count(session, every, leaf if only == StoryFilter() else None)
    return StoryPage(
        stories=clearing.list_stories(session, viewer, project_id, Audience.COMMISSIONERS, leaf.ids),
        newer=leaf.newer, older=leaf.older, total=total,
        found=total if only == StoryFilter() else turning.count(session, passing, leaf),
    )


def passes(session: Session, only: StoryFilter, asked: Asked, project_id: str) -> list[ColumnElement[bool]]:
    """SQL over Story: it passes the filter with what these audiences may have of it. Those whose place is withheld are
    found by none. Only the team finds stories by who put a theme on something, what people said of themselves, and who
    keeps what they said."""
    passing: list[ColumnElement[bool]] = []
    if asked.is_for_others and {only.tagged_by, only.group_id, only.organisation_id} != {None}:
        passing.append(false())
    if only.place is not None:
        unnamed = withholding.hiding_their_names(session, project_id)
        passing += [Story.place == only.place, Story.id.not_in(list(unnamed))]
    if only.theme_id is not None or only.tagged_by is not None:
        passing.append(_tagged(session, only, asked))
    if only.group_id is not None:
        passing.append(groups.told_by_group(only.group_id))
    if only.organisation_id is not None:
        passing.append(Story.organisation_id == only.organisation_id)
    if only.language is not None:
        passing.append(Story.language == only.language)
    if only.told_from is not None:
        passing.append(Story.told_at >= _midnight(only.told_from))
    if only.told_to is not None:
        passing.append(Story.told_at < _midnight(only.told_to + timedelta(days=1)))
    return passing + [and_(_has(content, asked), may_have(Story.id, asked, content)) for content in sorted(only.has)]


def with_theme(theme_id: str, asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: something of the story that these audiences may have, drafts too if asked for, carries the theme."""
    return _with_tagging((Tagging.theme_id == theme_id,), asked, drafts=drafts)


def with_part(asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: the story has an excerpt, a draft too if asked for, a quote or a photo that these audiences may have."""
    # PostgreSQL would read whole tables for three EXISTS with OR between them. It does not for three values.
    return or_(*(
        select(part.story_id).where(part.story_id == Story.id, may_have_part(part, asked, drafts=drafts))
        .limit(1).scalar_subquery().is_not(None)
        for part in (Excerpt, Quote, Photo)))


def _tagged(session: Session, only: StoryFilter, asked: Asked) -> ColumnElement[bool]:
    """With the theme or one under it."""
    themes = [] if only.theme_id is None else sorted(codebook.descendants(session, only.theme_id))
    which: list[ColumnElement[bool]] = [Tagging.theme_id.in_(themes)] if themes else []
    if only.tagged_by is not None:
        which.append(Tagging.tagged_by == only.tagged_by)
    return _with_tagging(which, asked)


def _with_tagging(which: Sequence[ColumnElement[bool]], asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    return Story.id.in_(union(*(
        select(part.story_id).join(Tagging, column == part.id).where(*which, may_have_part(part, asked, drafts=drafts))
        for part, column in (
            (Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id), (Photo, Tagging.photo_id))
    )))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _has(content: Content, asked: Asked) -> ColumnElement[bool]:
    """SQL: there is something of this kind. Words are a transcript, and for others passages of one."""
    match content:
        case Content.AUDIO:
            return exists().where(Recording.story_id == Story.id)
        case Content.QUOTE:
            return exists().where(Quote.story_id == Story.id)
        case Content.PHOTO:
            return exists().where(Photo.story_id == Story.id, Photo.derivative_sha256.is_not(None))
        case Content.WORDS if asked.is_for_others:
            return exists().where(Excerpt.story_id == Story.id, Excerpt.quotable_at.is_not(None))
        case Content.WORDS:
            return exists().where(Recording.story_id == Story.id, Transcript.recording_id == Recording.id)


def list_places(session: Session, project_id: str, asked: Asked) -> list[str] | None:
    """The places of stories that may be had, by name; None where there are too many to choose from."""
    unnamed = withholding.hiding_their_names(session, project_id)
    found = _each(session, Story.place, project_id, asked, list(unnamed))
    return sorted(found, key=str.casefold) if len(found) <= PLACES_OFFERED else None


def list_languages(session: Session, project_id: str, asked: Asked) -> list[str]:
    """The codes of the languages that stories were told in that may be had."""
    return _each(session, Story.language, project_id, asked)


def _each(session: Session, value: InstrumentedAttribute[str], project_id: str, asked: Asked,
          but: Sequence[str] = ()) -> list[str]:
    """What is in a column of stories that may be had, `but` those, in its order; one more than is ever offered."""
    # Each is found from the one before it, without reading stories.
    def after(last: ColumnElement[str]) -> ScalarSelect[str]:
        own = getattr(_ONE, value.key)
        return (select(own).where(_ONE.project_id == project_id, own > last, _ONE.id.not_in(but),
                                  may_have(_ONE.id, asked, ANYTHING))
                .order_by(own).limit(1).scalar_subquery())

    each = select(after(literal("")).label("found")).cte("each_one", recursive=True)
    each = each.union_all(select(after(each.c.found)).where(each.c.found.is_not(None)))
    query = select(each.c.found).where(each.c.found.is_not(None)).limit(PLACES_OFFERED + 1)
    return list(session.scalars(query))
