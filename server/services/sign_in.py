"""Signing in: sessions kept on the server, one-time links, and passwords with a limit on guessing."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain import known_browsers
from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.errors import LinkExpired, SignInFailed
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.domain.networks import network_of
from server.models.people import Membership, Person, SignedIn, SignInLink
from server.services import attempts, audit, sign_in_challenges
from server.services.attempts import Limit, Taken

SESSION_DAYS = 60
RENEW_AFTER = timedelta(days=1)

# Wrong tries in 15 minutes: of one person in a browser they signed in with before, and of strangers at one account
# and from one address, behind which a whole hospital may sit.
ALLOWED_IN_KNOWN_BROWSER = 10
ALLOWED_FOR_ACCOUNT = 10
ALLOWED_FROM_ADDRESS = 30
# So many wrong tries of strangers are more than ten accounts or three addresses can have made. It looks like an
# attack from many places, and until it is over each account and each address gets fewer.
MANY = 100
ALLOWED_FOR_ACCOUNT_UNDER_ATTACK = 3
ALLOWED_FROM_ADDRESS_UNDER_ATTACK = 5
_EVERYBODY = "everybody"


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
    roles: dict[str, frozenset[Role]] = {}
    organisations: dict[str, dict[Role, str]] = {}
    for membership in session.scalars(select(Membership).where(Membership.person_id == person.id)):
        project_id = membership.project_id
        roles[project_id] = roles.get(project_id, frozenset()) | {Role(membership.role)}
        if membership.organisation_id:
            organisations.setdefault(project_id, {})[Role(membership.role)] = membership.organisation_id
    return Viewer(person.id, person.name, roles, person.is_operator, organisations)


def start(session: Session, person: Person, by: str = "link") -> str:
    """Begin a session and give its token, which is stored nowhere. `by` is what the person showed last."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.execute(delete(SignedIn).where(SignedIn.expires_at <= now))
    session.add(SignedIn(
        token_hash=sha256_of(token), person_id=person.id, csrf_token=secrets.token_urlsafe(32),
        created_at=now, last_seen_at=now, expires_at=now + timedelta(days=SESSION_DAYS),
    ))
    audit.note(session, person.id, Action.SIGNED_IN, "person", person.id, None, by=by)
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
    ended = session.scalar(delete(SignedIn).where(SignedIn.token_hash == sha256_of(token))
                           .returning(SignedIn.person_id))
    if ended is not None:
        audit.note(session, ended, Action.SIGNED_OUT, "person", ended, None)


def end_others(session: Session, person_id: str, keep: str) -> None:
    """Sign a person out everywhere but in the session of this token, and end their links and half-done sign-ins."""
    session.execute(delete(SignInLink).where(SignInLink.person_id == person_id))
    sign_in_challenges.forget(session, person_id)
    session.execute(delete(SignedIn).where(SignedIn.person_id == person_id,
                                           SignedIn.token_hash != sha256_of(keep)))


def end_everywhere(session: Session, person_id: str) -> None:
    """Sign a person out of every browser, and end their links and half-done sign-ins."""
    end_others(session, person_id, keep="")


@dataclass(frozen=True)
class Try:
    """A password about to be tried: what to hold it against, and the count to give back if it is right."""

    person_id: str | None
    password_hash: str | None
    taken: Taken


def begin_try(session: Session, email: str, address: str, browser: str = "") -> Try:
    """Count a try before it is made; commit that, and hold no transaction while the password is checked.

    `browser` is what `known_browsers` gave this browser to carry. Raises TooManyAttempts.
    """
    email = email.strip().casefold()
    person = session.scalar(select(Person).where(Person.email == email))
    known = known_browsers.name_of(browser, person.id, person.password_hash) if (
        person and person.password_hash) else None
    if person and known:
        limits = [Limit(f"browser:{person.id}:{known}", ALLOWED_IN_KNOWN_BROWSER)]
    else:
        limits = _limits_of_strangers(session, email, address)
    taken = attempts.take(session, limits)
    return Try(person.id if person else None, person.password_hash if person else None, taken)


def succeed(session: Session, tried: Try) -> Person:
    """The person whose password was right. Raises SignInFailed when it was changed in the meantime."""
    person = session.get(Person, tried.person_id) if tried.person_id else None
    if person is None or person.password_hash != tried.password_hash:
        raise SignInFailed
    attempts.give_back(session, tried.taken)
    return person


def note_failure(session: Session, person_id: str | None, by: str) -> None:
    """Enter in the audit that somebody was not let in. The front door commits it although the request failed."""
    audit.note(session, None, Action.SIGN_IN_FAILED, "person", person_id or "nobody", None, by=by)


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


def _limits_of_strangers(session: Session, email: str, address: str) -> list[Limit]:
    is_attack = attempts.count(session, _EVERYBODY) >= MANY
    return [
        Limit(f"email:{email}", ALLOWED_FOR_ACCOUNT_UNDER_ATTACK if is_attack else ALLOWED_FOR_ACCOUNT),
        Limit(f"address:{network_of(address)}",
              ALLOWED_FROM_ADDRESS_UNDER_ATTACK if is_attack else ALLOWED_FROM_ADDRESS),
        Limit(_EVERYBODY, None),
    ]
