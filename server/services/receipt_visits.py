"""Somebody who showed that a receipt is theirs: they know what they are called in its story, or in their part of it.

A name is counted as a try before it is looked at, so that many at one moment are no more than allowed.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from server.domain.hashes import sha256_of
from server.domain.networks import network_of
from server.models.consent import ReceiptVisit
from server.services import attempts
from server.services.attempts import Limit, Taken

OPEN_FOR = timedelta(minutes=30)
NAMES_ALLOWED = 10
NAMES_WINDOW = timedelta(hours=1)
# Codes that stand for nothing count here too.
WRONG_FROM_A_NETWORK = 30


def network_limit(address: str) -> Limit:
    return Limit(f"receipt:{network_of(address)}", WRONG_FROM_A_NETWORK)


def take_try(session: Session, code_hash: str, address: str) -> Taken:
    """Count a name before it is looked at; commit that. Raises TooManyAttempts, the same whatever would be right."""
    of_the_code = Limit(f"receipt-name:{code_hash}", NAMES_ALLOWED, NAMES_WINDOW)
    return attempts.take(session, [of_the_code, network_limit(address)])


def begin(session: Session, code_hash: str, taken: Taken, now: datetime) -> str:
    """The token of a visit by somebody who typed the right name."""
    attempts.give_back(session, taken)
    token = secrets.token_urlsafe(32)
    session.add(ReceiptVisit(token_hash=sha256_of(token), receipt_code_hash=code_hash, opened_at=now))
    session.flush()
    return token


def is_open(session: Session, token: str, code_hash: str, now: datetime) -> bool:
    """Whether this is a visit to this very receipt that is not over."""
    return bool(session.scalar(select(exists().where(
        ReceiptVisit.token_hash == sha256_of(token), ReceiptVisit.receipt_code_hash == code_hash,
        ReceiptVisit.opened_at > now - OPEN_FOR))))


def close(session: Session, token: str) -> None:
    session.execute(delete(ReceiptVisit).where(ReceiptVisit.token_hash == sha256_of(token)))


def forget_old(session: Session, now: datetime) -> None:
    """Visits that are over."""
    session.execute(delete(ReceiptVisit).where(ReceiptVisit.opened_at <= now - OPEN_FOR))
