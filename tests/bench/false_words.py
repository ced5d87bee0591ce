"""Words heard where nobody says one: silence, a room, hum, hiss, knocks, music, a tune, a child that cries or wails.

`python -m tests.bench non-speech`, or `python -m tests.bench.false_words --seed 7 --seconds 60 --ways Earshot` for
other sounds of the same kinds. Hardest are a murmur, which is eight real voices at once and backwards, and real
sentences with a child crying in the 15 seconds between them, where words that were put in count as false.

openai-whisper may try for many minutes to hear words in hiss: it is stopped after some, and then there is no figure.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests import non_speech
from tests.bench import material, table, ways, word_errors
from tests.bench.material import Speech
from tests.bench.sound_files import levelled, read, write_wav
from tests.bench.table import Row
from tests.bench.ways import EARSHOT, OPENAI, Way

SECONDS = 30.0
LIMIT_SECONDS = 30.0
SENTENCES = ("fleurs-en-002*", "fleurs-en-003*", "fleurs-en-004*")
LEVELS: dict[Callable[..., np.ndarray], tuple[float, ...]] = {
    non_speech.room: (-55, -40), non_speech.hiss: (-35, -20), non_speech.hum: (-40, -20), non_speech.knocks: (-25,),
    non_speech.music: (-35, -15), non_speech.tune: (-20,), non_speech.crying: (-40, -25, -12),
    non_speech.wailing: (-30, -15),
}
# It may take minutes for each.
HEARD_BY_OPENAI = frozenset({"silence", "room at -40 dB", "hum at -20 dB", "music at -15 dB", "crying at -12 dB",
                             "crying between sentences"})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.false_words", description=__doc__)
    parser.add_argument("--seed", type=int, default=non_speech.SEED)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--ways", nargs="+", choices=ways.ALL, default=[EARSHOT, OPENAI])
    asked = parser.parse_args()
    print(table.head(), flush=True)
    for row in rows(asked.seed, asked.seconds, asked.ways):
        print(table.line(row), flush=True)
    return 0


def rows(seed: int = non_speech.SEED, seconds: float = SECONDS, names: Sequence[str] = (EARSHOT, OPENAI)
         ) -> Iterator[Row]:
    with TemporaryDirectory() as folder, ways.ready(names) as ready:
        for name, path, quiet in _sounds(Path(folder), seconds, seed):
            minutes = len(read(path)) / non_speech.RATE / 60
            false = {way.name: _false_words(way, path, quiet, minutes) for way in ready
                     if way.name != OPENAI or name in HEARD_BY_OPENAI}
            others = ", ".join(f"{figure} {way}" for way, figure in false.items() if way != EARSHOT)
            yield Row(f"{name}: false words a minute", false[EARSHOT], others)


def _sounds(folder: Path, seconds: float, seed: int) -> Iterator[tuple[str, Path, Path | None]]:
    """A name, a file, and where somebody does speak in it, the same with silence for the sound."""
    yield "silence", write_wav(folder / "silence.wav", non_speech.silence(seconds)), None
    for make, levels in LEVELS.items():
        for level in levels:
            sound = make(seconds, level=level, seed=seed) + non_speech.room(seconds, level=-60, seed=seed)
            name = f"{make.__name__} at {level:.0f} dB"
            yield name, write_wav(folder / f"{name.replace(' ', '-')}.wav", sound), None
    voices = material.given("fleurs-*")
    yield "murmur at -30 dB", write_wav(folder / "murmur.wav", _murmur(voices, seconds, seed)), None
    sentences = [one for pattern in SENTENCES for one in material.given(pattern)]
    cries = [non_speech.crying(15, level=-20, seed=seed + place) for place in range(len(sentences))]
    crying = [part for one, cry in zip(sentences, cries, strict=True) for part in (levelled(read(one.path)), cry)]
    quiet = [part * (place % 2 == 0) for place, part in enumerate(crying)]
    yield ("crying between sentences", write_wav(folder / "crying-between.wav", np.concatenate(crying)),
           write_wav(folder / "quiet-between.wav", np.concatenate(quiet)))


def _murmur(voices: Sequence[Speech], seconds: float, seed: int, level: float = -30) -> np.ndarray:
    """Eight people somewhere behind, of whom no word can be made out: recorded voices, backwards."""
    random, length = np.random.default_rng(seed), round(seconds * non_speech.RATE)
    murmur = np.zeros(length)
    for place in random.choice(len(voices), size=min(8, len(voices)), replace=False):
        voice = read(voices[place].path)[::-1]
        murmur += np.resize(np.roll(voice / np.std(voice), random.integers(len(voice))), length)
    return (murmur / np.std(murmur) * 10 ** (level / 20)).astype(np.float32)


def _false_words(way: Way, path: Path, quiet: Path | None, minutes: float) -> str:
    """Words of a minute beyond those that are heard where all is quiet, so that a misheard sentence does not count."""
    limit = None if way.name == EARSHOT else LIMIT_SECONDS
    try:
        heard = way.hear(path, limit=limit).text
        spoken = way.hear(quiet, limit=limit).text if quiet else ""
    except TimeoutError:
        return f"not done in {LIMIT_SECONDS:.0f} s:"
    if heard.strip() and not spoken:
        ways.show(f"{path.name}: {way.name} heard {heard.strip()[:200]!r}")
    return f"{word_errors.added(spoken, heard) / minutes:.0f}"


if __name__ == "__main__":
    sys.exit(main())
