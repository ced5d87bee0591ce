"""What was read is entered in the audit once the view has succeeded, before the answer leaves.

It is written in a short transaction of its own. Where that fails, because the disk is full or somebody else writes for
long, people can still read: the log says what could not be entered.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Flask, Response, g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.auth import viewer
from server.db import db, open_to_write
from server.domain.audit import Action, Noted
from server.domain.errors import SignedOut
from server.services import audit

log = logging.getLogger(__name__)

# A form that comes back, because something was missing or somebody else was faster, shows what the page showed.
_SHOW_TOO = (412, 422, 428)


def was_shown(action: Action, kind: str, subject_id: str, project_id: str | None,
              parts: Iterable[str] = ()) -> None:
    """Say that whoever calls has just been shown this; `parts` are the ids of what they saw of it, in order."""
    shown = list(parts)
    g.setdefault("shown", []).append(
        Noted(_person_id(), action, kind, subject_id, project_id, {"parts": shown} if shown else {}))


def init_auditing(app: Flask) -> None:
    """Enter what somebody was shown. Attach this before the database."""

    @app.after_request
    def _enter(response: Response) -> Response:
        shown: list[Noted] = g.pop("shown", [])
        if shown and (response.status_code < 400 or response.status_code in _SHOW_TOO):
            try:
                _write(_not_fresh(shown))
            except SQLAlchemyError as error:
                log.error("ALARM: the audit took no entry (%s): %s", type(error).__name__, "; ".join(map(_ids, shown)))
        return response


def _not_fresh(shown: list[Noted]) -> list[Noted]:
    """Looked up before anything is written: most reads of a page are of one that was opened a moment ago."""
    now = datetime.now(UTC)
    found = [item for item in shown if not audit.is_fresh(db.session(), item, now)]
    db.session.rollback()
    return found


def _write(shown: list[Noted]) -> None:
    if shown:
        with open_to_write() as connection, Session(connection) as session:
            audit.note_reads(session, shown)
            session.commit()


def _person_id() -> str | None:
    try:
        return viewer().person_id
    except SignedOut:
        return None


def _ids(item: Noted) -> str:
    return f"{item.person_id} {item.action} {item.kind} {item.subject_id} {dict(item.details)}"
