"""Before a process does anything for anybody it makes sure that no withdrawal and no narrower agreement has
been forgotten.

A database that came back from a backup may hold a story that was withdrawn since, whole or in part, that somebody has
agreed to less for, or of which something was withheld. The store has a note of each, and those that the database does
not know are replayed first. Until that is done, and while a restore goes on, people are asked to come back in a minute.
A note of a narrower agreement that rests on nothing here is kept in mind, for when its phone sends the agreement before
it once more.
"""

import logging
from threading import Lock

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.backup.marker import is_restoring
from server.db import db
from server.domain.errors import StorageFull, StoreUnavailable, Unavailable
from server.parts import parts
from server.services import narrowings, replaying
from server.services.narrowings import Note

log = logging.getLogger(__name__)

_ASKED_ANYWAY = frozenset({"health.show"})


class _State:
    """Whether this process is up to date. One thread finds out while the others wait."""

    def __init__(self) -> None:
        self.done = False
        self.waiting: list[Note] = []
        self.lock = Lock()


def init_catching_up(app: Flask) -> None:
    """Let nothing but the question whether we are here be answered before."""
    app.extensions["earshot_catching_up"] = _State()

    @app.before_request
    def _first() -> None:
        if request.endpoint not in _ASKED_ANYWAY and not is_up_to_date(app):
            raise Unavailable


def is_up_to_date(app: Flask) -> bool:
    """Replay what the database does not know, once in the life of a process. False: not yet, ask again."""
    state: _State = app.extensions["earshot_catching_up"]
    if state.done:
        return True
    with state.lock, app.app_context():
        if not state.done:
            try:
                state.done = _caught_up(state)
            except (SQLAlchemyError, StoreUnavailable, StorageFull, OSError) as error:
                log.error("cannot look for withdrawals and narrower agreements yet: %s", type(error).__name__)
    return state.done


def list_left(session: Session) -> list[str]:
    """The stories for which a narrower agreement waits that can be replayed now."""
    return narrowings.list_stories(session, _waiting()) if _waiting() else []


def go_on_with_story(session: Session, story_id: str) -> None:
    """Replay what waited for an agreement to this story, in the caller's transaction."""
    narrowings.replay(session, [note for note in _waiting() if note.story_id == story_id])


def _waiting() -> list[Note]:
    state: _State = current_app.extensions["earshot_catching_up"]
    return state.waiting


def _caught_up(state: _State) -> bool:
    if is_restoring(db.engine):
        log.warning("%s: a restore goes on; nothing is answered until it has finished", current_app.name)
        return False
    store = parts().store
    with Session(db.engine.execution_options(only_reads=True)) as session:
        missed = replaying.look(session, store)
    answers = narrowings.read(store, missed.narrowings)
    if missed:
        with Session(db.engine.execution_options(only_reads=False)) as session:
            replayed = replaying.replay(session, store, missed, answers)
            session.commit()
        state.waiting = replayed.waiting
        log.warning("the database did not know some of what the store does: %d withdrawals and %d narrower agreements "
                    "were replayed, and %d stories are held back", replayed.withdrawals, replayed.narrowings,
                    replayed.held_back)
    return True
