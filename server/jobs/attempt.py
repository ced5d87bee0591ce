"""One attempt at one job, from taking it to writing its result or why there is none."""

import logging
import os
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any, BinaryIO

from flask import Flask, current_app
from sqlalchemy.orm import Session

from server.db import db
from server.domain.errors import Refusal
from server.domain.work import PASSING, FenceLost, Held, Kind
from server.isolation.limits import Decoding
from server.isolation.supervision import ChildFailed, Stopping, Watch, do_in_child
from server.jobs.beating import AWAY, beating
from server.parts import Parts, parts
from server.services import work
from server.storage.staging import Staging
from server.tracebacks import where

log = logging.getLogger(__name__)

NAME = f"{socket.gethostname()}:{os.getpid()}"
_BLOCKING = PASSING | {"weights_missing", "voices_missing"}


class Attempt:
    """What a task is given: the subject of its job, the parts, a child for heavy work, and the one way to write."""

    def __init__(self, session: Session, held: Held, kind: Kind, subject_id: str, stopping: Event) -> None:
        self.session, self.held, self.kind, self.subject_id = session, held, kind, subject_id
        self.parts: Parts = parts()
        self._stopping = stopping

    def in_child(self, details: dict[str, Any], source: BinaryIO, sink: BinaryIO | None = None,
                 keep: Callable[[dict[str, Any]], None] = lambda _part: None) -> dict[str, Any]:
        """As `do_in_child`; ends the child when the job is lost or cancelled. `keep` gets each finished part."""
        return self._done(Decoding(self.kind.value), self._beat, details, source, sink, keep)

    def heard(self, details: dict[str, Any], sound: BinaryIO, keep: Callable[[dict[str, Any]], None],
              beat: Callable[[float], float]) -> dict[str, Any]:
        """Have the words of some bare sound written down, as a step of other work. `beat` makes of the share of it that
        is done the share of all the work."""
        return self._done(Decoding.TRANSCRIBE, lambda share: self._beat(beat(share)), details, sound, None, keep)

    def decoded(self, source: BinaryIO, sink: BinaryIO) -> None:
        """Have a child write the bare sound of a recording into `sink`, before the work itself has begun."""
        self._done(Decoding.SAMPLES, lambda _share: self._beat(0.0), {}, source, sink)

    def _done(self, decoding: Decoding, beat: Callable[[float], None], details: dict[str, Any], source: BinaryIO,
              sink: BinaryIO | None, keep: Callable[[dict[str, Any]], None] = lambda _part: None) -> dict[str, Any]:
        self.session.commit()
        watch = Watch(beat=beat, beat_seconds=self.parts.settings.heartbeat_seconds, keep=keep,
                      stopping=self._stopping)
        return do_in_child(decoding, details, source, sink, watch)

    def going_on(self) -> AbstractContextManager[None]:
        """For work that takes long and says nothing itself: the job stays this attempt's own meanwhile."""
        self.session.commit()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        return beating(app, self.held, self.parts.settings.heartbeat_seconds)

    def write(self, result: Callable[[Session], None]) -> None:
        """Write in one transaction. A database that is busy or restarting is tried again for as long as a lease."""
        until = time.monotonic() + self.parts.settings.lease_seconds
        while True:
            try:
                result(self.session)
                self.session.commit()
                return
            except AWAY:
                self.session.rollback()
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def _beat(self, progress: float) -> None:
        try:
            goes_on = work.heartbeat(self.session, self.held.job_id, self.held.fence, progress)
            self.session.commit()
        except AWAY:
            self.session.rollback()
            return
        if not goes_on:
            raise FenceLost


Task = Callable[[Attempt], None]


def run(app: Flask, tasks: dict[Kind, Task], job_id: str, stopping: Event) -> None:
    """Try the job once, if it still waits. Never raises for what the job does."""
    with app.app_context():
        session = db.session()
        try:
            attempt = _begun(session, job_id, stopping)
            if attempt is not None:
                _ended(attempt, tasks[attempt.kind])
        except FenceLost:
            session.rollback()
        except Exception as error:
            # The lease runs out, and the sweep has it tried again.
            session.rollback()
            log.error("%s: %s", job_id, where(error))


def _begun(session: Session, job_id: str, stopping: Event) -> Attempt | None:
    claimed = work.claim(session, job_id, NAME, datetime.now(UTC), Staging(parts().settings.uploads_dir).place)
    if claimed is None:
        session.rollback()
        return None
    job, _ = claimed
    attempt = Attempt(session, Held(job.id, job.fence), Kind(job.kind), job.subject_id, stopping)
    session.commit()
    log.info("%s %s: attempt %d", attempt.kind, job_id, attempt.held.fence)
    return attempt


def _ended(attempt: Attempt, task: Task) -> None:
    """Raises FenceLost when somebody else has the job, or nobody should."""
    held = attempt.held
    settle: Callable[[Session], None]
    try:
        task(attempt)
        return
    except FenceLost:
        attempt.session.rollback()
        log.info("%s: attempt %d wrote nothing: the job is no longer its own", held.job_id, held.fence)
        return
    except Stopping:
        settle = partial(work.release, held=held)
    except AWAY as error:
        log.warning("%s: attempt %d is given back: %s", held.job_id, held.fence, type(error).__name__)
        settle = partial(work.release, held=held)
    except (ChildFailed, Refusal) as error:
        settle = partial(_failed, held=held, code=error.code, place=getattr(error, "where", "") or error.message)
    except Exception as error:
        log.error("%s: unexpected %s", held.job_id, where(error))
        settle = partial(work.fail, held=held, code="failed", where=where(error))
    attempt.session.rollback()
    attempt.write(settle)


def _failed(session: Session, held: Held, code: str, place: str) -> None:
    log.warning("%s: attempt %d failed: %s", held.job_id, held.fence, code)
    if code in _BLOCKING:
        work.block(session, held, code, place)
    else:
        work.fail(session, held, code, place)
