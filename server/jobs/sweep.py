"""Starts what the data says is still to do, whatever the queue has lost. Every step may run again at any time."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from server import catching_up
from server.config import Settings
from server.db import db
from server.jobs.queue import Queue
from server.jobs.weights import changed_at
from server.parts import parts
from server.services import (
    anonymous_stories,
    arrivals,
    audit,
    demo,
    embeddings,
    erasures,
    exports_made,
    indexing,
    joining,
    kept_exports,
    narrowings,
    receipt_visits,
    restriction_log,
    retention,
    staged_files,
    staging_places,
    storing,
    withdrawal_steps,
    withdrawals,
    work,
)
from server.storage.staging import Staging
from server.writing_down import write_missing

log = logging.getLogger(__name__)

Found = TypeVar("Found")


def sweep(queue: Queue, settings: Settings, started: datetime) -> None:
    """One round, in an app context. A step that fails is logged and does not keep the others from their turn.

    `started` is when this worker was: what was blocked before is tried once more, since a model that
    openai-whisper fetches by itself gives no sign that it can be had now.
    """
    now = datetime.now(UTC)
    possible = max(started, changed_at(settings) or started)
    here, store = Staging(settings.uploads_dir), parts().store
    _each_in_turn((
        lambda session: work.sweep_lost(session, now, settings.lease_seconds),
        lambda session: work.unblock(session, possible),
        lambda session: work.try_passing(session, now),
        lambda session: storing.ask_again(session, here.place, now),
        lambda session: staging_places.note(session, here, now),
        lambda session: staged_files.expire(session, here, now),
    ))
    for list_left, go_on in ((catching_up.list_left, catching_up.go_on_with_story),
                             (arrivals.list_left, arrivals.admit), (joining.list_left, joining.go_on_with_story),
                             (retention.list_due, retention.dispose)):
        _story_by_story(list_left, go_on)
    _each_in_turn((
        withdrawals.apply_again,
        lambda session: exports_made.expire(session, now),
        lambda session: kept_exports.let_be_used_again(session, now),
        lambda session: withdrawal_steps.settle(session, now, timedelta(days=settings.backups_kept_days)),
        anonymous_stories.forget_origins,
        lambda session: write_missing(session, store),
        lambda session: narrowings.ask_for_missing(session, now),
        restriction_log.ask_for_missing,
        lambda session: receipt_visits.forget_old(session, now),
        audit.settle,
        erasures.ask_again,
        indexing.ask_for_missing,
        demo.ask_when_ready,
        lambda session: embeddings.settle(session, now),
        lambda session: queue.refill(work.list_waiting(session, here.place)),
    ))


def _each_in_turn(steps: Iterable[Callable[[Session], object]]) -> None:
    for step in steps:
        _taken(step)


def _story_by_story(list_left: Callable[[Session], list[str]], go_on: Callable[[Session, str], object]) -> None:
    """Each story in a transaction of its own, so that one that fails holds back no other."""
    for story_id in _taken(list_left) or ():
        _taken(partial(_with_story, go_on, story_id))


def _with_story(go_on: Callable[[Session, str], object], story_id: str, session: Session) -> None:
    go_on(session, story_id)


def _taken(step: Callable[[Session], Found]) -> Found | None:
    """What the step returned; None where it failed."""
    session = db.session()
    try:
        found = step(session)
        session.commit()
        return found
    except Exception as error:
        session.rollback()
        log.error("%s: a step of the sweep failed: %s", current_app.name, type(error).__name__)
        return None
