"""Phones that collect, and what each said it has not sent: only its researcher can bring that home."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer
from server.domain.errors import NotFound
from server.domain.sent import SentDevice
from server.domain.sync import PhoneClock
from server.models.device import Device
from server.models.people import Membership, Person
from server.services.insertion import insert_once


@dataclass(frozen=True)
class Reported:
    """A phone as it said it is, and when."""

    label: str
    app_version: str
    unsent: int
    unsent_bytes: int
    oldest_unsent_at: datetime | None
    last_seen_at: datetime


@dataclass(frozen=True)
class WithUnsent:
    """A phone that has something nobody else has, and who reported it last."""

    id: str
    person_name: str
    reported: Reported


def report(session: Session, viewer: Viewer, sent: SentDevice, clock: PhoneClock) -> Reported:
    """Keep what a phone says of itself. Phones are passed on: whoever reports it last has it.

    Raises NotFound where it is the phone of somebody who still collects, but in no project of the viewer's.
    """
    now = datetime.now(UTC)
    is_new = insert_once(session, Device, Device.id, id=sent.id, person_id=viewer.person_id, first_seen_at=now,
                         last_seen_at=now)
    row = session.get_one(Device, sent.id, with_for_update=True, populate_existing=True)
    if not is_new:
        _pass_on(session, viewer, row)
    row.label, row.app_version = sent.label, sent.app_version
    row.unsent, row.unsent_bytes = sent.unsent, sent.unsent_bytes
    row.oldest_unsent_at = clock.right(sent.oldest_unsent_at) if sent.oldest_unsent_at else None
    row.last_seen_at = now
    session.flush()
    return _reported(row)


def list_with_unsent(session: Session) -> list[WithUnsent]:
    """Phones that said they hold something, the longest silent first. For operators: it names no story."""
    rows = session.execute(
        select(Device, Person.name).join(Person, Person.id == Device.person_id).where(Device.unsent > 0)
        .order_by(Device.last_seen_at, Device.id))
    return [WithUnsent(device.id, name, _reported(device)) for device, name in rows]


def _pass_on(session: Session, viewer: Viewer, row: Device) -> None:
    if row.person_id == viewer.person_id:
        return
    theirs, mine = aliased(Membership), aliased(Membership)
    roles = [role.value for role in ROLES_THAT_MAY[Permission.COLLECT]]
    theirs_collects = (theirs.person_id == row.person_id, theirs.role.in_(roles))
    together = exists().where(*theirs_collects, mine.project_id == theirs.project_id,
                              mine.person_id == viewer.person_id, mine.role.in_(roles))
    if session.scalar(select(exists().where(*theirs_collects))) and not session.scalar(select(together)):
        raise NotFound
    row.person_id = viewer.person_id


def _reported(row: Device) -> Reported:
    return Reported(row.label, row.app_version, row.unsent, row.unsent_bytes, row.oldest_unsent_at, row.last_seen_at)
