"""Has a child do one piece of heavy work, listens to it, and ends it when it is no longer wanted."""

import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, BinaryIO

from server.config import ROOT
from server.domain.errors import StorageFull
from server.isolation.limits import LIMITS, NO_ROOM, Decoding
from server.isolation.nursery import NURSERY
from server.isolation.walls import environment, needs_network

_MESSAGE_BYTES = 256 * 1024 * 1024
_LOOK_SECONDS = 0.25
Answer = dict[str, Any]


class ChildFailed(Exception):
    """The child gave up or fell over. `code` is stable; `message` is for people, `where` for operators."""

    def __init__(self, code: str, where: str = "", message: str = "") -> None:
        super().__init__(code)
        self.code, self.where, self.message = code, where, message


class Stopping(Exception):
    """The worker was asked to stop."""


class NoNursery(ChildFailed):
    """There is no process to fork children from; that is nothing against the file."""

    def __init__(self) -> None:
        super().__init__("crashed", "there was no process to fork a child from")


@dataclass(frozen=True)
class Watch:
    """What goes on while a child works. `beat` is called every `beat_seconds` with the share that is done, `keep` with
    each part that it has finished. Whatever they raise ends the child."""

    beat: Callable[[float], None] = lambda _share: None
    beat_seconds: float = 5.0
    keep: Callable[[Answer], None] = lambda _part: None
    stopping: Event = field(default_factory=Event)


def do_in_child(decoding: Decoding, details: dict[str, Any], source: BinaryIO, sink: BinaryIO | None,
                watch: Watch) -> Answer:
    """What the child answers; what it made is in `sink`. Raises ChildFailed, Stopping, NoNursery."""
    with file_of(source) as real:
        files = [real.fileno()] if sink is None else [real.fileno(), sink.fileno()]
        if decoding is Decoding.TRANSCRIBE:
            with _own_process(decoding, details, files) as news:
                return _listen(news, LIMITS[decoding].quiet, watch)
        try:
            return _in_nursery(decoding, details, files, watch)
        except NoNursery:
            NURSERY.replace()
            if sink is not None:
                sink.seek(0)  # a child moves the place of its parent too
                sink.truncate()
            return _in_nursery(decoding, details, files, watch)


@contextmanager
def nameless_file(folder: Path) -> Iterator[BinaryIO]:
    """A file with no name, which the system takes back however the process ends. Raises StorageFull where there is no
    room for what is written to it."""
    with _refusing_where_full(), TemporaryFile(dir=folder) as made:
        yield made


@contextmanager
def file_of(source: BinaryIO) -> Iterator[BinaryIO]:
    """The source itself where it is a real file that a child can be given, else a nameless copy. Raises StorageFull."""
    try:
        source.fileno()
    except (io.UnsupportedOperation, AttributeError):
        with _refusing_where_full(), TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            yield copy
    else:
        yield source


@contextmanager
def _refusing_where_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM | {errno.EFBIG}:
            raise StorageFull from error
        raise


def _in_nursery(decoding: Decoding, details: dict[str, Any], files: list[int], watch: Watch) -> Answer:
    try:
        with NURSERY.child(decoding, details, files) as news:
            return _listen(news, LIMITS[decoding].quiet, watch)
    except (EOFError, OSError) as error:
        raise NoNursery from error


@contextmanager
def _own_process(decoding: Decoding, details: dict[str, Any], files: list[int]) -> Iterator[Connection]:
    """A running child's news. It is dead when the block is left. Raises ChildFailed when the news stops."""
    reads, writes = os.pipe()
    task = {"decoding": decoding, "details": details, "limits": asdict(LIMITS[decoding]),
            "source": files[0], "news": writes}
    process = subprocess.Popen(
        [sys.executable, "-m", "server.isolation.child"],
        cwd=ROOT, env=environment(fetches=needs_network(details)), pass_fds=(files[0], writes),
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        with Connection(reads, writable=False) as news:
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # a child that fell at once is found when its news stops
                process.stdin.write(json.dumps(task).encode() + b"\n")
                process.stdin.flush()
            yield news
    except EOFError as error:
        raise _ended({"signal": -min(process.wait(), 0)}) from error
    finally:
        process.kill()
        process.communicate()


def _listen(news: Connection, quiet: float, watch: Watch) -> Answer:
    """Raises EOFError when the news stops."""
    progress = 0.0
    heard_at = beaten_at = time.monotonic()
    while True:
        if news.poll(min(_LOOK_SECONDS, watch.beat_seconds)):
            message = _receive(news)
            heard_at = time.monotonic()
            if "result" in message:
                return dict(message["result"])
            progress = float(message.get("progress", progress))
            if "part" in message:
                watch.keep(message["part"])
        now = time.monotonic()
        if watch.stopping.is_set():
            raise Stopping
        if now - heard_at > quiet:
            raise ChildFailed("no_news")
        if now - beaten_at >= watch.beat_seconds:
            watch.beat(progress)
            beaten_at = now


def _receive(news: Connection) -> Answer:
    """The next message. Raises EOFError, and ChildFailed for one that says so."""
    try:
        message = dict(json.loads(news.recv_bytes(_MESSAGE_BYTES)))
    except ConnectionResetError as error:
        raise EOFError from error
    except (OSError, ValueError) as error:
        raise ChildFailed("crashed") from error
    if "error" in message:
        raise ChildFailed(message["error"], message["where"], message["message"])
    if "ended" in message:
        raise _ended(message["ended"])
    return message


def _ended(how: Answer) -> ChildFailed:
    """The child ended before it had said all."""
    if how["signal"] == signal.SIGXCPU:
        return ChildFailed("out_of_time", "it used all its processor time")
    if how["signal"] == signal.SIGKILL:
        return ChildFailed("killed", "the system ended it, which happens when memory is short")
    return ChildFailed("crashed", f"signal {how['signal']}" if how["signal"] else "it ended early")
