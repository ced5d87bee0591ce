"""Real speech for a fake microphone: the JFK address where it is to be had, the demo's own where it is not."""

import json
import wave
from dataclasses import dataclass
from pathlib import Path

import av

from tests.e2e.installation import ROOT

ADDRESS = ROOT.parent / "shared" / "audio" / "jfk.flac"
DEMO = ROOT / "server" / "demo"


@dataclass(frozen=True)
class Speech:
    """A recording, how long it lasts, and three words that a transcript of it must hold, in the order they are said."""

    path: Path
    seconds: float
    words: tuple[str, str, str]


def real_speech() -> Speech:
    if ADDRESS.exists():
        return Speech(ADDRESS, 11.0, ("fellow", "country", "you"))
    part = next(part for story in json.loads((DEMO / "demo.json").read_text())["stories"]
                for part in story["recordings"])
    return Speech(DEMO / part["file"], 30.0, tuple(part["expected_words"]))


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
