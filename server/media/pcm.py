"""Bare sound for the speech model: 16-bit little-endian PCM, one channel, 16,000 samples a second, and no header."""

import numpy as np

SPEECH_SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
_FULL = 32_768


def place_of(moment_ms: int) -> int:
    """The byte at which this moment begins."""
    return moment_ms * SPEECH_SAMPLE_RATE // 1000 * SAMPLE_BYTES


def to_pcm(sound: np.ndarray) -> bytes:
    """From float samples in [-1, 1]."""
    return bytes(np.clip(np.rint(sound * _FULL), -_FULL, _FULL - 1).astype("<i2").tobytes())


def from_pcm(content: bytes) -> np.ndarray:
    """float32 in [-1, 1)."""
    return np.frombuffer(content, dtype="<i2").astype(np.float32) / _FULL
