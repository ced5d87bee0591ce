"""A transcription that was cut off goes on after the last window that was kept."""

import signal
import wave
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.transcript import Word
from server.domain.work import Kind, State
from server.media.audio import decode_mono_16k
from server.models.transcript import Transcript, TranscriptWindow
from server.models.work import Attempt, Job
from tests import recordings
from tests.jobs.conftest import Stories, Worker, until

RATE = 16_000
PATIENCE_SECONDS = 600
SECONDS = 480  # more windows than are heard at once


@pytest.fixture
def long_speech(settings: Settings, tmp_path: Path) -> Path:
    """The demo's recordings one after the other, again and again, for some minutes."""
    if not (settings.whisper_dir / "base.pt").exists():
        pytest.skip("the speech model is missing: make weights")
    samples = np.empty(0, dtype=np.float32)
    for part in cycle(sorted((recordings.DEMO / "recordings").iterdir())):
        with part.open("rb") as source:
            samples = np.concatenate([samples, decode_mono_16k(source)])
        if len(samples) >= SECONDS * RATE:
            break
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path


def _words(session: Session) -> list[str]:
    """Of the newest transcript."""
    transcript = session.scalars(select(Transcript).order_by(Transcript.created_at.desc())).first()
    assert transcript is not None
    return [word.text.strip() for segment in transcript.segments for word in segment.words]


def _done(session: Session, job_id: str) -> bool:
    return session.scalar(select(Job.state).where(Job.id == job_id)) == State.DONE


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_hears_only_what_is_left(
        session: Session, stories: Stories, worker: Worker, long_speech: Path) -> None:
    """fault 34"""
    recording = stories.recording(long_speech)
    job_id = stories.ask(Kind.TRANSCRIBE, recording.id).id
    session.commit()
    worker.start()
    until(session, lambda: session.scalar(select(func.count()).select_from(TranscriptWindow)), PATIENCE_SECONDS)
    worker.end(signal.SIGKILL)
    kept = session.scalars(select(TranscriptWindow).order_by(TranscriptWindow.position)).all()
    assert [window.position for window in kept] == list(range(len(kept)))
    assert session.scalars(select(Transcript)).all() == []
    # Whoever heard these windows anew would not hear this.
    for window in kept:
        window.words = (Word(f" kept-{window.position}", window.start_ms, window.end_ms), *window.words)
    session.commit()

    worker.start()
    until(session, lambda: _done(session, job_id), PATIENCE_SECONDS)
    resumed = _words(session)
    marks = [word for word in resumed if "kept-" in word]
    assert marks == [f"kept-{position}" for position in range(len(kept))]
    assert session.scalars(select(TranscriptWindow)).all() == []
    outcomes = session.scalars(select(Attempt.outcome).order_by(Attempt.fence)).all()
    assert (outcomes[0], outcomes[-1]) == ("lost", "done")

    again = stories.ask(Kind.TRANSCRIBE, stories.recording(long_speech).id).id
    session.commit()
    until(session, lambda: _done(session, again), PATIENCE_SECONDS)
    undisturbed = _words(session)
    assert len(undisturbed) > 100
    assert [word for word in resumed if "kept-" not in word] == undisturbed
