"""Sound made for tests: a different note in each second, in any container, so that a place can be heard."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.recordings import SHARED

ENCODINGS = {
    "webm": ("webm", "libopus"),
    "mp4": ("mp4", "aac"),
    "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "mp3": ("mp3", "libmp3lame"),
    "wav": ("wav", "pcm_s16le"),
    "aac": ("adts", "aac"),
}


def note_of(second: int) -> float:
    """The pitch of this second, in hertz."""
    return 300.0 + 100 * second


def notes(seconds: float, rate: int = 48_000) -> np.ndarray:
    """Float32 samples of the notes, one after the other."""
    times = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (300 + 100 * np.floor(times)) * times)).astype(np.float32)


def encoded(name: str, samples: np.ndarray, *, rate: int = 48_000, layout: str = "mono", **tags: str) -> bytes:
    """The samples, the same in every channel, in a container of ENCODINGS."""
    container_name, codec = ENCODINGS[name]
    sink = io.BytesIO()
    with av.open(sink, "w", format=container_name) as container:
        container.metadata.update(tags)
        stream = container.add_stream(codec, rate=rate, layout=layout)
        planes = np.repeat(samples.reshape(1, -1), av.AudioLayout(layout).nb_channels, axis=0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return sink.getvalue()


def loudest_pitch(samples: np.ndarray, rate: int = 16_000) -> float:
    """The frequency with most energy, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def shared_sound(name: str) -> io.BytesIO:
    """A file of real speech; the test is skipped, and says why, where the shared folder is not there."""
    if not (SHARED / name).exists():
        pytest.skip(f"needs {name} in ../shared/audio beside the checkout")
    return io.BytesIO((SHARED / name).read_bytes())
