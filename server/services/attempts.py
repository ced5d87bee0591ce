"""A limit on guessing: tries are counted for a while, 15 minutes as a rule, under keys that are stored as hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.errors import TooManyAttempts
from server.domain.hashes import sha256_of
from server.models.people import SignInAttempt

WINDOW = timedelta(minutes=15)
LONGEST_WINDOW = timedelta(hours=1)
_TURN = 0x54525945  # the advisory lock of whoever counts a try


@dataclass(frozen=True)
class Limit:
    """How many tries may be made under this key in this time. None: they are counted, and stop nobody."""

    key: str
    allowed: int | None
    window: timedelta = WINDOW


@dataclass(frozen=True)
class Taken:
    """Tries that were counted before they were made. Those that succeed are given back."""

    rows: tuple[int, ...]


def take(session: Session, limits: Sequence[Limit]) -> Taken:
    """Count a try before it is made, so that many at the same moment are no more than allowed.

    Commit it before trying. Raises TooManyAttempts, with the seconds to wait, when a key has no try left.
    """
    _alone(session)
    now = datetime.now(UTC)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - LONGEST_WINDOW))
    wait = max((_wait(session, limit, now) for limit in limits), default=0)
    if wait:
        raise TooManyAttempts(wait_seconds=wait)
    rows = [SignInAttempt(key=sha256_of(limit.key), at=now) for limit in limits]
    session.add_all(rows)
    session.flush()
    return Taken(tuple(row.id for row in rows))


def give_back(session: Session, taken: Taken) -> None:
    """A try that succeeded counts against nobody."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(taken.rows)))


def count(session: Session, key: str) -> int:
    """How many tries were made under this key in the last 15 minutes."""
    return session.execute(
        select(func.count()).where(SignInAttempt.key == sha256_of(key), SignInAttempt.at > datetime.now(UTC) - WINDOW)
    ).scalar_one()


def check(session: Session, key: str, allowed: int) -> None:
    """Raises TooManyAttempts when this key has had as many wrong tries as are allowed."""
    wait = _wait(session, Limit(key, allowed), datetime.now(UTC))
    if wait:
        raise TooManyAttempts(wait_seconds=wait)


def record(session: Session, key: str) -> None:
    """Count one wrong try. The front door commits it although the request failed."""
    take(session, [Limit(key, None)])


def _wait(session: Session, limit: Limit, now: datetime) -> int:
    """Seconds until there is a try left under this key; 0 when there is one now."""
    if limit.allowed is None:
        return 0
    # With as many newer tries as are allowed, the oldest of those has to go first.
    newest = session.scalars(
        select(SignInAttempt.at).where(SignInAttempt.key == sha256_of(limit.key), SignInAttempt.at > now - limit.window)
        .order_by(SignInAttempt.at.desc()).limit(limit.allowed)
    ).all()
    if len(newest) < limit.allowed:
        return 0
    left = newest[-1] + limit.window - now if newest else limit.window
    return max(1, round(left.total_seconds()))


def _alone(session: Session) -> None:
    """Nobody else counts until this transaction ends. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))
