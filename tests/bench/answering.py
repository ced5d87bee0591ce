"""One side of a measurement: a process that loads a speech model, says so, and then hears one file after another.

Questions and answers are lines of JSON. This file needs the standard library alone, since one of the processes runs in
a virtual environment of its own.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Hear = Callable[..., dict[str, Any]]


def answer(load: Callable[[], Hear]) -> None:
    """`load` gives a function that takes a file and what else is asked, and returns at least its `text`."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer

    def say(value: dict[str, Any]) -> None:
        print(json.dumps(value), file=out, flush=True)

    started = time.perf_counter()
    hear = load()
    say({"loading": time.perf_counter() - started, "memory": memory("VmRSS")})
    for line in sys.stdin:
        asked = json.loads(line)
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        started, worked = time.perf_counter(), time.process_time()
        heard = hear(**asked)
        clock, processor = time.perf_counter() - started, time.process_time() - worked
        say({**heard, "clock": clock, "processor": processor, "peak": memory("VmHWM")})


def memory(field: str, process: int | str = "self") -> int:
    """Bytes: VmRSS is what a process has in memory now, VmHWM the most it had."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise KeyError(field)
