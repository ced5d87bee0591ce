"""A store that is far away: nothing waits for it with a transaction open, and nothing is lost while it is away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import open_to_write
from server.domain.errors import StoreUnavailable
from server.domain.work import Kind
from server.jobs.attempt import run
from server.jobs.sweep import sweep
from server.jobs.tasks import TASKS
from server.models.work import Job
from server.services import withdrawals, work
from server.storage.store import MediaStore, StoredBytes
from tests import makers
from tests.jobs.conftest import Stories, try_once


class Far:
    """A store that takes bytes only while no transaction waits for it."""

    def __init__(self, store: MediaStore, session: Session) -> None:
        self._store, self._session = store, session
        self.put_count = 0

    def put(self, source: BinaryIO) -> StoredBytes:
        assert not self._session.in_transaction()
        self.put_count += 1
        return self._store.put(source)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._store

    def open(self, sha256: str) -> BinaryIO:
        return self._store.open(sha256)


def test_no_transaction_is_open_while_a_copy_is_put_into_the_store(app: Flask, session: Session, stories: Stories,
                                                                  picture: Path) -> None:
    photo = stories.photo(picture)
    far = Far(app.extensions["earshot"].store, session)
    app.extensions["earshot"] = replace(app.extensions["earshot"], store=far)
    assert try_once(app, session, stories.ask(Kind.PHOTO, photo.id)).state == "done"
    assert far.put_count == 1


def test_a_store_that_is_away_costs_no_try_and_is_tried_again_after_a_while(app: Flask, session: Session,
                                                                           stories: Stories, picture: Path) -> None:
    """fault 50"""
    photo = stories.photo(picture)
    whole = app.extensions["earshot"]
    app.extensions["earshot"] = replace(whole, store=Away())
    job = try_once(app, session, stories.ask(Kind.PHOTO, photo.id))
    assert (job.state, job.tries, job.attempts[-1].error_code) == ("blocked", 0, "store_unavailable")
    now = datetime.now(UTC)
    assert work.try_passing(session, now) == 0
    assert work.try_passing(session, now + timedelta(minutes=2)) == 1
    app.extensions["earshot"] = whole
    assert try_once(app, session, job).state == "done"


class Away:
    """A store that does not answer."""

    def open(self, sha256: str) -> BinaryIO:
        raise StoreUnavailable


@pytest.mark.parametrize("kind", ["sweep", "scrub"])
def test_others_write_while_the_store_is_asked_to_keep_a_note_of_a_withdrawal(
        app: Flask, session: Session, stories: Stories, settings: Settings, monkeypatch: pytest.MonkeyPatch,
        kind: str) -> None:
    """fault 50"""
    store, story_id = app.extensions["earshot"].store, stories.story.id
    withdrawals.withdraw(session, makers.viewer_of(session, stories.researcher), story_id)
    session.commit()
    job_id = session.scalars(select(Job.id).where(Job.kind == Kind.SCRUB)).one()
    session.commit()
    asked = []

    def slow(name: str, _: bytes) -> None:
        with open_to_write():
            asked.append(name)
        raise StoreUnavailable

    monkeypatch.setattr(store, "write_note", slow)
    if kind == "sweep":
        sweep(app.extensions["earshot_work"].queue, settings, datetime.now(UTC))
    else:
        run(app, TASKS, job_id, Event())
    assert asked == [story_id]
