"""Turns that PostgreSQL's rows cannot give, since there is no row yet. Each lasts until the transaction ends.

SQLite has one writer at a time anyway. Always a story's turn first, then a codebook's, that of exports, the feed's, and
the audit's last: two that wait for each other would both fail.
"""

import zlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_STORY, _FEED, _AUDIT, _EXPORTS, _CODEBOOK = 1, 2, 3, 4, 5


def take_story(session: Session, story_id: str) -> None:
    """Nobody else adds to this story, agrees to it or withdraws it, whether it has come yet or not."""
    _take(session, _STORY, zlib.crc32(story_id.encode()) - 2**31)


def take_codebook(session: Session, project_id: str) -> None:
    """Nobody else moves, merges, retires or adds themes of this project."""
    _take(session, _CODEBOOK, zlib.crc32(project_id.encode()) - 2**31)


def take_exports(session: Session) -> None:
    """Nobody decides what is in a file: whoever did before has said so, and whoever does next sees what is new."""
    _take(session, _EXPORTS, 0)


def share_exports(session: Session) -> None:
    """Nothing is taken away from what may be in a file, until it is known what is in it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(_EXPORTS, 0)))


def take_feed(session: Session) -> None:
    """Nobody else numbers changes."""
    _take(session, _FEED, 0)


def take_audit(session: Session) -> None:
    """Nobody else adds to the audit."""
    _take(session, _AUDIT, 0)


def _take(session: Session, what: int, which: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(what, which)))
