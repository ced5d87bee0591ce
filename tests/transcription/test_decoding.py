"""Windows of sound to tokens, where the sound is bad too."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from whisper import Whisper
from whisper.tokenizer import get_tokenizer

from server.media.audio import decode_mono_16k
from server.transcription import decoding
from server.transcription.decoding import decode, encode
from server.transcription.loading import load_model

RATE = 16_000


@pytest.fixture(scope="module")
def model(weights_dir: Path) -> Whisper:
    return load_model("base", weights_dir)


@pytest.fixture(scope="module")
def hard(model: Whisper, speech: Path) -> Tensor:
    """A clear sentence, one word over and over, which is taken for a fault and tried again, and noise alone."""
    with open(speech / "jfk.flac", "rb") as source:
        sentence = decode_mono_16k(source)[: round(2.4 * RATE)]
    again = np.tile(sentence[round(1.2 * RATE) : round(2.2 * RATE)], 12)
    noise = np.random.default_rng(1).normal(scale=0.3, size=len(sentence)).astype(np.float32)
    with torch.inference_mode():
        return encode(model, [sentence, again, noise])


@pytest.fixture(params=["short", pytest.param("whole", marks=pytest.mark.slow)], autouse=True)
def effort(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as ever, or few tokens and few guesses, which show the same in a twentieth of the time."""
    if request.param == "short":
        monkeypatch.setattr(decoding, "_MAX_TOKENS", 32)
        monkeypatch.setattr(decoding, "_FALLBACKS", ({"beam_size": 2}, {"temperature": 0.4, "best_of": 2}))


def test_one_recording_always_gives_one_transcript_and_bad_windows_spoil_no_others(
    model: Whisper, hard: Tensor
) -> None:
    torch.manual_seed(11)
    with torch.inference_mode():
        first = decode(model, hard, "en")
        torch.manual_seed(12)
        assert decode(model, hard, "en") == first
    assert first[2] == []
    words = get_tokenizer(multilingual=True, language="en").decode(first[0])
    assert words.strip().startswith("And so my fellow Americans")


def test_several_doubtful_windows_at_once_are_each_tried_again_as_they_would_be_alone(
    model: Whisper, hard: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_MIN_LOGPROB", 0.0), ("_MAX_NO_SPEECH", 2.0), ("_MAX_TOKENS", 8)):
        monkeypatch.setattr(decoding, name, value)  # everything is doubtful, and soon said
    monkeypatch.setattr(decoding, "_FALLBACKS", ({"beam_size": 5},))
    with torch.inference_mode():
        alone = [decode(model, hard[place : place + 1], "en")[0] for place in (0, 1)]
        assert decode(model, hard[:2], "en") == alone


@pytest.mark.slow
def test_other_random_numbers_are_not_disturbed(model: Whisper, hard: Tensor) -> None:
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    with torch.inference_mode():
        decode(model, hard[1:2], "en")
    torch.testing.assert_close(torch.rand(3), expected)
