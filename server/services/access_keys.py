"""Keys with which other programs act for a person: made on the account page, shown once, kept as a hash."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.models.people import AccessKey, Person
from server.services import audit, sign_in

PREFIX = "ear_"
VALID_FOR = timedelta(days=365)
NOTE_USE_AFTER = timedelta(hours=1)
NAME_LETTERS = 80
AT_MOST = 20


@dataclass(frozen=True)
class Key:
    """A key as its owner sees it: never the token."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class FoundByKey:
    """For whom a program acts. `use_is_old_news` says that its use was noted within the hour."""

    viewer: Viewer
    use_is_old_news: bool


def make(session: Session, viewer: Viewer, name: str) -> tuple[Key, str]:
    """A new key and its token of 256 random bits, which is kept nowhere. Raises Invalid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LETTERS:
        raise Invalid(fields={"key_name": f"Write what the key is for, in {NAME_LETTERS} letters or fewer."})
    held = session.execute(select(func.count()).where(AccessKey.person_id == viewer.person_id)).scalar_one()
    if held >= AT_MOST:
        raise Invalid(fields={"key_name": f"You have {AT_MOST} keys, which is as many as can be. Remove one first."})
    token, now = PREFIX + secrets.token_urlsafe(32), datetime.now(UTC)
    row = AccessKey(id=new_id(), person_id=viewer.person_id, name=name, token_hash=sha256_of(token), created_at=now,
                    expires_at=now + VALID_FOR)
    session.add(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.MADE, "access key", row.id, None)
    return _shown(row), token


def list_mine(session: Session, viewer: Viewer) -> list[Key]:
    """The viewer's keys, newest first. One that has run out is listed until it is removed."""
    rows = session.scalars(select(AccessKey).where(AccessKey.person_id == viewer.person_id)
                           .order_by(AccessKey.created_at.desc(), AccessKey.id.desc()))
    return [_shown(row) for row in rows]


def remove(session: Session, viewer: Viewer, key_id: str) -> None:
    """End a key of the viewer's. Raises NotFound."""
    removed = session.execute(delete(AccessKey).where(
        AccessKey.id == key_id, AccessKey.person_id == viewer.person_id).returning(AccessKey.id)).scalar_one_or_none()
    if removed is None:
        raise NotFound
    audit.note(session, viewer.person_id, Action.REMOVED, "access key", removed, None)


def end_all(session: Session, person_id: str) -> None:
    """No program acts for this person any more."""
    session.execute(delete(AccessKey).where(AccessKey.person_id == person_id))


def who_is(session: Session, token: str) -> FoundByKey | None:
    """The person a program acts for, with their roles as they are now and without an operator's powers, or None."""
    now = datetime.now(UTC)
    row = session.scalar(select(AccessKey).where(AccessKey.token_hash == sha256_of(token), AccessKey.expires_at > now))
    if row is None:
        return None
    viewer = sign_in.viewer_of(session, session.get_one(Person, row.person_id))
    noted = row.last_used_at is not None and row.last_used_at > now - NOTE_USE_AFTER
    return FoundByKey(replace(viewer, is_operator=False), noted)


def note_use(session: Session, token: str) -> None:
    """Say that the key was used just now. Written once an hour at most."""
    now = datetime.now(UTC)
    session.execute(
        update(AccessKey).where(AccessKey.token_hash == sha256_of(token), or_(
            AccessKey.last_used_at.is_(None), AccessKey.last_used_at <= now - NOTE_USE_AFTER))
        .values(last_used_at=now)
    )


def _shown(row: AccessKey) -> Key:
    return Key(row.id, row.name, row.created_at, row.expires_at, row.last_used_at)
