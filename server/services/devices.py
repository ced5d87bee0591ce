"""Phones that collect, and what each said it has not sent: only its researcher can bring that home."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer
from server.domain.errors import NotFound
from server.domain.sent import SentDevice
from server.domain.sync import PhoneClock
from server.models.device import Device
from server.models.people import Membership, Person


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
    row = Device(id=sent.id, person_id=viewer.person_id, first_seen_at=now)
    _say(row, sent, clock, now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        row = session.scalars(select(Device).where(Device.id == sent.id).with_for_update()).one()
        _pass_on(session, viewer, row)
        _say(row, sent, clock, now)
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


def _say(row: Device, sent: SentDevice, clock: PhoneClock, now: datetime) -> None:
    row.label, row.app_version = sent.label, sent.app_version
    row.unsent, row.unsent_bytes = sent.unsent, sent.unsent_bytes
    row.oldest_unsent_at = clock.right(sent.oldest_unsent_at) if sent.oldest_unsent_at else None
    row.last_seen_at = now


def _reported(row: Device) -> Reported:
    return Reported(row.label, row.app_version, row.unsent, row.unsent_bytes, row.oldest_unsent_at, row.last_seen_at)
