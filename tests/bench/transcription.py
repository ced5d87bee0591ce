"""How fast and how well recordings are transcribed, against openai-whisper and faster-whisper.

`python -m tests.bench transcription`, or `python -m tests.bench.transcription --quick` for two minutes and four
sentences, `--file FILE` for another recording (its words beside it, ending in .txt).

All ways hear the same files with the same weights on the same processors, in turns. Decoding the file counts, loading
the model does not. openai-whisper gets its command line's defaults and faster-whisper's batched pipeline int8 weights
and eight windows at once. Earshot's time includes its word times, which cost the others extra. Processor seconds, of
all cores together, tell more where the machine has other work to do.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import material, table, ways, word_errors
from tests.bench.material import Speech
from tests.bench.table import Row
from tests.bench.ways import BEAMS, EARSHOT, GREEDY, OPENAI, Took

ROUNDS = 2
QUICK = ("fleurs-en-002*", "fleurs-es-000*", "fleurs-fr-000*", "fleurs-de-001*")
Results = dict[str, list[list[Took]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.transcription", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two minutes of English and four sentences")
    parser.add_argument("--file", type=Path, nargs="+", help="other recordings")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--ways", nargs="+", choices=ways.ALL, default=ways.ALL)
    asked = parser.parse_args()
    print(table.head(), flush=True)
    with TemporaryDirectory() as folder, ways.ready(asked.ways) as ready:
        for name, speech in _groups(asked, Path(folder)):
            for row in compared(name, speech, ready, asked.rounds):
                print(table.line(row), flush=True)
    return 0


def rows() -> Iterator[Row]:
    """As a part of the one table: the long recording, then the short ones of each language."""
    with ways.ready(ways.ALL) as ready:
        for name, speech in _usual():
            some = [way for way in ready if name == "long" or way.name in ways.UNTIMED]
            yield from compared(name, speech, some, ROUNDS)


def compared(name: str, speech: Sequence[Speech], ready: Sequence[ways.Way], rounds: int) -> Iterator[Row]:
    """openai-whisper hears each file once, as it takes ten times as long; the others in every round."""
    for way in ready:
        way.hear(material.given("jfk.flac")[0].path)  # the first file that a process hears takes longer
    results: Results = {way.name: [] for way in ready}
    for one in speech:
        for way, took in ways.in_turns(ready, one.path, rounds, once=(OPENAI,)).items():
            results[way].append(took)
    length = sum(one.seconds for one in speech)
    what = f"{name}, {length:.0f} s"
    yield from _speed(what, length, results)
    yield from _wrong(name, speech, results)


def _speed(what: str, length: float, results: Results) -> Iterator[Row]:
    clock = {way: sum(map(ways.clock, took)) for way, took in results.items()}
    processor = {way: sum(map(ways.processor, took)) for way, took in results.items()}
    for way in results:
        if way != EARSHOT:
            yield Row(f"{what}: times as fast as said", f"{length / clock[EARSHOT]:.1f}",
                      f"{length / clock[way]:.1f} {way}", clock[way] / clock[EARSHOT])
            yield Row(f"{what}: processor s", f"{processor[EARSHOT]:.0f}", f"{processor[way]:.0f} {way}",
                      processor[EARSHOT] / processor[way])


def _wrong(name: str, speech: Sequence[Speech], results: Results) -> Iterator[Row]:
    """Word times change no words, so the ways that add them are left out."""
    for language in dict.fromkeys(one.language for one in speech):
        wrong = {way: word_errors.together(word_errors.errors(one.words, took[0].text, language)
                                           for one, took in zip(speech, took_each, strict=True)
                                           if one.language == language)
                 for way, took_each in results.items()}
        said = wrong[EARSHOT].said
        for way in (OPENAI, BEAMS, GREEDY):
            if way in wrong:
                yield Row(f"{name}: {language}, words wrong of {said}, %", f"{wrong[EARSHOT].per_cent:.1f}",
                          f"{wrong[way].per_cent:.1f} {way}")


def _groups(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[str, list[Speech]]]:
    if asked.file:
        yield "files", [one for file in asked.file for one in material.beside(file)]
    elif asked.quick:
        yield "two minutes", material.opening(folder)
        yield "sentences", [one for pattern in QUICK for one in material.given(pattern)]
    else:
        yield from _usual()


def _usual() -> Iterator[tuple[str, list[Speech]]]:
    yield "long", material.given("long-en.ogg")
    yield "short", [one for pattern in ("jfk.flac", "sonnet-1-en.mp3", "fleurs-*") for one in material.given(pattern)]


if __name__ == "__main__":
    sys.exit(main())
