"""Real speech, and one real speech model for all tests: loading it for each would take most of the time."""

from pathlib import Path

import pytest

from server.config import Settings
from server.transcription.transcriber import Transcriber
from server.transcription.weights import make_weights
from tests.recordings import SHARED


@pytest.fixture(scope="session")
def speech() -> Path:
    """The folder of recordings."""
    if not SHARED.is_dir():
        pytest.skip(f"no recordings of real speech beside the checkout, in {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def weights_dir() -> Path:
    """Where the multilingual base model is; it is made there if it is missing."""
    folder = Settings.from_environment().whisper_dir
    make_weights("base", folder, lambda line: None)
    return folder


@pytest.fixture(scope="session")
def transcriber(weights_dir: Path) -> Transcriber:
    return Transcriber("base", weights_dir)
