"""Windows of sound to tokens, many at a time, where the sound is bad too."""

from pathlib import Path

import numpy as np
import pytest
import torch
from whisper import DecodingOptions, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

from server.transcription import decoding
from server.transcription.batch_decoding import Way, decode_batch
from server.transcription.decoder import Listening, listen
from server.transcription.decoding import decode
from server.transcription.encoding import encode
from server.transcription.network import Network
from server.transcription.next_tokens import NextTokens
from tests.transcription.conftest import sound_of

RATE = 16_000


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return get_tokenizer(multilingual=True, language="en")


@pytest.fixture(scope="module")
def allowed(network: Network, tokenizer: Tokenizer) -> NextTokens:
    return NextTokens(network, tokenizer)


@pytest.fixture(scope="module")
def sounds(speech: Path) -> list[np.ndarray]:
    """A clear sentence, one word over and over, which is taken for a fault and tried again, and noise alone."""
    sentence = sound_of(speech / "jfk.flac")[: round(2.4 * RATE)]
    again = np.tile(sentence[round(1.2 * RATE) : round(2.2 * RATE)], 12)
    noise = np.random.default_rng(1).normal(scale=0.3, size=len(sentence)).astype(np.float32)
    return [sentence, again, noise]


@pytest.fixture(scope="module")
def hard(network: Network, sounds: list[np.ndarray]) -> Listening:
    with torch.inference_mode():
        return listen(network, encode(network, sounds))


@pytest.mark.parametrize("beams", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_windows_that_are_decoded_together_have_the_tokens_that_openai_whisper_gives_each(
        model: Whisper, network: Network, tokenizer: Tokenizer, allowed: NextTokens, sounds: list[np.ndarray],
        hard: Listening, beams: int) -> None:
    prompts = [tokenizer.sot_sequence_including_notimestamps] * 2
    options = DecodingOptions(language="en", without_timestamps=True, fp16=False, sample_len=24,
                              beam_size=beams if beams > 1 else None)
    with torch.inference_mode():
        theirs = [model.decode(features, options) for features in encode(network, sounds[:2])]
        ours = decode_batch(network, allowed, hard.only([0, 1]), prompts, Way(beams), max_tokens=24)
    assert [list(guess.tokens) for guess in ours] == [result.tokens for result in theirs]
    for guess, result in zip(ours, theirs, strict=True):
        assert guess.average_logprob == pytest.approx(result.avg_logprob, abs=0.01)


@pytest.mark.slow
def test_one_recording_always_gives_one_transcript_whatever_else_is_random(
        network: Network, tokenizer: Tokenizer, allowed: NextTokens, hard: Listening,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_TOKENS", 24)
    monkeypatch.setattr(decoding, "FALLBACKS", (Way(2, temperature=0.8),))
    monkeypatch.setattr(decoding, "SECOND", Way(2))
    prompts = [tokenizer.sot_sequence_including_notimestamps] * 3
    torch.manual_seed(11)
    with torch.inference_mode():
        first = decode(network, tokenizer, allowed, hard, prompts, [0.0, 0.0, 0.9])
        torch.manual_seed(12)
        expected = torch.rand(3)
        torch.manual_seed(12)
        again = decode(network, tokenizer, allowed, hard, prompts, [0.0, 0.0, 0.9])
    torch.testing.assert_close(torch.rand(3), expected)  # others' random numbers are not disturbed
    assert [take.guess for take in again] == [take.guess for take in first]
    assert first[0].text.startswith("And so my fellow Americans")
    assert first[2].is_silence


def test_what_goes_round_in_circles_is_stopped_and_doubted(
        network: Network, tokenizer: Tokenizer, allowed: NextTokens, hard: Listening,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "FALLBACKS", ())
    monkeypatch.setattr(decoding, "SURE", -1.0)
    monkeypatch.setattr(decoding, "FIRST", Way())
    monkeypatch.setattr(decoding, "SECOND", Way())
    with torch.inference_mode():
        [take] = decode(network, tokenizer, allowed, hard.only([1]), [tokenizer.sot_sequence_including_notimestamps],
                        [0.0])
    assert take.repeats
    assert take.is_doubtful
    assert len(take.guess.tokens) < 100
