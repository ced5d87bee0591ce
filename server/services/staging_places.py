"""The folders in which files are staged, one or more machines' disks, and when each was last heard of."""

import socket
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.models.upload import StagingPlace
from server.storage.staging import Staging

SILENT_AFTER = timedelta(minutes=10)
_NEWS_EVERY = timedelta(minutes=1)


def note(session: Session, here: Staging, now: datetime, *, seldom: bool = False) -> None:
    """Say that this place is in use, and how much room it has; with `seldom` at most once a minute."""
    row = session.get(StagingPlace, here.place)
    if row is None:
        try:
            with session.begin_nested():
                session.add(StagingPlace(id=here.place, host=socket.gethostname()[:120], seen_at=now,
                                         free_bytes=here.free_bytes()))
        except IntegrityError:
            return
    elif not seldom or row.seen_at < now - _NEWS_EVERY:
        session.execute(update(StagingPlace).where(StagingPlace.id == here.place)
                        .values(seen_at=now, free_bytes=here.free_bytes(), host=socket.gethostname()[:120]))


def is_silent(session: Session, place: str, now: datetime) -> bool:
    """Whether nothing was heard of this place for so long that its files are not waited for."""
    row = session.get(StagingPlace, place, populate_existing=True)
    return row is None or row.seen_at < now - SILENT_AFTER
