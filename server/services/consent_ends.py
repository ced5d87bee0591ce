"""The stories that somebody's yes to has ended, or ends soon: ask again, or nobody sees them any more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.models.consent import Clearance
from server.models.story import Story
from server.services import custody, retention, withholding

WARNED_BEFORE = timedelta(days=60)
LISTED = 200


@dataclass(frozen=True)
class ConsentEnding:
    """A story by what tells it apart, when the first and the last of its uses end, and until when it is kept: None for
    good. Once the last has ended nobody sees it."""

    story_id: str
    pseudonym: str
    place: str
    told_on: date
    first_end: datetime
    last_end: datetime
    kept_until: datetime | None


def list_ending(session: Session, viewer: Viewer, project_id: str, now: datetime) -> list[ConsentEnding]:
    """Those of which a use ends within 60 days, or has ended; those that end last come last. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    ends = _ending(project_id, now).subquery()
    query = (select(Story, ends.c.first_end, ends.c.last_end).join(ends, ends.c.story_id == Story.id)
             .order_by(ends.c.last_end, Story.id).limit(LISTED))
    rows = session.execute(query).all()
    names = custody.with_names(session, viewer, withholding.names_of(session, [row.Story for row in rows]))
    return [ConsentEnding(story.id, *names[story.id], story.told_on, first, last,
                          retention.keeps_until(session, story)) for story, first, last in rows]


def count(session: Session, viewer: Viewer, project_id: str, now: datetime) -> int:
    """How many of them there are. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    return session.scalar(select(func.count()).select_from(_ending(project_id, now).subquery())) or 0


def _ending(project_id: str, now: datetime) -> Select[str, datetime, datetime]:
    first, last = func.min(Clearance.until), func.max(Clearance.until)
    # From the clearances that end to their stories, and not through all the stories there are.
    soon = select(Clearance.story_id).where(Clearance.until <= now + WARNED_BEFORE)
    return (select(Story.id.label("story_id"), first.label("first_end"), last.label("last_end"))
            .join(Clearance, Clearance.story_id == Story.id)
            .where(Story.id.in_(soon), Story.project_id == project_id).group_by(Story.id))
