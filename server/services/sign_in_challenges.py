"""Questions put to a browser while it signs in or adds a passkey. Each is answered once, within ten minutes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.errors import SignInFailed
from server.domain.hashes import sha256_of
from server.models.second_step import SignInChallenge

VALID_FOR = timedelta(minutes=10)
_TOO_LATE = "That took too long, or was answered already. Start again."


class Purpose(StrEnum):
    CODE = "code"
    PASSKEY = "passkey"
    NEW_PASSKEY = "new_passkey"


@dataclass(frozen=True)
class Asked:
    """What was asked: of whom, where that is known already, and the random text they had to sign."""

    person_id: str | None
    challenge: str


def ask(session: Session, purpose: Purpose, person_id: str | None = None, challenge: str = "") -> str:
    """Keep a question, and give the token with which its answer comes. The token is kept nowhere."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.execute(delete(SignInChallenge).where(SignInChallenge.expires_at <= now))
    session.add(SignInChallenge(token_hash=sha256_of(token), person_id=person_id, purpose=purpose.value,
                                challenge=challenge, expires_at=now + VALID_FOR))
    session.flush()
    return token


def look(session: Session, purpose: Purpose, token: str) -> Asked:
    """What was asked, before it is answered. Raises SignInFailed."""
    row = session.scalar(select(SignInChallenge).where(
        SignInChallenge.token_hash == sha256_of(token), SignInChallenge.purpose == purpose.value,
        SignInChallenge.expires_at > datetime.now(UTC)))
    if row is None:
        raise SignInFailed(_TOO_LATE)
    return Asked(row.person_id, row.challenge)


def answer(session: Session, purpose: Purpose, token: str) -> Asked:
    """What was asked, now that it is answered: nobody can answer it again. Raises SignInFailed."""
    row = session.execute(
        delete(SignInChallenge)
        .where(SignInChallenge.token_hash == sha256_of(token), SignInChallenge.purpose == purpose.value,
               SignInChallenge.expires_at > datetime.now(UTC))
        .returning(SignInChallenge.person_id, SignInChallenge.challenge)
    ).one_or_none()
    if row is None:
        raise SignInFailed(_TOO_LATE)
    return Asked(row.person_id, row.challenge)


def forget(session: Session, person_id: str) -> None:
    """Whatever this person was asked and has not answered is not asked any more."""
    session.execute(delete(SignInChallenge).where(SignInChallenge.person_id == person_id))
