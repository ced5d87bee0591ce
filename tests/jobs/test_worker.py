"""A real worker: what it finishes, and what happens when it or its child is killed."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.work import Kind, State
from server.jobs.worker import stop_with
from server.models.consent import Erasure
from server.models.story import Photo
from server.models.transcript import Transcript, TranscriptWindow
from server.models.work import Attempt, Job
from server.services import withdrawals
from tests import makers
from tests.jobs.conftest import Stories, Worker, children_of, is_running, until
from tests.media.sounds import encoded, notes


def _state(session: Session, job_id: str) -> str | None:
    return session.scalar(select(Job.state).where(Job.id == job_id))


def _child(session: Session, worker: Worker, job_id: str) -> int:
    """The process with the speech model, once it does the job."""
    until(session, lambda: _state(session, job_id) == State.RUNNING and _with_the_model(worker))
    return _with_the_model(worker)[0]


def _with_the_model(worker: Worker) -> list[int]:
    return [child for child in children_of(worker.pid) if b"isolation.child" in _command(child)]


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_killed_worker_is_followed_by_another_attempt_and_ends_in_one_transcript(
        session: Session, stories: Stories, worker: Worker, speech: Path) -> None:
    """fault 34"""
    job_id = stories.ask(Kind.TRANSCRIBE, stories.recording(speech).id).id
    session.commit()
    worker.start()
    child = _child(session, worker, job_id)
    worker.end(signal.SIGKILL)
    until(session, lambda: not is_running(child))
    assert session.scalars(select(Transcript)).all() == []
    session.rollback()
    worker.start()
    until(session, lambda: _state(session, job_id) == State.DONE)
    transcript = session.scalars(select(Transcript)).one()
    words = " ".join(segment.text for segment in transcript.segments)
    assert "ask not what your country can do for you" in words.replace(",", "").lower()
    outcomes = session.scalars(select(Attempt.outcome).order_by(Attempt.fence)).all()
    assert (outcomes[0], outcomes[-1]) == ("lost", "done")


def test_a_worker_that_is_asked_to_stop_gives_its_work_back_and_leaves_no_process(
        session: Session, stories: Stories, worker: Worker, speech: Path) -> None:
    job_id = stories.ask(Kind.TRANSCRIBE, stories.recording(speech).id).id
    session.commit()
    worker.start()
    child = _child(session, worker, job_id)
    assert worker.end(signal.SIGTERM) == 0
    assert not is_running(child)
    job = session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.tries, job.attempts[-1].outcome) == ("waiting", 0, "stopped")


def test_a_withdrawal_ends_the_transcription_that_is_running_and_every_byte_goes(
        app: Flask, session: Session, stories: Stories, worker: Worker, speech: Path) -> None:
    """fault 27"""
    recording = stories.recording(speech)
    sha256, job_id = recording.sha256, stories.ask(Kind.TRANSCRIBE, recording.id).id
    session.commit()
    worker.start()
    child = _child(session, worker, job_id)
    makers.add_window(session, recording)
    withdrawals.withdraw(session, makers.viewer_of(session, stories.researcher), stories.story.id)
    session.commit()
    until(session, lambda: not is_running(child))
    until(session, lambda: not session.scalars(select(Job.id)).all())
    for table in (Transcript, TranscriptWindow, Erasure):
        assert session.scalars(select(table)).all() == []
    assert sha256 not in app.extensions["earshot"].store
    left = [path for path in app.extensions["earshot"].settings.media_dir.rglob("*") if path.is_file()]
    assert [path for path in left if path.parent.name != "withdrawals"] == []


def test_sound_that_no_decoder_reads_fails_visibly_after_three_tries_and_the_queue_goes_on(
        session: Session, stories: Stories, worker: Worker, tmp_path: Path, picture: Path) -> None:
    """fault 36"""
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"fLaC" + bytes(5000))
    playback = stories.ask(Kind.PLAYBACK, stories.recording(broken).id).id
    photo = stories.photo(picture)
    photo_id, copy = photo.id, stories.ask(Kind.PHOTO, photo.id).id
    session.commit()
    worker.start()
    until(session, lambda: _state(session, playback) == State.FAILED and _state(session, copy) == State.DONE)
    failures = session.scalars(select(Attempt).where(Attempt.job_id == playback).order_by(Attempt.fence)).all()
    assert [attempt.error_code for attempt in failures] == ["audio_damaged"] * 3
    other = session.scalars(select(Attempt).where(Attempt.job_id == copy)).one()
    assert other.started_at < failures[1].started_at, "the photo waited for a recording that fails again and again"
    assert session.get_one(Photo, photo_id, populate_existing=True).width == 64


def test_a_child_that_is_killed_costs_its_attempt_and_not_the_worker(
        session: Session, stories: Stories, worker: Worker, speech: Path, picture: Path) -> None:
    """fault 36"""
    job_id = stories.ask(Kind.TRANSCRIBE, stories.recording(speech).id).id
    session.commit()
    worker.start()
    for attempt in (1, 2, 3):
        until(session, lambda number=attempt: session.scalar(
            select(Attempt.fence).where(Attempt.job_id == job_id, Attempt.fence == number)))
        os.kill(_child(session, worker, job_id), signal.SIGKILL)
        until(session, lambda number=attempt: session.get_one(
            Attempt, (job_id, number), populate_existing=True).outcome)
    until(session, lambda: _state(session, job_id) == State.FAILED)
    assert session.scalars(select(Attempt.error_code)).all() == ["killed"] * 3
    session.rollback()
    copy = stories.ask(Kind.PHOTO, stories.photo(picture).id).id
    session.commit()
    until(session, lambda: _state(session, copy) == State.DONE)
    assert worker.is_running()


def test_the_processes_of_a_worker_end_with_it(session: Session, stories: Stories, worker: Worker,
                                               picture: Path) -> None:
    copy = stories.ask(Kind.PHOTO, stories.photo(picture).id).id
    session.commit()
    worker.start()
    until(session, lambda: _state(session, copy) == State.DONE)
    (nursery,) = children_of(worker.pid)
    assert worker.end(signal.SIGTERM) == 0
    assert not is_running(nursery)


def test_without_the_speech_model_work_is_blocked_and_tried_again_once_a_model_comes(
        session: Session, stories: Stories, settings: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "whisper"
    empty.mkdir()
    sound = tmp_path / "sound.flac"
    sound.write_bytes(encoded("flac", notes(1)))
    job_id = stories.ask(Kind.TRANSCRIBE, stories.recording(sound).id).id
    session.commit()
    worker = Worker(replace(settings, whisper_dir=empty))
    worker.start()
    try:
        until(session, lambda: _state(session, job_id) == State.BLOCKED)
        assert session.scalars(select(Attempt.error_code)).all() == ["weights_missing"]
        session.rollback()
        (empty / "base.pt").write_bytes(b"not a model")
        until(session, lambda: session.get(Attempt, (job_id, 2), populate_existing=True))
    finally:
        worker.end(signal.SIGKILL)


def test_a_signal_that_comes_while_the_worker_begins_to_wait_stops_it_nevertheless() -> None:
    stopping = Event()
    with stopping._cond:  # as the main thread holds it for a moment in `wait`
        handler = Thread(target=stop_with(stopping), args=(signal.SIGTERM, None), daemon=True)
        handler.start()
        handler.join(10)
        assert not handler.is_alive()
    assert stopping.wait(10)
