"""What came before what it belongs to: its exact bytes, seen by nobody, until `pushes` lets it in.

A story is held until the consent of everybody who told it has come, a quote or a manifest until its story has. Files
wait in the staging folder instead (`arrivals`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Exists, delete, exists, null, or_, select
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer, may
from server.domain.errors import NotFound, SameIdOtherContent
from server.domain.sync import Body, PhoneClock, Receipt
from server.models.held import HeldArrival
from server.models.people import Membership, Person
from server.models.story import Story
from server.models.upload import Upload
from server.services import receipts
from server.services.insertion import insert_once

STORY, QUOTE, MANIFEST = "story", "quote", "manifest"
FLAGGED_AFTER = timedelta(days=14)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Overdue:
    """Something that has waited for two weeks. `project_id` is unknown where only its story would say it."""

    id: str
    kind: str
    story_id: str
    project_id: str | None
    person_name: str
    received_at: datetime


def hold(session: Session, viewer: Viewer, kind: str, part_id: str, story_id: str, project_id: str | None, body: Body,
         clock: PhoneClock, received_at: datetime | None = None) -> tuple[Receipt, bool]:
    """Hold something once; the receipt, and whether it is new. Whoever sends it last has sent it.

    Raises NotFound where it is somebody else's, and SameIdOtherContent.
    """
    is_new = insert_once(
        session, HeldArrival, HeldArrival.id, id=part_id, kind=kind, story_id=story_id, project_id=project_id,
        person_id=viewer.person_id, body=body.content, body_sha256=body.sha256,
        clock_error_ms=clock.error // _MILLISECOND, received_at=received_at or datetime.now(UTC))
    row = session.get_one(HeldArrival, part_id, populate_existing=True)
    if row.body_sha256 != body.sha256 or (row.kind, row.story_id) != (kind, story_id):
        raise SameIdOtherContent if receipts.may_see_held(viewer, row) else NotFound
    row.person_id = viewer.person_id
    session.flush()
    return receipts.for_held(row), is_new


def release(session: Session, viewer: Viewer, kind: str, part_id: str, body: Body) -> datetime | None:
    """Hold something no longer that comes again and may now be kept; when it came first, if it was held.

    Raises NotFound where it is somebody else's, and SameIdOtherContent.
    """
    row = session.get(HeldArrival, part_id, populate_existing=True)
    if row is None:
        return None
    if row.body_sha256 != body.sha256 or row.kind != kind:
        raise SameIdOtherContent if receipts.may_see_held(viewer, row) else NotFound
    session.delete(row)
    session.flush()
    return row.received_at


def list_waiting(session: Session, story_id: str, kind: str) -> list[HeldArrival]:
    """What of this kind waits for the story or its consent, in the order in which it came."""
    return list(session.scalars(
        select(HeldArrival).where(HeldArrival.story_id == story_id, HeldArrival.kind == kind)
        .order_by(HeldArrival.received_at, HeldArrival.id)))


def drop(session: Session, story_id: str, kind: str) -> None:
    """Let go of what nobody agreed to. The phone still has it, and is told why when it sends it again."""
    session.execute(delete(HeldArrival).where(HeldArrival.story_id == story_id, HeldArrival.kind == kind))


def list_overdue(session: Session, now: datetime, project_id: str | None = None) -> list[Overdue]:
    """What has waited for two weeks, oldest first: everything, or what may belong to one project.

    It may belong to a project that it names, or to one in which whoever sent it collects.
    """
    rows = (select(HeldArrival.id, HeldArrival.kind, HeldArrival.story_id, HeldArrival.project_id, Person.name,
                   HeldArrival.received_at)
            .join(Person, Person.id == HeldArrival.person_id).where(HeldArrival.received_at <= now - FLAGGED_AFTER))
    files = (select(Upload.part_id, Upload.kind, Upload.story_id, null(), Person.name, Upload.created_at)
             .join(Person, Person.id == Upload.person_id)
             .where(Upload.created_at <= now - FLAGGED_AFTER, Upload.offset == Upload.length,
                    Upload.completed_at.is_(None), ~exists().where(Story.id == Upload.story_id)))
    if project_id is not None:
        rows = rows.where(or_(HeldArrival.project_id == project_id,
                              HeldArrival.project_id.is_(None) & _collects(HeldArrival, project_id)))
        files = files.where(_collects(Upload, project_id))
    found = [Overdue(*row) for query in (rows, files) for row in session.execute(query)]
    return sorted(found, key=lambda overdue: (overdue.received_at, overdue.id))


def require_collects_somewhere(viewer: Viewer) -> None:
    """Raises NotFound for somebody who collects in no project, so that nothing of theirs could ever be let in."""
    if not any(may(viewer, Permission.COLLECT, project_id) for project_id in viewer.roles):
        raise NotFound


def _collects(owner: type[HeldArrival] | type[Upload], project_id: str) -> Exists:
    """SQL: whoever sent it collects in this project."""
    roles = [role.value for role in ROLES_THAT_MAY[Permission.COLLECT]]
    return exists().where(Membership.person_id == owner.person_id, Membership.project_id == project_id,
                          Membership.role.in_(roles))
