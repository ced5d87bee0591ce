"""Signing in: sessions kept on the server, one-time links, passwords, and a limit on guessing."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import LinkExpired, SignInFailed
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.models.people import Membership, Person, SignedIn, SignInLink
from server.services import attempts

SESSION_DAYS = 60
ATTEMPTS_ALLOWED = 10
RENEW_AFTER = timedelta(days=1)

_hasher = PasswordHasher()
# Checked when no account matches, so that a wrong address takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class Found:
    viewer: Viewer
    csrf_token: str


def who_is(session: Session, token: str) -> Found | None:
    """The person behind a session token, with their roles, or None."""
    row = session.get(SignedIn, sha256_of(token))
    if row is None or row.expires_at <= datetime.now(UTC):
        return None
    person = session.get_one(Person, row.person_id)
    return Found(viewer_of(session, person), row.csrf_token)


def viewer_of(session: Session, person: Person) -> Viewer:
    """The person as the rules see them."""
    roles: dict[str, set[Role]] = {}
    for membership in session.scalars(select(Membership).where(Membership.person_id == person.id)):
        roles.setdefault(membership.project_id, set()).add(Role(membership.role))
    return Viewer(person.id, person.name, {key: frozenset(value) for key, value in roles.items()}, person.is_operator)


def start(session: Session, person: Person) -> str:
    """Begin a session and give its token, which is stored nowhere."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.execute(delete(SignedIn).where(SignedIn.expires_at <= now))
    session.add(SignedIn(
        token_hash=sha256_of(token), person_id=person.id, csrf_token=secrets.token_urlsafe(32),
        created_at=now, last_seen_at=now, expires_at=now + timedelta(days=SESSION_DAYS),
    ))
    session.flush()
    return token


def renew(session: Session, token: str) -> None:
    """Keep a session that is in use from running out. Written once a day at most."""
    now = datetime.now(UTC)
    session.execute(
        update(SignedIn).where(SignedIn.token_hash == sha256_of(token), SignedIn.last_seen_at < now - RENEW_AFTER)
        .values(last_seen_at=now, expires_at=now + timedelta(days=SESSION_DAYS))
    )


def end(session: Session, token: str) -> None:
    """Sign out. Ending a session that is over changes nothing."""
    session.execute(delete(SignedIn).where(SignedIn.token_hash == sha256_of(token)))


def end_others(session: Session, person_id: str, token: str) -> None:
    """Sign a person out everywhere but in the session of this token, and let go of links that could sign them in."""
    session.execute(delete(SignInLink).where(SignInLink.person_id == person_id))
    session.execute(delete(SignedIn).where(SignedIn.person_id == person_id,
                                           SignedIn.token_hash != sha256_of(token)))


def check_password(session: Session, email: str, password: str, address: str) -> Person:
    """The person with this email and password. Raises SignInFailed, or TooManyAttempts before looking."""
    attempts.check(session, _keys(email, address), ATTEMPTS_ALLOWED)
    person = session.scalar(select(Person).where(Person.email == email.strip().casefold()))
    if not is_password_of(person, password) or person is None:
        raise SignInFailed
    return person


def is_password_of(person: Person | None, password: str) -> bool:
    """Whether this is the person's password. It takes as long when there is no such person, or no password."""
    stored = person.password_hash if person else None
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def record_failure(session: Session, email: str, address: str) -> None:
    """Count a failed sign-in. The front door commits it although the request failed."""
    attempts.record(session, _keys(email, address))


def hash_password(password: str) -> str:
    """Argon2id with the library's recommended cost."""
    return _hasher.hash(password)


def make_link(session: Session, person: Person, *, days: int = 7) -> str:
    """A token that signs this person in once."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.add(SignInLink(id=new_id(), token_hash=sha256_of(token), person_id=person.id, created_at=now,
                           expires_at=now + timedelta(days=days)))
    session.flush()
    return token


def use_link(session: Session, token: str) -> Person:
    """The person a one-time link is for; it works once. Raises LinkExpired."""
    now = datetime.now(UTC)
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == sha256_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now).returning(SignInLink.person_id)
    ).scalar_one_or_none()
    if used is None:
        raise LinkExpired
    return session.get_one(Person, used)


def _keys(email: str, address: str) -> list[str]:
    return [f"email:{email.strip().casefold()}", f"address:{address}"]
