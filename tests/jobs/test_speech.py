"""What follows a transcript: who speaks, and the English beside it. Each is tried once, by the real speech process."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.work import Kind, State
from server.models.story import Recording
from server.models.transcript import Transcript, TranscriptSegment, Translation
from server.models.work import Attempt, Job
from tests import makers
from tests.jobs.conftest import Stories, try_once
from tests.recordings import SHARED

SPANISH = SHARED / "fleurs-es-000.ogg"


@pytest.fixture
def spanish(speech: Path) -> Path:
    """Twelve seconds of it. Skipped where `speech` is."""
    return SPANISH


def _job(session: Session, kind: Kind) -> Job:
    return session.scalars(select(Job).where(Job.kind == kind)).one()


def _said(session: Session) -> list[str]:
    return list(session.scalars(select(TranscriptSegment.text).order_by(TranscriptSegment.position)))


def test_what_is_said_in_spanish_gets_its_english_beside_it_and_a_guess_of_who_speaks(
        app: Flask, session: Session, stories: Stories, spanish: Path, settings: Settings) -> None:
    if not (settings.whisper_dir / "voices.pt").exists():
        pytest.skip("the voice model is missing: make weights")
    assert try_once(app, session, stories.ask(Kind.TRANSCRIBE, stories.recording(spanish).id)).state == State.DONE
    words = _said(session)
    assert "viajeros" in " ".join(words)
    assert session.scalars(select(Transcript.language)).one() == "es"
    for kind in (Kind.SPEAKERS, Kind.TRANSLATE):
        assert try_once(app, session, _job(session, kind)).state == State.DONE
    english = " ".join(text for _, _, text in session.scalars(select(Translation)).one().passages)
    assert "travel" in english.lower()
    assert _said(session) == words
    guesses = session.execute(select(TranscriptSegment.speaker_id, TranscriptSegment.speaker_suggested)).all()
    assert {is_guess for speaker_id, is_guess in guesses if speaker_id} <= {True}


def test_what_a_project_says_of_its_languages_is_heeded(app: Flask, session: Session, stories: Stories,
                                                        spanish: Path) -> None:
    stories.project.languages, stories.project.vocabulary = ["pt"], ["Refa"]
    assert try_once(app, session, stories.ask(Kind.TRANSCRIBE, stories.recording(spanish).id)).state == State.DONE
    assert session.scalars(select(Transcript.language)).one() == "pt"


@pytest.mark.parametrize("kind", [Kind.SPEAKERS, Kind.TRANSLATE])
def test_a_later_step_that_fails_for_good_leaves_the_transcript_as_it_is(
        app: Flask, session: Session, stories: Stories, kind: Kind, tmp_path: Path) -> None:
    """The sound cannot be read, as little as when it has a fault that brings a model down."""
    transcript = _welsh(session, stories, tmp_path / "broken.flac")
    words = _said(session)
    job = stories.ask(kind, transcript.id)
    for _ in range(3):
        job = try_once(app, session, job)
    assert job.state == State.FAILED
    assert set(session.scalars(select(Attempt.error_code))) == {"audio_damaged"}
    assert session.scalars(select(Transcript)).one().is_current
    assert _said(session) == words
    assert session.scalars(select(Translation)).all() == []


def _welsh(session: Session, stories: Stories, path: Path) -> Transcript:
    """A transcript of a recording whose bytes are no sound."""
    path.write_bytes(b"fLaC" + bytes(5000))
    broken = stories.recording(path)
    sha256 = broken.sha256
    session.delete(broken)
    session.flush()
    recording: Recording = makers.add_recording(session, stories.story, "Aros trwy'r nos.")
    recording.sha256 = sha256
    transcript = session.scalars(select(Transcript)).one()
    transcript.language = "cy"
    session.flush()
    return transcript


def test_work_on_a_transcript_that_is_gone_is_given_up(app: Flask, session: Session, stories: Stories,
                                                       tmp_path: Path) -> None:
    transcript = _welsh(session, stories, tmp_path / "broken.flac")
    jobs = [stories.ask(kind, transcript.id) for kind in (Kind.SPEAKERS, Kind.TRANSLATE)]
    session.delete(transcript)
    assert [try_once(app, session, job).state for job in jobs] == [State.CANCELLED] * 2


def test_without_the_voice_model_the_guess_waits_and_the_words_are_there(
        app: Flask, session: Session, stories: Stories, speech: Path, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    empty = tmp_path / "whisper"
    empty.mkdir()
    (empty / "base.pt").symlink_to(settings.whisper_dir / "base.pt")
    _with_models_in(monkeypatch, app, empty)
    recording = stories.recording(speech)
    words = makers.add_recording(session, stories.story)
    words.sha256 = recording.sha256
    session.delete(recording)
    job = stories.ask(Kind.SPEAKERS, session.scalars(select(Transcript.id)).one())
    assert try_once(app, session, job).state == State.BLOCKED
    assert session.scalars(select(Attempt.error_code)).all() == ["voices_missing"]
    assert len(_said(session)) == 1


def _with_models_in(monkeypatch: pytest.MonkeyPatch, app: Flask, folder: Path) -> None:
    here = app.extensions["earshot"]
    monkeypatch.setitem(app.extensions, "earshot", replace(here, settings=replace(here.settings, whisper_dir=folder)))
