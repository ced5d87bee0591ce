"""What a provocation rests on, read anew each time it is shown, and what else it could rest on.

Drafts, whose words nobody has heard, are shown to those who arrange it, and to no board.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, union
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import ClearedExcerpt, ClearedPart
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.theme import Taggable
from server.models.provocation import Evidence, Provocation
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt
from server.services import clearing, custody, turning
from server.services.clearances import ANYTHING, asked_for, may_have
from server.services.story_list import with_part, with_theme

OFFERED_STORIES = 50
_PARTS = ((Excerpt, Evidence.excerpt_id), (Quote, Evidence.quote_id), (Photo, Evidence.photo_id))


@dataclass(frozen=True)
class Offered:
    """Parts of the newest stories that a board may have, and drafts of such; `has_more` where older stories hold
    others."""

    parts: list[ClearedPart]
    has_more: bool


def list_evidence(session: Session, viewer: Viewer, provocation_id: str) -> list[ClearedPart]:
    """The parts in order, as a board may have them now. Raises NotFound."""
    provocation = _get(session, provocation_id)
    found = clearing.list_parts(session, viewer, provocation.project_id, Audience.BOARD, _holding(provocation_id))
    return _in_order(provocation, found)


def list_arranged(session: Session, viewer: Viewer, provocation_id: str) -> list[ClearedPart]:
    """The parts in order as a commissioner arranges them: what a board may have, and the drafts that it may have once
    they were heard. Raises NotFound."""
    provocation = _get(session, provocation_id)
    return _in_order(provocation, _with_drafts(session, viewer, provocation.project_id, _holding(provocation_id)))


def count_drafts(session: Session, viewer: Viewer, provocation_id: str) -> int:
    """How much of it no board sees because nobody has listened to it. For those who may arrange it. Raises NotFound."""
    return sum(isinstance(part, ClearedExcerpt) and part.is_draft
               for part in list_arranged(session, viewer, provocation_id))


def count_kept(session: Session, viewer: Viewer, provocation_id: str) -> int:
    """On how much of it a partner has taken back since, for whoever made it: to others it is as if it had never been
    there. Raises NotFound."""
    provocation = _get(session, provocation_id)
    if provocation.made_by != viewer.person_id:
        return 0
    kept = and_(custody.is_kept_now(viewer.organisations_in(provocation.project_id)), _holding(provocation_id))
    ids = session.scalars(select(Story.id).where(kept)).all()
    return sum(session.scalar(select(func.count()).select_from(Evidence).join(part, column == part.id).where(
        Evidence.provocation_id == provocation_id, part.story_id.in_(ids))) or 0 for part, column in _PARTS)


def get_arrangeable(session: Session, viewer: Viewer, kind: Taggable, part_id: str) -> ClearedPart:
    """Something that a commissioner may put into a provocation. Raises NotFound."""
    try:
        return clearing.get_part(session, viewer, kind, part_id, Audience.BOARD)
    except NotFound:
        part = clearing.get_part(session, viewer, kind, part_id, Audience.COMMISSIONERS)
        if part.id not in _drafts_for_board(session, viewer, part.project_id, Excerpt.id == part.id):
            raise
        return part


def offer(session: Session, viewer: Viewer, project_id: str, theme_id: str | None = None) -> Offered:
    """What a board may have of the newest stories that have anything for it, or anything with this theme, and the
    drafts among it.

    Raises NotFound.
    """
    asked = asked_for(viewer, project_id, Audience.BOARD)
    which = [Story.project_id == project_id, may_have(Story.id, asked, ANYTHING),
             with_theme(theme_id, asked, drafts=True) if theme_id else with_part(asked, drafts=True)]
    ids, has_more = turning.newest(session, which, OFFERED_STORIES)
    parts = _with_drafts(session, viewer, project_id, Story.id.in_(ids))
    if theme_id:
        parts = [part for part in parts if theme_id in {theme.id for theme in part.themes}]
    return Offered(parts, has_more)


def _with_drafts(session: Session, viewer: Viewer, project_id: str, which: ColumnElement[bool]) -> list[ClearedPart]:
    """What a board may have of these stories, and the drafts that it may have once they were heard, as the team has
    them."""
    found = clearing.list_parts(session, viewer, project_id, Audience.BOARD, which)
    drafts = _drafts_for_board(session, viewer, project_id, Excerpt.story_id.in_(select(Story.id).where(which)))
    if not drafts:
        return found
    mine = clearing.list_parts(session, viewer, project_id, Audience.COMMISSIONERS, which)
    of_board, of_team = {part.id: part for part in found}, {part.id for part in mine}
    return [of_board.get(part.id, part) for part in mine if part.id in drafts or part.id in of_board] + [
        part for part in found if part.id not in of_team]


def _drafts_for_board(session: Session, viewer: Viewer, project_id: str, which: ColumnElement[bool]) -> set[str]:
    """The ids of drafts whose words are cleared for a board and this commissioner alike."""
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS).also(Audience.BOARD)
    return set(session.scalars(select(Excerpt.id).where(
        which, Excerpt.quotable_at.is_(None), may_have(Excerpt.story_id, asked, Content.WORDS))))


def _holding(provocation_id: str) -> ColumnElement[bool]:
    """SQL: the story holds something that the provocation rests on."""
    return Story.id.in_(union(*(
        select(part.story_id).join(Evidence, column == part.id).where(Evidence.provocation_id == provocation_id)
        for part, column in _PARTS)))


def _in_order(provocation: Provocation, found: list[ClearedPart]) -> list[ClearedPart]:
    parts = {part.id: part for part in found}
    return [parts[item.part_id] for item in provocation.evidence if item.part_id in parts]


def _get(session: Session, provocation_id: str) -> Provocation:
    provocation = session.get(Provocation, provocation_id)
    if provocation is None:
        raise NotFound
    return provocation
