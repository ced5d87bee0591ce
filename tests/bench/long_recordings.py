"""How much memory a recording takes by its length, in the process that a worker keeps, and how long: 10 min, 1 h, 3 h.

`python -m tests.bench speech-memory`, or `python -m tests.bench.long_recordings --minutes 10 60`. The recording is what
there is of English in several voices, joined again and again with pauses. The process is the one that a worker asks.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from server.config import Settings
from server.domain import hearing
from server.isolation.limits import Decoding
from server.isolation.speech import SPEECH
from server.isolation.supervision import Watch, do_in_child
from server.media.pcm import to_pcm
from server.transcription.segments import transcription_of
from tests.bench import material, table, ways, word_errors
from tests.bench.answering import memory
from tests.bench.sound_files import RATE, levelled, read
from tests.bench.table import Row
from tests.non_speech import room

MINUTES = (10, 60, 180)
FILES = ("jfk.flac", "long-en.ogg", "fleurs-en-*", "sonnet-1-en.mp3")
_MB = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.long_recordings", description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=MINUTES)
    print(table.head(), flush=True)
    for row in rows(parser.parse_args().minutes):
        print(table.line(row), flush=True)
    return 0


def rows(lengths: Sequence[float] = MINUTES) -> Iterator[Row]:
    first: tuple[float, float] | None = None
    with TemporaryFile() as short:
        _write(short, 0.2)
        _heard(short)  # the model is loaded, and what it needs for any recording is there
    for minutes in lengths:
        with TemporaryFile() as sound:
            said = _write(sound, minutes)
            process = _process()
            before = memory("VmRSS", process)
            Path(f"/proc/{process}/clear_refs").write_text("5")
            started = time.perf_counter()
            heard = _heard(sound)
            took, peak = time.perf_counter() - started, memory("VmHWM", process) - before
        wrong = word_errors.errors(said, heard, "en")
        first = first or (peak, took / minutes)
        yield Row(f"speech of {minutes:g} min: MB above the loaded model", f"{peak / _MB:.0f}",
                  f"{first[0] / _MB:.0f} of {lengths[0]:g} min", peak / first[0])
        yield Row(f"speech of {minutes:g} min: seconds a minute", f"{took / minutes:.1f}",
                  f"{first[1]:.1f} of {lengths[0]:g} min", took / minutes / first[1])
        yield Row(f"speech of {minutes:g} min: words wrong, %", f"{wrong.per_cent:.1f}", f"of {wrong.said:,}")
    SPEECH.close()


def _write(target: BinaryIO, minutes: float) -> str:
    """Bare sound, and what is said in it. Ends with the last part that fits; the rest is a quiet room."""
    parts = [(part, to_pcm(levelled(read(part.path)))) for pattern in FILES for part in material.given(pattern)]
    pause, left, said, place = to_pcm(room(2.5, level=-60)), round(minutes * 60 * RATE) * 2, list[str](), 0
    while left:
        part, sound = parts[place % len(parts)]
        fits = len(sound) <= left
        if fits:
            said.append(part.words)
        for piece in (sound, pause) if fits else (pause,):
            target.write(piece[:left])
            left -= len(piece[:left])
        place += 1
    target.flush()
    return " ".join(said)


def _heard(sound: BinaryIO) -> str:
    settings, windows = Settings.from_environment(), list[hearing.HeardWindow]()

    def keep(part: dict[str, Any]) -> None:
        windows.extend(hearing.from_json(part).windows)
        ways.show(f"{windows[-1].end_ms / 60_000:.0f} minutes are heard")

    sound.seek(0)
    details = {"model": settings.whisper_model, "weights_dir": str(settings.whisper_dir), "done": None,
               "hints": hearing.hints_to_json(hearing.Hints())}
    outline = do_in_child(Decoding.TRANSCRIBE, details, sound, None, Watch(keep=keep))
    return transcription_of(hearing.Outline(**outline), windows).text


def _process() -> int:
    """The process with the speech model, which is a child of this one."""
    for status in Path("/proc").glob("[0-9]*/status"):
        fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        command = (status.parent / "cmdline").read_bytes()
        if int(fields["PPid"]) == os.getpid() and b"server.isolation.child" in command:
            return int(status.parent.name)
    raise RuntimeError("there is no process with the speech model")


if __name__ == "__main__":
    sys.exit(main())
