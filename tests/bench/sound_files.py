"""Sound in memory as WAV files, and files as sound: mono, 16,000 samples a second, float32 in [-1, 1]."""

import io
import wave
from pathlib import Path
from typing import BinaryIO

import numpy as np

from server.media.audio import decode_mono_16k

RATE = 16_000


def wav_of(samples: np.ndarray) -> io.BytesIO:
    made = io.BytesIO()
    _write(made, samples)
    made.seek(0)
    return made


def write_wav(path: Path, samples: np.ndarray) -> Path:
    with open(path, "wb") as target:
        _write(target, samples)
    return path


def read(path: Path) -> np.ndarray:
    with open(path, "rb") as source:
        return decode_mono_16k(source)


def levelled(samples: np.ndarray, level: float = -23) -> np.ndarray:
    """As loud as others: so many decibels below full scale, as root mean square over what is not a pause."""
    sounding = samples[np.abs(samples) > 0.1 * np.abs(samples).max()]
    return np.clip(samples * (10 ** (level / 20) / np.sqrt(np.mean(sounding**2))), -1, 1).astype(np.float32)


def _write(target: BinaryIO, samples: np.ndarray) -> None:
    with wave.open(target, "wb") as writer:
        writer.setparams((1, 2, RATE, 0, "NONE", ""))
        writer.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
