"""A limit on guessing: wrong tries are counted for 15 minutes, under keys that are stored as hashes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.errors import TooManyAttempts
from server.domain.hashes import sha256_of
from server.models.people import SignInAttempt

WINDOW = timedelta(minutes=15)


def check(session: Session, keys: list[str], allowed: int) -> None:
    """Raises TooManyAttempts when any of these keys has had as many wrong tries as are allowed."""
    since = datetime.now(UTC) - WINDOW
    counts = session.execute(
        select(func.count()).where(SignInAttempt.key.in_(_hashes(keys)), SignInAttempt.at > since)
        .group_by(SignInAttempt.key)
    ).scalars()
    if max(counts, default=0) >= allowed:
        raise TooManyAttempts


def record(session: Session, keys: list[str]) -> None:
    """Count one wrong try under each key. The front door commits it although the request failed."""
    now = datetime.now(UTC)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    session.add_all(SignInAttempt(key=key, at=now) for key in _hashes(keys))
    session.flush()


def _hashes(keys: list[str]) -> list[str]:
    return [sha256_of(key) for key in keys]
