"""Work that fails: three tries, then it is there to see with its reason and a button; others do not wait for it."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.work import Kind, State
from server.isolation.limits import LIMITS, MIB, Decoding
from server.jobs.attempt import Attempt, run
from server.jobs.tasks import TASKS
from server.models.work import Job
from server.services import work_overview
from tests import makers
from tests.jobs.conftest import Stories
from tests.media.pictures import photo, picture
from tests.media.sounds import silence


def _try(app: Flask, session: Session, job_id: str) -> Job:
    session.commit()
    run(app, TASKS, job_id, Event())
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def test_sound_that_brings_its_child_down_every_time_is_tried_thrice_and_then_waits_for_a_person(
        app: Flask, session: Session, stories: Stories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 36"""
    monkeypatch.setitem(LIMITS, Decoding.PLAYBACK, replace(LIMITS[Decoding.PLAYBACK], cpu=1))
    (tmp_path / "endless.flac").write_bytes(silence(3).getvalue())
    job_id = stories.ask(Kind.PLAYBACK, stories.recording(tmp_path / "endless.flac").id).id
    for state in (State.WAITING, State.WAITING, State.FAILED):
        assert _try(app, session, job_id).state == state
    attempts = session.get_one(Job, job_id).attempts
    assert [(attempt.outcome, attempt.error_code) for attempt in attempts] == [("failed", "out_of_time")] * 3
    assert all("processor time" in (attempt.error or "") for attempt in attempts)

    assert _try(app, session, job_id).tries == 3
    viewer = makers.viewer_of(session, makers.make_person(session, stories.project, Role.ADMINISTRATOR))
    (item,) = work_overview.overview(session, viewer, stories.project.id).items
    assert item.may_be_tried_again
    assert "took too long" in item.words
    work_overview.try_again(session, viewer, stories.project.id, job_id)
    assert session.get_one(Job, job_id, populate_existing=True).state == State.WAITING


def test_a_photo_that_needs_too_much_memory_fails_with_that_reason(
        app: Flask, session: Session, stories: Stories, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 39"""
    monkeypatch.setitem(LIMITS, Decoding.PHOTO, replace(LIMITS[Decoding.PHOTO], memory=32 * MIB))
    (tmp_path / "large.png").write_bytes(photo("PNG", picture(4000, 4000)))
    job = stories.ask(Kind.PHOTO, stories.photo(tmp_path / "large.png").id)
    assert _try(app, session, job.id).attempts[0].error_code == "out_of_memory"


def test_why_a_file_was_refused_is_kept_in_words(app: Flask, session: Session, stories: Stories,
                                                 tmp_path: Path) -> None:
    (tmp_path / "long.flac").write_bytes(silence(13).getvalue())
    recording = stories.recording(tmp_path / "long.flac")
    excerpt = makers.add_excerpt(session, recording, stories.researcher)
    excerpt.start_ms, excerpt.end_ms = 12 * 3600_000, 12 * 3600_000 + 600_000
    attempt = _try(app, session, stories.ask(Kind.CLIP, excerpt.id).id).attempts[0]
    assert (attempt.error_code, attempt.error) == (
        "unsupported_audio", "This recording is longer than 12 hours. Send it in shorter parts.")


def test_a_database_that_is_away_costs_no_try(app: Flask, session: Session, stories: Stories) -> None:
    """fault 50"""
    job_id = stories.ask(Kind.PHOTO, stories.story.id).id
    session.commit()

    def away(_attempt: Attempt) -> None:
        raise OperationalError("select", {}, Exception("connection refused"))

    for _ in range(4):
        run(app, {Kind.PHOTO: away}, job_id, Event())
    session.rollback()
    job = session.get_one(Job, job_id)
    assert (job.state, job.tries, len(job.attempts)) == (State.WAITING, 0, 4)
