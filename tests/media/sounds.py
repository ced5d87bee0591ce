"""Sound made for tests: a different note in each second, in any container, so that a place can be heard."""

import io
import struct
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


def wav(channels: int, rate: int, frames: int) -> io.BytesIO:
    """Silence as 16-bit PCM with exactly this shape."""
    content = bytes(2 * channels * frames)
    shape = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + shape + b"data" + struct.pack("<I", len(content)) + content
    return io.BytesIO(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)


def silence(hours: float) -> io.BytesIO:
    """A small file that unpacks to hours of silence."""
    sink, block = io.BytesIO(), np.zeros((1, 65_535), dtype=np.int16)
    with av.open(sink, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=1000, layout="mono")
        stream.codec_context.options = {"frame_size": "65535"}
        for number in range(int(hours * 3600 * 1000) // 65_535):
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 1000, number * 65_535
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return sink


def loudest_pitch(samples: np.ndarray, rate: int = 16_000) -> float:
    """The frequency with most energy, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def shared_sound(name: str) -> io.BytesIO:
    """A file of real speech; the test is skipped, and says why, where the shared folder is not there."""
    if not (SHARED / name).exists():
        pytest.skip(f"needs {name} in ../shared/audio beside the checkout")
    return io.BytesIO((SHARED / name).read_bytes())
