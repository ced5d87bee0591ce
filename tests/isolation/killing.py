"""A machine so short of memory that it ends every child that looks at a file."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event, Thread

from tests.media.sounds import silence


@cache
def long_sound(hours: int = 11) -> bytes:
    """A small file that takes seconds to look at, so that it is never done before it is ended."""
    return silence(hours).getvalue()


@contextmanager
def children_killed() -> Iterator[None]:
    """With SIGKILL, until the block is left."""
    done = Event()

    def kill() -> None:
        while not done.is_set():
            for nursery in filter(_is_nursery, _children_of(os.getpid())):
                for child in _children_of(nursery):
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)

    killing = Thread(target=kill)
    killing.start()
    try:
        yield
    finally:
        done.set()
        killing.join()


def _children_of(process: int) -> list[int]:
    """As the system lists them, which takes no time."""
    found: list[int] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, children.read_text().split())
    return found


def _is_nursery(process: int) -> bool:
    with suppress(OSError):
        return b"server.isolation.forking" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False
