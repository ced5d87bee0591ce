"""What could be published once and cannot be any more. Whoever has a file knows from it what to take out of others."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Viewer
from server.domain.consent import Audience, Content, History
from server.domain.export import LeftOut, Stale
from server.models.consent import Clearance, ConsentRecord, Withdrawal
from server.models.export import ExportMade, ExportPart
from server.models.story import Quote, Story
from server.models.theme import Excerpt, Tagging
from server.services import consents, custody

_PARTS = ((Quote, Tagging.quote_id, Content.QUOTE), (Excerpt, Tagging.excerpt_id, Content.WORDS))


def list_left_out(session: Session, viewer: Viewer, project_id: str, there: Collection[str],
                  theme_id: str | None = None) -> list[LeftOut]:
    """What is not in a file that has these parts: what was in an earlier one and should not be used any more, what a
    yes has ended for, and stories that were withdrawn. Each once, by ids alone; what a partner keeps is nobody
    else's business, but where they have it already."""
    found = {one.part_id: one for one in (*_expired(session, project_id, theme_id), *_withdrawn(session, project_id),
                                          *_stale(session, project_id))}
    kept = custody.kept_from(session, viewer, [one.story_id for one in found.values() if one.because != Stale.KEPT])
    return [one for part_id, one in sorted(found.items()) if part_id not in there and one.story_id not in kept]


def _stale(session: Session, project_id: str) -> list[LeftOut]:
    query = (select(ExportPart).join(ExportMade, ExportMade.id == ExportPart.export_id)
             .where(ExportMade.project_id == project_id, ExportMade.kind == "quotes.csv",
                    ExportPart.position > 0, ExportPart.stale_at.is_not(None)).order_by(ExportPart.stale_at))
    return [LeftOut(row.part_id, row.story_id, Stale(row.stale_because), row.stale_at or datetime.now(UTC))
            for row in session.scalars(query)]


def _expired(session: Session, project_id: str, theme_id: str | None) -> list[LeftOut]:
    found = []
    for part, column, content in _PARTS:
        which = [Story.project_id == project_id, Clearance.audience == Audience.PUBLICATION.value,
                 Clearance.content == content.value, Clearance.until <= datetime.now(UTC)]
        if theme_id is not None:
            which.append(exists().where(column == part.id, Tagging.theme_id == theme_id))
        query = (select(part.id, part.story_id, Clearance.until).join(Story, Story.id == part.story_id)
                 .join(Clearance, Clearance.story_id == part.story_id).where(*which))
        found += [LeftOut(part_id, story_id, Stale.EXPIRED, until)
                  for part_id, story_id, until in session.execute(query)]
    return found


def _withdrawn(session: Session, project_id: str) -> list[LeftOut]:
    """Stories that might have been published: others are nobody's business."""
    ended = session.execute(select(Withdrawal.story_id, Withdrawal.at).where(Withdrawal.project_id == project_id))
    return [LeftOut(story_id, story_id, Stale.WITHDRAWN, at) for story_id, at in ended
            if _could_be_published(session, story_id)]


def _could_be_published(session: Session, story_id: str) -> bool:
    """Whether everybody who told it had agreed, as far as their records say."""
    told = select(ConsentRecord.participant_id).where(ConsentRecord.story_id == story_id,
                                                      ConsentRecord.participant_id.is_not(None)).distinct()
    people = tuple(person for person in session.scalars(told) if person)
    records = consents.history_of(session, story_id).records
    return any(one.audience is Audience.PUBLICATION for one in rules.decide(History(records, people)))
