"""Phones that collect, and what each said it has not sent: only its researcher can bring that home."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, exists, select, update
from sqlalchemy.orm import Session, aliased

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer, may, require
from server.domain.audit import Action
from server.domain.errors import DeviceRevoked, NotFound
from server.domain.sent import SentDevice
from server.domain.sync import PhoneClock
from server.models.audit import AuditEntry
from server.models.consent import ConsentRecord
from server.models.device import Device
from server.models.people import Membership, Person
from server.services import audit
from server.services.insertion import insert_once

SILENT_AFTER = timedelta(days=7)
_COLLECTING = [role.value for role in ROLES_THAT_MAY[Permission.COLLECT]]


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
class Phone:
    """A phone, who reported it last, and since when, by whom and in which project it is shut out."""

    id: str
    person_name: str
    reported: Reported
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_in: str | None = None

    def is_silent(self, now: datetime) -> bool:
        """Whether it has something that nobody else has, and was not heard of for a week."""
        return self.reported.unsent > 0 and self.reported.last_seen_at < now - SILENT_AFTER


def report(session: Session, viewer: Viewer, sent: SentDevice, clock: PhoneClock) -> Reported:
    """Keep what a phone says of itself. Phones are passed on: whoever reports it last has it.

    It passes to somebody who collects for a project that whoever had it collects for, or collected for where they
    collect nowhere any more, and to anybody who collects where they belong nowhere and took no consent. Raises NotFound
    for anybody else, and DeviceRevoked.
    """
    now = datetime.now(UTC)
    is_new = insert_once(session, Device, Device.id, id=sent.id, person_id=viewer.person_id, first_seen_at=now,
                         last_seen_at=now)
    row = session.get_one(Device, sent.id, with_for_update=True, populate_existing=True)
    if not is_new:
        _pass_on(session, viewer, row)
    if row.revoked_at is not None:
        raise DeviceRevoked
    row.label, row.app_version = sent.label, sent.app_version
    row.unsent, row.unsent_bytes = sent.unsent, sent.unsent_bytes
    row.oldest_unsent_at = clock.right(sent.oldest_unsent_at) if sent.oldest_unsent_at else None
    row.last_seen_at = now
    session.flush()
    return _reported(row)


def is_known_to_have_read(session: Session, viewer: Viewer, device_id: str, up_to: int) -> bool:
    """Whether there is nothing to note: it is not this person's phone, or it has said so before."""
    known = session.scalar(select(Device.read_up_to).where(Device.id == device_id,
                                                           Device.person_id == viewer.person_id))
    return known is None or known >= up_to


def note_read(session: Session, viewer: Viewer, device_id: str, up_to: int) -> None:
    """Remember that a phone has acted on every change that this person is told of, up to this one."""
    session.execute(update(Device).where(Device.id == device_id, Device.person_id == viewer.person_id,
                                         Device.read_up_to < up_to).values(read_up_to=up_to))


def list_with_unsent(session: Session) -> list[Phone]:
    """Phones that said they hold something, the longest silent first. For operators: it names no story."""
    return _phones(session, _query().where(Device.unsent > 0))


def list_of_project(session: Session, viewer: Viewer, project_id: str) -> list[Phone]:
    """The phones of the project's people, the longest silent first. It names no story. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    return _phones(session, _query().where(_is_of(project_id)))


def get_of_project(session: Session, viewer: Viewer, project_id: str, device_id: str) -> Phone:
    """One of the phones of the project's people. Raises NotFound."""
    require(viewer, Permission.MANAGE_PEOPLE, project_id)
    found = _phones(session, _query().where(Device.id == device_id, _is_of(project_id)))
    if not found:
        raise NotFound
    return found[0]


def require_own(session: Session, viewer: Viewer, device_id: str) -> None:
    """Raises NotFound unless the viewer reported the phone last, and DeviceRevoked."""
    row = session.get(Device, device_id)
    if row is None or row.person_id != viewer.person_id:
        raise NotFound
    if row.revoked_at is not None:
        raise DeviceRevoked


def _query() -> Select[Device, str, str | None, str | None]:
    revoker = aliased(Person)
    return (select(Device, Person.name, revoker.name, _revoked_in())
            .join(Person, Person.id == Device.person_id).outerjoin(revoker, revoker.id == Device.revoked_by)
            .order_by(Device.last_seen_at, Device.id))


def _phones(session: Session, query: Select[Device, str, str | None, str | None]) -> list[Phone]:
    return [Phone(device.id, name, _reported(device), device.revoked_at, revoker, revoked_in)
            for device, name, revoker, revoked_in in session.execute(query)]


def _is_of(project_id: str) -> ColumnElement[bool]:
    """SQL: whoever has the phone belongs to the project, or collected for it and belongs nowhere any more; or the
    phone is shut out there, and nobody else can let it in."""
    theirs = Membership.person_id == Device.person_id
    belongs = exists().where(theirs, Membership.project_id == project_id)
    collected = exists().where(ConsentRecord.taken_by == Device.person_id, ConsentRecord.project_id == project_id)
    return belongs | (collected & ~exists().where(theirs)) | (_revoked_in() == project_id)


def _revoked_in() -> ColumnElement[str | None]:
    """SQL: the project whose administrator shut the phone out; the audit knows it. Null where it is not."""
    newest = (select(AuditEntry.project_id).where(
        AuditEntry.subject_id == Device.id, AuditEntry.kind == "device", AuditEntry.action == Action.REVOKED)
        .order_by(AuditEntry.sequence.desc()).limit(1).correlate(Device).scalar_subquery())
    return case((Device.revoked_at.is_not(None), newest))


def _pass_on(session: Session, viewer: Viewer, row: Device) -> None:
    if row.person_id == viewer.person_id:
        return
    mine = sorted(project_id for project_id in viewer.roles if may(viewer, Permission.COLLECT, project_id))
    theirs = _collected_for(session, row.person_id)
    shared = mine if theirs is None else [project_id for project_id in mine if project_id in theirs]
    if not shared:
        raise NotFound
    audit.note(session, viewer.person_id, Action.PASSED_ON, "device", row.id, shared[0], had_by=row.person_id)
    row.person_id = viewer.person_id


def _collected_for(session: Session, person_id: str) -> set[str] | None:
    """The projects that somebody collects for, or took a consent for where they collect nowhere any more. None for
    somebody who belongs nowhere and never took one: nothing ties their phone to any project."""
    belongs = select(Membership.project_id, Membership.role).where(Membership.person_id == person_id)
    roles = session.execute(belongs).all()
    collects = {project_id for project_id, role in roles if role in _COLLECTING}
    took = select(ConsentRecord.project_id).where(ConsentRecord.taken_by == person_id).distinct()
    found = collects or {*session.scalars(took)}
    return found if found or roles else None


def _reported(row: Device) -> Reported:
    return Reported(row.label, row.app_version, row.unsent, row.unsent_bytes, row.oldest_unsent_at, row.last_seen_at)
