"""Ways to transcribe, each in a process of its own with the model loaded, asked in turns."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Any

from server.config import Settings
from server.transcription.packages import PACKAGED
from server.transcription.weights import make_weights
from tests.bench import second_environment
from tests.bench.table import median
from tests.recordings import ROOT

EARSHOT = "Earshot"
OPENAI = "openai-whisper's defaults"
BEAMS = "faster-whisper, 5 beams"
GREEDY = "faster-whisper, 1 beam"
BEAMS_TIMED = "faster-whisper, 5 beams, word times"
GREEDY_TIMED = "faster-whisper, 1 beam, word times"
_FASTER_WHISPER = {
    BEAMS: {"beam_size": 5}, GREEDY: {"beam_size": 1},
    BEAMS_TIMED: {"beam_size": 5, "word_timestamps": True}, GREEDY_TIMED: {"beam_size": 1, "word_timestamps": True},
}
UNTIMED = (EARSHOT, OPENAI, BEAMS, GREEDY)
ALL = (*UNTIMED, BEAMS_TIMED, GREEDY_TIMED)


@dataclass(frozen=True)
class Took:
    """Seconds on the clock and of all processors; bytes at the most, and what was heard."""

    clock: float
    processor: float
    peak: int
    heard: Mapping[str, Any]

    @property
    def text(self) -> str:
        return str(self.heard["text"])


class Process:
    """A process that hears files. `loading` is the seconds its model took, `memory` its bytes with the model in it."""

    def __init__(self, *command: str | Path) -> None:
        self._command = command
        self._start()

    def hear(self, file: Path, limit: float | None = None, **asked: Any) -> Took:
        """Raises TimeoutError where it takes longer than `limit` seconds; the next file meets a new process."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"file": str(file), **asked}), file=self._process.stdin, flush=True)
        if not select([self._process.stdout], [], [], limit)[0]:
            self._process.kill()
            self.end()
            self._start()
            raise TimeoutError
        heard = self._answer()
        return Took(heard.pop("clock"), heard.pop("processor"), heard.pop("peak"), heard)

    def end(self) -> None:
        self._process.communicate()

    def _start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        ready = self._answer()
        self.loading, self.memory = float(ready["loading"]), int(ready["memory"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise RuntimeError(f"{self._command} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass
class Way:
    name: str
    process: Process
    asked: Mapping[str, Any] = field(default_factory=dict)

    def hear(self, file: Path, limit: float | None = None, **asked: Any) -> Took:
        return self.process.hear(file, limit, **self.asked, **asked)


@contextmanager
def ready(names: Sequence[str]) -> Iterator[list[Way]]:
    """These ways with their models loaded, from the same weights."""
    settings = Settings.from_environment()
    if settings.whisper_model in PACKAGED:
        make_weights(settings.whisper_model, settings.whisper_dir, lambda line: None)
    with ExitStack() as stack:
        processes: dict[str, Process] = {}

        def process(kind: str) -> Process:
            if kind not in processes:
                processes[kind] = _started(kind)
                stack.callback(processes[kind].end)
            return processes[kind]

        kinds = {EARSHOT: "earshot", OPENAI: "openai"}
        yield [Way(name, process(kinds.get(name, "faster-whisper")), _FASTER_WHISPER.get(name, {})) for name in names]


def _started(kind: str) -> Process:
    if kind == "faster-whisper":
        second_environment.ready()
        return Process(second_environment.PYTHON, "-m", "tests.bench.answering_faster_whisper",
                       second_environment.MODEL)
    return Process(sys.executable, "-m", "tests.bench.answering_whisper", kind)


def in_turns(ways: Sequence[Way], file: Path, rounds: int, once: Sequence[str] = ()) -> dict[str, list[Took]]:
    """Every way hears the file in each round, beginning with another one each time; those of `once` in the first."""
    took: dict[str, list[Took]] = {way.name: [] for way in ways}
    for turn in range(rounds):
        for way in [*ways[turn % len(ways) :], *ways[: turn % len(ways)]]:
            if turn == 0 or way.name not in once:
                took[way.name].append(way.hear(file))
                show(f"{file.name}, round {turn + 1}: {way.name} {took[way.name][-1].clock:.1f} s")
    return took


def clock(took: Sequence[Took]) -> float:
    return median(one.clock for one in took)


def processor(took: Sequence[Took]) -> float:
    return median(one.processor for one in took)


def show(line: str) -> None:
    """How far it is, on the error output: the table itself goes to the other."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)
