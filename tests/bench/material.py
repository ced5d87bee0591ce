"""Speech to measure with, and the words in it: the folder beside the checkout, and what is made of that."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests import recordings
from tests.bench import second_environment
from tests.bench.sound_files import RATE, levelled, read, write_wav
from tests.non_speech import SEED, hiss, room

PAUSE = 0.8
_OPENING_SECONDS, _OPENING_ENDS = 124.5, "traditional railroad routes."


@dataclass(frozen=True)
class Speech:
    """A file and the words said in it; `seconds` is its length, `language` a code."""

    name: str
    path: Path
    words: str
    language: str
    seconds: float


def given(pattern: str) -> list[Speech]:
    """Recordings of the folder beside the checkout that have their words beside them, by name: `fleurs-*`."""
    return [one for path in sorted(recordings.SHARED.glob(pattern)) for one in beside(path)]


def beside(path: Path) -> list[Speech]:
    """The recording at `path`, where its words are beside it in a file that ends in .txt."""
    written = path.with_suffix(".txt")
    if path == written or not written.is_file():
        return []
    return [_speech(path.stem, path, written.read_text(encoding="utf-8"), language_of(path))]


def language_of(path: Path) -> str:
    """A file of another language than English has its code between hyphens."""
    found = re.search(r"-(en|es|fr|de|pt)(-|$)", path.stem)
    return found[1] if found else "en"


def opening(folder: Path) -> list[Speech]:
    """The first two minutes of the long recording."""
    made = []
    for whole in given("long-en.ogg"):
        said = whole.words[: whole.words.index(_OPENING_ENDS) + len(_OPENING_ENDS)]
        sound = read(whole.path)[: round(_OPENING_SECONDS * RATE)]
        made.append(_speech("two minutes", write_wav(folder / "opening.wav", sound), said, "en"))
    return made


def joined(name: str, parts: Sequence[Speech], folder: Path, pause: float = PAUSE) -> Speech:
    """One recording of several, equally loud, with a quiet room between them. Its language is that of the first."""
    sound: list[np.ndarray] = []
    for place, part in enumerate(parts):
        sound += [levelled(read(part.path)), room(pause, level=-60, seed=SEED + place)]
    path = write_wav(folder / f"{name.replace(' ', '-')}.wav", np.concatenate(sound))
    return _speech(name, path, " ".join(part.words for part in parts), parts[0].language)


def librivox() -> list[Speech]:
    """What pocketsphinx tests with: five sentences read for LibriVox, five names of cards on a poor microphone."""
    folder = second_environment.SPEECH
    found = []
    for written in sorted(folder.glob("*transcription")):
        for words, name in re.findall(r"<s> (.*?) +</s> \((.*)\)", written.read_text(encoding="utf-8")):
            kind = written.name.split("-")[0]
            found.append(_speech(f"{kind} {name[-4:]}", folder / f"{kind}-{name}.wav", words, "en"))
    return found


def changed(name: str, parts: Iterable[Speech], change: Callable[[np.ndarray], np.ndarray],
            folder: Path) -> Iterator[Speech]:
    """The same words in another sound. Some of the recordings are too quiet to be changed as they are."""
    for part in parts:
        path = write_wav(folder / f"{name.replace(' ', '-')}-{part.path.stem}.wav", change(levelled(read(part.path))))
        yield _speech(f"{name} {part.name}", path, part.words, part.language)


def faster(sound: np.ndarray, times: float = 1.12) -> np.ndarray:
    """Played faster, and so higher too, as from a tape."""
    places = np.arange(0, len(sound) - 1, times)
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


def by_telephone(sound: np.ndarray) -> np.ndarray:
    """Only 300 to 3,400 Hz, in 256 steps of µ-law."""
    spectrum = np.fft.rfft(sound)
    pitch = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    line = np.clip(np.fft.irfft(spectrum, len(sound)), -1, 1)
    steps = np.round(np.sign(line) * np.log1p(255 * np.abs(line)) / np.log(256) * 127) / 127
    heard: np.ndarray = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return heard.astype(np.float32)


def in_noise(sound: np.ndarray, decibels: float = 10) -> np.ndarray:
    """With noise this much weaker than the speech; half of it hiss, half like a room."""
    seconds = len(sound) / RATE
    noise = hiss(seconds) / np.std(hiss(seconds)) + room(seconds) / np.std(room(seconds))
    loudness = np.sqrt(np.mean(sound[np.abs(sound) > 0.01] ** 2))
    return np.clip(sound + noise * loudness / 10 ** (decibels / 20) / np.std(noise), -1, 1).astype(np.float32)


def _speech(name: str, path: Path, words: str, language: str) -> Speech:
    return Speech(name, path, words, language, len(read(path)) / RATE)
