"""What a provocation rests on, read anew each time it is shown, and what else it could rest on."""

from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.provocation import Evidence, Provocation
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt
from server.services import clearing, turning
from server.services.clearances import ANYTHING, asked_for, may_have
from server.services.story_list import with_part, with_theme

OFFERED_STORIES = 50


@dataclass(frozen=True)
class Offered:
    """Parts of the newest stories that a board may have; `has_more` where older stories hold others."""

    parts: list[ClearedPart]
    has_more: bool


def list_evidence(session: Session, viewer: Viewer, provocation_id: str) -> list[ClearedPart]:
    """The parts in order, as a board may have them now. Raises NotFound."""
    provocation = session.get(Provocation, provocation_id)
    if provocation is None:
        raise NotFound
    holding = Story.id.in_(union(*(
        select(part.story_id).join(Evidence, column == part.id).where(Evidence.provocation_id == provocation_id)
        for part, column in ((Excerpt, Evidence.excerpt_id), (Quote, Evidence.quote_id), (Photo, Evidence.photo_id)))))
    found = clearing.list_parts(session, viewer, provocation.project_id, Audience.BOARD, holding)
    parts = {part.id: part for part in found}
    return [parts[item.part_id] for item in provocation.evidence if item.part_id in parts]


def offer(session: Session, viewer: Viewer, project_id: str, theme_id: str | None = None) -> Offered:
    """What a board may have of the newest stories that have anything for it, or anything with this theme.

    Raises NotFound.
    """
    asked = asked_for(viewer, project_id, Audience.BOARD)
    which = [Story.project_id == project_id, may_have(Story.id, asked, ANYTHING),
             with_theme(theme_id, asked) if theme_id else with_part(asked)]
    ids, has_more = turning.newest(session, which, OFFERED_STORIES)
    parts = clearing.list_parts(session, viewer, project_id, Audience.BOARD, Story.id.in_(ids))
    if theme_id:
        parts = [part for part in parts if theme_id in {theme.id for theme in part.themes}]
    return Offered(parts, has_more)
