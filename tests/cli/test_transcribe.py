"""An operator transcribes a file from the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.transcription.weights import make_weights
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


def test_without_a_model_it_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, whisper_dir=tmp_path / "empty"))
    ended = transcribe(app, str(tmp_path / "any.ogg"))
    assert ended.exit_code != 0
    assert "make weights" in ended.stderr


def test_an_unknown_model_is_refused(app: Flask, tmp_path: Path) -> None:
    ended = transcribe(app, str(tmp_path / "any.ogg"), "--model", "enormous")
    assert ended.exit_code != 0
    assert "no speech model called 'enormous'" in ended.stderr
