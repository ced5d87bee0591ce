"""Turns that PostgreSQL's rows cannot give, since there is no row yet. Each lasts until the transaction ends.

SQLite has one writer at a time anyway. Always a story's turn first, then the feed's, and the audit's last: two that
wait for each other would both fail.
"""

import zlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_STORY, _FEED, _AUDIT = 1, 2, 3


def take_story(session: Session, story_id: str) -> None:
    """Nobody else adds to this story, agrees to it or withdraws it, whether it has come yet or not."""
    _take(session, _STORY, zlib.crc32(story_id.encode()) - 2**31)


def take_feed(session: Session) -> None:
    """Nobody else numbers changes."""
    _take(session, _FEED, 0)


def take_audit(session: Session) -> None:
    """Nobody else adds to the audit."""
    _take(session, _AUDIT, 0)


def _take(session: Session, what: int, which: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(what, which)))
