"""Files that others took away with something that a partner keeps to itself since: they should not be used."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.export import Stale
from server.models.consent import Clearance
from server.models.export import ExportMade, ExportPart
from server.models.people import Membership
from server.models.story import Story
from server.services import custody, exports_made, locks


def mark(session: Session, project_id: str, organisation_id: str, now: datetime) -> None:
    """Mark what a partner does not share now, in the files of everybody who is not of it."""
    locks.take_exports(session)
    kept = select(Story.id).where(Story.project_id == project_id, Story.organisation_id == organisation_id,
                                  custody.is_kept_now(frozenset()))
    files = select(ExportMade.id).where(ExportMade.project_id == project_id, ~_made_for(organisation_id))
    session.execute(update(ExportPart)
                    .where(ExportPart.story_id.in_(kept), ExportPart.export_id.in_(files), ExportPart.position > 0,
                           ExportPart.stale_at.is_(None))
                    .values(stale_at=now, stale_because=Stale.KEPT.value)
                    .execution_options(synchronize_session=False))


def let_be_used_again(session: Session, now: datetime) -> int:
    """Let what is shared again be used, but for what people agreed to less of meanwhile; how many parts. Also for the
    sweep: a day comes by itself."""
    shared = exists().where(Clearance.story_id == ExportPart.story_id, Clearance.others_from <= now)
    again = session.execute(
        update(ExportPart).where(ExportPart.stale_because == Stale.KEPT.value, shared)
        .values(stale_at=None, stale_because="").returning(ExportPart.story_id)
        .execution_options(synchronize_session=False)).scalars().all()
    for story_id in sorted(set(again)):
        exports_made.follow(session, now, story_id)
    return len(again)


def hidden_from(organisations: frozenset[str]) -> ColumnElement[bool]:
    """SQL: the part is of a story that its partner keeps from these, in a file that was made for that partner: others
    do not learn that there is such a story."""
    of_it = exists().where(Membership.person_id == ExportMade.made_by, Membership.project_id == Story.project_id,
                           Membership.organisation_id == Story.organisation_id,
                           Membership.role != Role.CUSTODIAN.value)
    return exists().where(Story.id == ExportPart.story_id, custody.is_kept_now(organisations),
                          ExportMade.id == ExportPart.export_id, of_it)


def _made_for(organisation_id: str) -> ColumnElement[bool]:
    """SQL: whoever made the file has what this partner keeps."""
    return exists().where(Membership.person_id == ExportMade.made_by, Membership.project_id == ExportMade.project_id,
                          Membership.organisation_id == organisation_id, Membership.role != Role.CUSTODIAN.value)
