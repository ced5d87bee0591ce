"""Shutting a lost phone out: what was used to sign in on it ends at once, and it is refused from then on.

What it may still hold stays written down, since nobody else has it.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.errors import DeviceRevoked, NotFound
from server.domain.hashes import sha256_of
from server.models.device import Device, DeviceUse
from server.models.people import AccessKey, SignedIn
from server.services import audit, devices

# How old the news of a phone may get while it is in use.
_NEWS_EVERY = timedelta(hours=1)
# On how many phones one session or key is remembered. It is used on one, which seems another whenever its browser was
# cleared. What is remembered is never forgotten for the next, or whoever stole a phone could have it forgotten.
MOST_PHONES = 20


def revoke(session: Session, viewer: Viewer, project_id: str, device_id: str) -> None:
    """Shut a phone out. A second time changes nothing. Raises NotFound."""
    row = _hold(session, viewer, project_id, device_id)
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = datetime.now(UTC), viewer.person_id
    used = select(DeviceUse.token_hash).where(DeviceUse.device_id == device_id).union(_used_on_many(row.person_id))
    sessions = session.execute(
        delete(SignedIn).where(SignedIn.token_hash.in_(used)).returning(SignedIn.token_hash)).all()
    keys = session.execute(delete(AccessKey).where(AccessKey.token_hash.in_(used)).returning(AccessKey.id)).all()
    session.execute(delete(DeviceUse).where(DeviceUse.device_id == device_id))
    audit.note(session, viewer.person_id, Action.REVOKED, "device", device_id, project_id,
               sessions=len(sessions), keys=len(keys))
    session.flush()


def allow(session: Session, viewer: Viewer, project_id: str, device_id: str) -> None:
    """Let a phone in again. Whoever has it signs in anew.

    Only an administrator of the project in which it was shut out may: whoever has it may belong to others, whose
    administrators know nothing of why. Raises NotFound.
    """
    row = _hold(session, viewer, project_id, device_id)
    if row.revoked_at is None:
        return
    if devices.get_of_project(session, viewer, project_id, device_id).revoked_in != project_id:
        raise NotFound
    row.revoked_at = row.revoked_by = None
    audit.note(session, viewer.person_id, Action.ALLOWED, "device", device_id, project_id)
    session.flush()


def is_revoked(session: Session, device_id: str) -> bool:
    return session.scalar(select(Device.revoked_at).where(Device.id == device_id)) is not None


def is_noted(session: Session, viewer: Viewer, device_id: str, token: str) -> bool:
    """Whether there is nothing new in this session or key being used on this phone."""
    seen = session.scalar(select(Device.last_seen_at).where(
        Device.id == device_id, Device.person_id == viewer.person_id))
    is_fresh = seen is None or seen > datetime.now(UTC) - _NEWS_EVERY
    return is_fresh and (session.get(DeviceUse, (device_id, sha256_of(token))) is not None
                         or _phones_of(session, token) >= MOST_PHONES)


def note_use(session: Session, viewer: Viewer, device_id: str, token: str) -> None:
    """Remember that this session or key is used on this phone, so that it ends with it. Raises DeviceRevoked."""
    row = session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if row is not None and row.revoked_at is not None:
        raise DeviceRevoked  # a moment ago
    _forget_what_is_over(session)
    is_new = session.get(DeviceUse, (device_id, sha256_of(token)), populate_existing=True) is None
    if is_new and _phones_of(session, token) < MOST_PHONES:
        session.add(DeviceUse(device_id=device_id, token_hash=sha256_of(token)))
    if row is not None and row.person_id == viewer.person_id:
        row.last_seen_at = datetime.now(UTC)
    session.flush()


def end_use(session: Session, token: str) -> None:
    """End a session or key that somebody uses on a phone that is shut out."""
    session.execute(delete(SignedIn).where(SignedIn.token_hash == sha256_of(token)))
    session.execute(delete(AccessKey).where(AccessKey.token_hash == sha256_of(token)))


def _hold(session: Session, viewer: Viewer, project_id: str, device_id: str) -> Device:
    """The phone, for as long as this transaction lasts. Raises NotFound."""
    devices.get_of_project(session, viewer, project_id, device_id)
    row = session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _phones_of(session: Session, token: str) -> int:
    return session.scalar(select(func.count()).where(DeviceUse.token_hash == sha256_of(token))) or 0


def _used_on_many(person_id: str) -> Select[str]:
    """Those of a person that may have been used on more phones than are remembered."""
    theirs = select(SignedIn.token_hash).where(SignedIn.person_id == person_id).union(
        select(AccessKey.token_hash).where(AccessKey.person_id == person_id))
    return (select(DeviceUse.token_hash).where(DeviceUse.token_hash.in_(theirs)).group_by(DeviceUse.token_hash)
            .having(func.count() >= MOST_PHONES))


def _forget_what_is_over(session: Session) -> None:
    now = datetime.now(UTC)
    lasting = select(SignedIn.token_hash).where(SignedIn.expires_at > now).union(
        select(AccessKey.token_hash).where(AccessKey.expires_at > now))
    session.execute(delete(DeviceUse).where(DeviceUse.token_hash.not_in(lasting)))
