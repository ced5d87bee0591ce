"""A withdrawal is written where no backup forgets it right after it was recorded, before anybody is told that it was.

A worker makes up for what could not be written then. No transaction is open while the store is waited for: what was
done before is committed.
"""

import logging

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.db import db
from server.domain.errors import StorageFull, StoreUnavailable
from server.parts import parts
from server.services import withdrawal_log, words_only_log
from server.storage.store import MediaStore

log = logging.getLogger(__name__)


def write_down(story_id: str) -> bool:
    """Commit what the request did, then write its withdrawal down, since somebody waits for it. Whether the store has
    it now: that it does not answer within seconds harms nothing."""
    session = db.session()
    session.commit()
    try:
        write(session, parts().brief_store, story_id)
    except (StoreUnavailable, StorageFull, SQLAlchemyError, OSError) as error:
        session.rollback()
        log.warning("a withdrawal could not be written down yet: %s", type(error).__name__)
        return False
    return True


def write(session: Session, store: MediaStore, story_id: str) -> None:
    """Write down what was withdrawn of a story, unless it is. Raises StoreUnavailable, StorageFull."""
    part, whole = words_only_log.find_unwritten(session, story_id), withdrawal_log.find_unwritten(session, story_id)
    session.commit()
    if part is not None:
        store.write_note(part.name, part.to_bytes())
        words_only_log.mark_written(session, part)
        session.commit()
    if whole is not None:
        store.write_note(whole.story_id, whole.to_bytes())
        withdrawal_log.mark_written(session, whole)
        session.commit()


def write_missing(session: Session, store: MediaStore) -> int:
    """Write down what is not yet, each story by itself; how many those were. Raises StoreUnavailable, StorageFull."""
    story_ids = sorted({*withdrawal_log.list_unwritten(session), *words_only_log.list_unwritten(session)})
    session.commit()
    for story_id in story_ids:
        write(session, store, story_id)
    return len(story_ids)
