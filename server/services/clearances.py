"""SQL for who may have what. Every query for something that leaves asks one of these for the clearance rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Viewer, audiences, reads_for
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.models.consent import Clearance
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt

AnyPart = type[Recording] | type[Quote] | type[Photo] | type[Excerpt]
_CONTENT_OF: dict[AnyPart, Content] = {
    Recording: Content.AUDIO, Quote: Content.QUOTE, Photo: Content.PHOTO, Excerpt: Content.WORDS}

# Whoever may have anything of a story may have its quotes, so this clearance opens the story itself.
ANYTHING = Content.QUOTE


@dataclass(frozen=True)
class Asked:
    """Who asks for something: it must be cleared for all of these audiences, and shared by whoever keeps it, or kept by
    one of these organisations, for whom the viewer is in the project."""

    audiences: frozenset[Audience]
    organisations: frozenset[str] = frozenset()

    def also(self, audience: Audience) -> "Asked":
        """The same, for one audience more."""
        return replace(self, audiences=self.audiences | {audience})

    @property
    def is_for_others(self) -> bool:
        """Whether anybody but the team is among those who must be allowed to have something."""
        return not self.audiences <= {Audience.COMMISSIONERS}


def asked_for(viewer: Viewer, project_id: str, audience: Audience) -> Asked:
    """For whom something must be cleared, for this viewer to have it. Raises NotFound."""
    mine = audiences(viewer, project_id)
    if audience in mine:
        return Asked(frozenset({audience}), reads_for(viewer, project_id, audience))
    if audience is Audience.BOARD and Audience.COMMISSIONERS in mine:
        return Asked(frozenset({Audience.BOARD, Audience.COMMISSIONERS}),
                     reads_for(viewer, project_id, Audience.COMMISSIONERS))
    raise NotFound


def within_reach(viewer: Viewer, audience: Audience, part: AnyPart | None = None) -> ColumnElement[bool]:
    """SQL: the story is of a project where this viewer may have what is cleared for the audience, and it has something
    that is; with a `part` a part of that kind.

    What is out of reach is asked for with the same statements as what is not there, so that no time tells them apart.
    """
    projects: defaultdict[Asked, list[str]] = defaultdict(list)
    for project_id in sorted(viewer.roles):
        try:
            projects[asked_for(viewer, project_id, audience)].append(project_id)
        except NotFound:
            continue
    return or_(false(), *(
        and_(Story.project_id.in_(ids), may_have(Story.id, asked, ANYTHING),
             may_have_part(part, asked) if part else true())
        for asked, ids in projects.items()))


def may_have(story_id: InstrumentedAttribute[str], asked: Asked, content: Content) -> ColumnElement[bool]:
    """SQL: the story has a clearance row for this content and every audience asked, and is shared with whoever asks."""
    return and_(*(
        exists().where(Clearance.story_id == story_id, Clearance.audience == audience.value,
                       Clearance.content == content.value, holds_now(), shared_with(asked))
        for audience in sorted(asked.audiences)
    ))


def shared_with(asked: Asked) -> ColumnElement[bool]:
    """SQL: others than the organisation that keeps the story may have it by now, or whoever asks is of that one."""
    by_now = Clearance.others_from <= datetime.now(UTC)
    return or_(by_now, Clearance.held_by.in_(sorted(asked.organisations))) if asked.organisations else by_now


def holds_now() -> ColumnElement[bool]:
    """SQL: the clearance has not ended. What ends while a page is made ends on the next one."""
    return Clearance.until > datetime.now(UTC)


def may_have_part(part: AnyPart, asked: Asked, *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: this recording, quote, photo or excerpt is cleared for whoever asks.

    Drafts are the team's alone; with `drafts` those count that others may have once they were heard.
    """
    cleared = may_have(part.story_id, asked, _CONTENT_OF[part])
    if part is Excerpt and asked.is_for_others and not drafts:
        return and_(cleared, Excerpt.quotable_at.is_not(None))
    return cleared


@dataclass(frozen=True)
class Opened:
    """The stories that whoever asks may have something of, newest first, and for each kind of content the ids of those
    that they may have it of."""

    asked: Asked
    stories: tuple[Story, ...]
    cleared: Mapping[Content, tuple[str, ...]]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(story.id for story in self.stories)

    def with_part(self, part: AnyPart) -> tuple[str, ...]:
        """The ids of the stories whose parts of this kind may be had."""
        return self.cleared[_CONTENT_OF[part]]


def opened(session: Session, which: ColumnElement[bool], asked: Asked) -> Opened:
    """Of the stories that `which` picks those that may be had, with what of them, in one query."""
    kinds = [content for content in Content if content is not ANYTHING]
    query = (select(Story, *(may_have(Story.id, asked, content) for content in kinds))
             .where(which, may_have(Story.id, asked, ANYTHING)).order_by(Story.told_at.desc(), Story.id.desc()))
    rows = session.execute(query).all()
    cleared = {content: tuple(row[0].id for row in rows if row[number])
               for number, content in enumerate(kinds, start=1)}
    stories = tuple(row[0] for row in rows)
    return Opened(asked, stories, cleared | {ANYTHING: tuple(story.id for story in stories)})


def reaches_of(session: Session, ids: Sequence[str]) -> dict[str, frozenset[Audience]]:
    """The audiences that may have anything of each of these stories."""
    query = select(Clearance.story_id, Clearance.audience).where(
        Clearance.story_id.in_(ids), Clearance.content == ANYTHING.value, holds_now())
    found: dict[str, frozenset[Audience]] = {}
    for story_id, audience in session.execute(query):
        found[story_id] = found.get(story_id, frozenset()) | {Audience(audience)}
    return found
