"""Signing in: sessions kept on the server, one-time links, passwords, and a limit on guessing."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import LinkExpired, SignInFailed, TooManyAttempts
from server.domain.ids import new_id
from server.models.people import Membership, Person, SignedIn, SignInAttempt, SignInLink

SESSION_DAYS = 60
ATTEMPTS_ALLOWED = 10
ATTEMPTS_WINDOW = timedelta(minutes=15)

_hasher = PasswordHasher()
# Checked when no account matches, so that a wrong address takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class Found:
    viewer: Viewer
    csrf_token: str


def token_hash(token: str) -> str:
    """What is stored in place of a secret token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def who_is(session: Session, token: str) -> Found | None:
    """The person behind a session token, with their roles, or None."""
    row = session.get(SignedIn, token_hash(token))
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
        token_hash=token_hash(token), person_id=person.id, csrf_token=secrets.token_urlsafe(32),
        created_at=now, last_seen_at=now, expires_at=now + timedelta(days=SESSION_DAYS),
    ))
    session.flush()
    return token


def end(session: Session, token: str) -> None:
    """Sign out. Ending a session that is over changes nothing."""
    session.execute(delete(SignedIn).where(SignedIn.token_hash == token_hash(token)))


def check_password(session: Session, email: str, password: str, address: str) -> Person:
    """The person with this email and password. Raises SignInFailed, or TooManyAttempts before looking."""
    keys = [token_hash(f"email:{email.strip().casefold()}"), token_hash(f"address:{address}")]
    _limit(session, keys)
    person = session.scalar(select(Person).where(Person.email == email.strip().casefold()))
    try:
        _hasher.verify((person and person.password_hash) or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        person = None
    if person is None or person.password_hash is None:
        raise SignInFailed
    return person


def record_failure(session: Session, email: str, address: str) -> None:
    """Count a failed sign-in. The front door commits it although the request failed."""
    now = datetime.now(UTC)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_WINDOW))
    for key in (f"email:{email.strip().casefold()}", f"address:{address}"):
        session.add(SignInAttempt(key=token_hash(key), at=now))


def hash_password(password: str) -> str:
    """Argon2id with the library's recommended cost."""
    return _hasher.hash(password)


def make_link(session: Session, person: Person, *, days: int = 7) -> str:
    """A token that signs this person in once."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.add(SignInLink(id=new_id(), token_hash=token_hash(token), person_id=person.id, created_at=now,
                           expires_at=now + timedelta(days=days)))
    session.flush()
    return token


def use_link(session: Session, token: str) -> Person:
    """The person a one-time link is for; it works once. Raises LinkExpired."""
    now = datetime.now(UTC)
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == token_hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now).returning(SignInLink.person_id)
    ).scalar_one_or_none()
    if used is None:
        raise LinkExpired
    return session.get_one(Person, used)


def _limit(session: Session, keys: list[str]) -> None:
    since = datetime.now(UTC) - ATTEMPTS_WINDOW
    counts = session.execute(
        select(func.count()).where(SignInAttempt.key.in_(keys), SignInAttempt.at > since).group_by(SignInAttempt.key)
    ).scalars()
    if max(counts, default=0) >= ATTEMPTS_ALLOWED:
        raise TooManyAttempts
