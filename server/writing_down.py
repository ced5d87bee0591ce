"""A withdrawal is written where no backup forgets it right after it was recorded, before anybody is told that it was.

A worker does the same, and makes up for what could not be written here.
"""

import logging

from sqlalchemy.exc import SQLAlchemyError

from server.db import db
from server.domain.errors import StorageFull, StoreUnavailable
from server.parts import parts
from server.services import withdrawal_log

log = logging.getLogger(__name__)


def write_down(story_id: str) -> None:
    """Commit what the request did, then write its withdrawal down. No transaction is open while the store is waited
    for; that it does not answer harms nothing."""
    session = db.session()
    session.commit()
    try:
        note = withdrawal_log.find_unwritten(session, story_id)
        session.rollback()
        if note is None:
            return
        parts().store.write_note(note.story_id, note.to_bytes())
        withdrawal_log.mark_written(session, note)
        session.commit()
    except (StoreUnavailable, StorageFull, SQLAlchemyError, OSError) as error:
        session.rollback()
        log.warning("a withdrawal could not be written down yet: %s", type(error).__name__)
