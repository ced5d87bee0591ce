"""A transaction of its own that writes, beside a request that only reads."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from server.db import db, open_to_write

log = logging.getLogger(__name__)


@contextmanager
def apart() -> Iterator[Session]:
    """What is read in it is still so when it commits, at the end of the block. Raises SQLAlchemyError."""
    db.session.rollback()
    with open_to_write() as connection, Session(connection) as session:
        yield session
        session.commit()


def note_apart(what: str, write: Callable[[Session], None]) -> None:
    """Note something that a request does not rest on. A full disk stops no reader."""
    try:
        with apart() as session:
            write(session)
    except (OperationalError, IntegrityError) as error:
        log.error("%s could not be noted: %s", what, type(error.orig).__name__)
