"""Real speech, and one real speech model for all tests: loading it for each would take most of the time."""

from pathlib import Path

import numpy as np
import pytest
import torch
from whisper import Whisper

from server.config import Settings
from server.media.audio import decode_mono_16k
from server.transcription.device import Device
from server.transcription.loading import load_model
from server.transcription.network import Network
from server.transcription.transcriber import Transcriber
from server.transcription.weights import make_weights
from tests.recordings import SHARED


def sound_of(path: Path) -> np.ndarray:
    """A recording as float32 at 16 kHz."""
    with open(path, "rb") as source:
        return decode_mono_16k(source)


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


@pytest.fixture(scope="session")
def model(weights_dir: Path) -> Whisper:
    """openai-whisper's own."""
    return load_model("base", weights_dir)


@pytest.fixture(scope="session")
def network(model: Whisper) -> Network:
    """In float32, as openai-whisper has it, so that the two can be compared."""
    return Network(model, Device("cpu", torch.float32))
