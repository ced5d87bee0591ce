"""Real speech for a fake microphone: the JFK address where it is to be had, the demo's own where it is not."""

import wave
from dataclasses import dataclass
from pathlib import Path

import av

from tests import recordings


@dataclass(frozen=True)
class Speech:
    """A recording, how long it lasts, and three words that a transcript of it must hold, in the order they are said."""

    path: Path
    seconds: float
    words: tuple[str, str, str]


def real_speech() -> Speech:
    found = recordings.shared("jfk.flac")
    if found is not None:
        return Speech(found.path, _seconds(found.path), ("fellow", "country", "you"))
    found = recordings.demo()
    said = [word.strip(".,?!").lower() for word in found.words.split()]
    plain = [word for word in said if len(word) > 4 and word.isascii() and word.isalpha() and said.count(word) == 1]
    quarter = len(plain) // 4
    return Speech(found.path, _seconds(found.path), (plain[quarter], plain[2 * quarter], plain[3 * quarter]))


def _seconds(path: Path) -> float:
    with av.open(str(path)) as source:
        return max(float((frame.time or 0) + frame.samples / frame.rate) for frame in source.decode(audio=0))


def as_microphone(speech: Speech, target: Path) -> Path:
    """The recording as Chromium's fake microphone wants it: 48 kHz, mono, 16 bits, WAV."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
    with av.open(str(speech.path)) as source, wave.open(str(target), "wb") as sink:
        sink.setnchannels(1)
        sink.setsampwidth(2)
        sink.setframerate(48_000)
        for frame in (*source.decode(audio=0), None):
            for piece in resampler.resample(frame):
                sink.writeframes(piece.to_ndarray().tobytes())
    return target
