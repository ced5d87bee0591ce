"""How fast and how well recordings are transcribed, against openai-whisper.

`python -m tests.bench transcription` takes a recording of its own; `python -m tests.bench.transcription --file FILE`
takes another.

Both hear the same file with the same weights on the same processor, one after the other. openai-whisper's
`transcribe()` gets the defaults of its command line: 5 beams, best of 5, temperatures 0 to 1 in steps of 0.2, and
float32 on a processor without a graphics card. Decoding the file counts for both; loading the model counts for
neither. Earshot's time includes its word times, which openai-whisper's command line leaves out by default. Processor
seconds, of all cores together, tell more where the machine has other work to do.
"""

import argparse
import io
import sys
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jiwer

from server.config import Settings
from server.media.audio import decode_mono_16k
from server.transcription.loading import load_model
from server.transcription.packages import PACKAGED
from server.transcription.transcriber import Transcriber
from server.transcription.weights import make_weights
from tests import recordings
from tests.bench import table
from tests.bench.table import Row

RATE = 16_000
TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Heard:
    """Seconds on the clock and of processor time, and the word error rate in per cent where the words are known."""

    clock: float
    processor: float
    error: float | None


def main() -> int:
    chosen = _arguments()
    if not chosen.file.is_file():
        print(f"There is no recording to measure with: {chosen.file}. Give one with --file.", file=sys.stderr)
        return 1
    print(table.head(), flush=True)
    for row in _compared(chosen.file, _reference(chosen.file, chosen.reference)):
        print(table.line(row), flush=True)
    return 0


def rows() -> Iterator[Row]:
    """As a part of the one table, with the longest recording there is."""
    file = _usual().path
    yield from _compared(file, _reference(file, None))


def _compared(file: Path, words: str | None) -> Iterator[Row]:
    settings = Settings.from_environment()
    if settings.whisper_model in PACKAGED:
        make_weights(settings.whisper_model, settings.whisper_dir)
    length = _length(file)
    ours = _heard(_earshot(settings), file, words)
    theirs = _heard(_openai(settings), file, words)
    what = f"speech, {length:.0f} s, model {settings.whisper_model}"
    yield Row(f"{what}: times as fast as it was said", f"{length / ours.clock:.1f}",
              f"{length / theirs.clock:.1f} with openai-whisper's defaults", theirs.clock / ours.clock)
    yield Row(f"{what}: processor s", f"{ours.processor:.0f}", f"{theirs.processor:.0f} with openai-whisper's defaults",
              ours.processor / theirs.processor)
    if ours.error is not None and theirs.error is not None:
        yield Row(f"{what}: words wrong, %", f"{ours.error:.1f}", f"{theirs.error:.1f} with openai-whisper's defaults")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.transcription", description=__doc__)
    parser.add_argument("--file", type=Path, default=_usual().path)
    parser.add_argument("--reference", type=Path, help="its words; beside the file, ending in .txt, if left out")
    return parser.parse_args()


def _usual() -> recordings.Spoken:
    return recordings.shared("long-en.ogg") or recordings.shared("jfk.flac") or recordings.demo()


def _reference(file: Path, named: Path | None) -> str | None:
    """The words said in the file, where they are known."""
    if file == recordings.demo().path:
        return recordings.demo().words
    text = named or file.with_suffix(".txt")
    return text.read_text(encoding="utf-8") if text.is_file() else None


def _heard(way: Callable[[Path], str], file: Path, words: str | None) -> Heard:
    started, worked = time.perf_counter(), time.process_time()
    heard = way(file)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    return Heard(seconds, work, None if words is None else _word_error_rate(words, heard))


def _earshot(settings: Settings) -> Callable[[Path], str]:
    transcriber = Transcriber(settings.whisper_model, settings.whisper_dir)
    transcriber.transcribe(_silence())  # loads the model
    return lambda file: transcriber.transcribe(file).text


def _openai(settings: Settings) -> Callable[[Path], str]:
    model = load_model(settings.whisper_model, settings.whisper_dir)

    def transcribe(file: Path) -> str:
        with open(file, "rb") as source:
            samples = decode_mono_16k(source)
        heard = model.transcribe(samples, beam_size=5, best_of=5, temperature=TEMPERATURES, fp16=False)
        return str(heard["text"])

    return transcribe


def _silence() -> io.BytesIO:
    made = io.BytesIO()
    with wave.open(made, "wb") as writer:
        writer.setparams((1, 2, RATE, 0, "NONE", ""))
        writer.writeframes(bytes(2 * RATE))
    return made


def _length(file: Path) -> float:
    with open(file, "rb") as source:
        return len(decode_mono_16k(source)) / RATE


def _word_error_rate(expected: str, heard: str) -> float:
    """After openai-whisper's own normaliser for English: case, punctuation and the writing of numbers do not count."""
    from whisper.normalizers import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    return 100 * jiwer.wer(normal(expected), normal(heard))


if __name__ == "__main__":
    sys.exit(main())
