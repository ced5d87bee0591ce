"""SQL for who may have what. Every query for something that leaves asks one of these for the clearance rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Viewer, audiences
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


def asked_for(viewer: Viewer, project_id: str, audience: Audience) -> frozenset[Audience]:
    """The audiences that something must be cleared for, for this viewer to have it. Raises NotFound."""
    mine = audiences(viewer, project_id)
    if audience in mine:
        return frozenset({audience})
    if audience is Audience.BOARD and Audience.COMMISSIONERS in mine:
        return frozenset({Audience.BOARD, Audience.COMMISSIONERS})
    raise NotFound


def within_reach(viewer: Viewer, audience: Audience, part: AnyPart | None = None) -> ColumnElement[bool]:
    """SQL: the story is of a project where this viewer may have what is cleared for the audience, and it has something
    that is; with a `part` a part of that kind.

    What is out of reach is asked for with the same statements as what is not there, so that no time tells them apart.
    """
    projects: defaultdict[frozenset[Audience], list[str]] = defaultdict(list)
    for project_id in sorted(viewer.roles):
        try:
            projects[asked_for(viewer, project_id, audience)].append(project_id)
        except NotFound:
            continue
    return or_(false(), *(
        and_(Story.project_id.in_(ids), may_have(Story.id, asked, ANYTHING),
             may_have_part(part, asked) if part else true())
        for asked, ids in projects.items()))


def may_have(story_id: InstrumentedAttribute[str], asked: Iterable[Audience], content: Content) -> ColumnElement[bool]:
    """SQL: the story has a clearance row for this content and every audience asked."""
    return and_(*(
        exists().where(Clearance.story_id == story_id, Clearance.audience == audience.value,
                       Clearance.content == content.value, holds_now())
        for audience in sorted(asked)
    ))


def holds_now() -> ColumnElement[bool]:
    """SQL: the clearance has not ended. What ends while a page is made ends on the next one."""
    return Clearance.until > datetime.now(UTC)


def may_have_part(part: AnyPart, asked: Iterable[Audience], *, drafts: bool = False) -> ColumnElement[bool]:
    """SQL: this recording, quote, photo or excerpt is cleared for every audience asked.

    Drafts are the team's alone; with `drafts` those count that others may have once they were heard.
    """
    cleared = may_have(part.story_id, asked, _CONTENT_OF[part])
    if part is Excerpt and is_for_others(asked) and not drafts:
        return and_(cleared, Excerpt.quotable_at.is_not(None))
    return cleared


def is_for_others(asked: Iterable[Audience]) -> bool:
    """Whether anybody but the team is among those who must be allowed to have something."""
    return not set(asked) <= {Audience.COMMISSIONERS}


def reaches_of(session: Session, ids: Select[str]) -> dict[str, frozenset[Audience]]:
    """The audiences that may have anything of each of these stories."""
    query = select(Clearance.story_id, Clearance.audience).where(
        Clearance.story_id.in_(ids), Clearance.content == ANYTHING.value, holds_now())
    found: dict[str, frozenset[Audience]] = {}
    for story_id, audience in session.execute(query):
        found[story_id] = found.get(story_id, frozenset()) | {Audience(audience)}
    return found
