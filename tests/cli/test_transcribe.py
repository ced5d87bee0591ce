"""An operator transcribes a file from the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server.app import create_app
from server.cli import transcribe as command
from server.config import Settings
from server.transcription.weights import make_weights
from tests.media.sounds import encoded, notes
from tests.recordings import SHARED


def transcribe(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["transcribe", *arguments])


def made_model() -> str:
    if not SHARED.is_dir():
        pytest.skip(f"no recordings of real speech beside the checkout, in {SHARED}")
    return str(make_weights("base", Settings.from_environment().whisper_dir, lambda line: None))


def test_the_words_and_their_times_are_written_to_standard_output(app: Flask) -> None:
    model = made_model()
    ended = transcribe(app, str(SHARED / "fleurs-en-003.ogg"), "--model", model, "--language", "en", "--format", "json")
    assert ended.exit_code == 0, ended.output
    heard = json.loads(ended.stdout)
    words = [word["text"] for segment in heard["segments"] for word in segment["words"]]
    assert " juice" in words
    assert heard["language"] == "en"
    assert ended.stderr.splitlines()[-1] == "100% done"


def test_a_file_that_is_not_there_is_named(app: Flask) -> None:
    ended = transcribe(app, "nowhere.ogg", "--model", made_model())
    assert ended.exit_code != 0
    assert "nowhere.ogg cannot be read" in ended.stderr
    assert ended.stdout == ""


def test_a_file_that_is_not_sound_is_refused(app: Flask, tmp_path: Path) -> None:
    letter = tmp_path / "letter.ogg"
    letter.write_text("This is a letter, not a recording.")
    ended = transcribe(app, str(letter), "--model", made_model())
    assert ended.exit_code != 0
    assert "not a sound file" in ended.stderr


@pytest.fixture
def tune(tmp_path: Path) -> str:
    """A file in which nobody speaks."""
    path = tmp_path / "tune.flac"
    path.write_bytes(encoded("flac", notes(2)))
    return str(path)


def test_without_a_model_it_says_what_to_do(settings: Settings, tmp_path: Path, tune: str) -> None:
    app = create_app(replace(settings, whisper_dir=tmp_path / "empty"))
    ended = transcribe(app, tune)
    assert ended.exit_code != 0
    assert "make weights" in ended.stderr


def test_an_unknown_model_is_refused(app: Flask, tune: str) -> None:
    ended = transcribe(app, tune, "--model", "enormous")
    assert ended.exit_code != 0
    assert "no speech model called 'enormous'" in ended.stderr


def test_the_languages_that_may_be_spoken_and_the_words_to_expect_are_heeded(app: Flask) -> None:
    ended = transcribe(app, str(SHARED / "fleurs-es-000.ogg"), "--model", made_model(), "--languages", "pt, Galician",
                       "--vocabulary", "Refa, Glan Clwyd", "--format", "json")
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout)["language"] in ("pt", "gl")


def test_a_language_that_whisper_does_not_know_is_refused(app: Flask, tune: str) -> None:
    ended = transcribe(app, tune, "--model", made_model(), "--languages", "en,dolphin")
    assert ended.exit_code != 0
    assert "'dolphin' is not a language" in ended.stderr


def test_where_nobody_speaks_that_is_said(app: Flask, tune: str) -> None:
    ended = transcribe(app, tune, "--model", made_model())
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr.splitlines() == ["100% done", "Nobody speaks in this recording."]


def test_on_a_terminal_one_line_changes_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    monkeypatch.setattr(command.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(command.sys.stderr, "isatty", lambda: True, raising=False)
    shown = command._Shown()
    for seconds, share in ((1, 0.01), (60, 0.25), (200, 1.0)):
        now[0] = 100.0 + seconds
        shown.share(share)
    shown.end()
    lines = capsys.readouterr().err.split("\r\x1b[K")
    assert lines == ["", "1% done", "25% done. About 3 minutes left", "100% done", ""]
