"""Starts a child for one piece of heavy work, listens to it, and ends it when it is no longer wanted."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, BinaryIO

from server.config import ROOT
from server.domain.work import Kind
from server.jobs.limits import ENVIRONMENT, LIMITS

_MESSAGE_BYTES = 256 * 1024 * 1024
_LOOK_SECONDS = 0.25


class ChildFailed(Exception):
    """The child gave up or fell over. `code` is stable; `where` is a traceback without its message."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code, self.where = code, where


class Stopping(Exception):
    """The worker was asked to stop."""


def do_in_child(kind: Kind, details: dict[str, Any], source: BinaryIO, sink: BinaryIO, *,
                beat: Callable[[float], None], beat_seconds: float, stopping: Event) -> dict[str, Any]:
    """What the child answers; what it made is in `sink`. Raises ChildFailed, Stopping.

    `beat` is called every `beat_seconds` with the share that is done. Whatever it raises ends the child.
    """
    with file_of(source) as real, _child(kind, details, real.fileno(), sink.fileno()) as news:
        return _listen(news, LIMITS[kind].quiet, beat, beat_seconds, stopping)


@contextmanager
def nameless_file(folder: Path) -> Iterator[BinaryIO]:
    """A file with no name, which the system takes back however the process ends."""
    with TemporaryFile(dir=folder) as made:
        yield made


@contextmanager
def file_of(source: BinaryIO) -> Iterator[BinaryIO]:
    """The source itself where it is a real file that a child can be given, else a nameless copy."""
    try:
        source.fileno()
    except (io.UnsupportedOperation, AttributeError):
        with TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            yield copy
    else:
        yield source


@contextmanager
def _child(kind: Kind, details: dict[str, Any], source: int, sink: int) -> Iterator[Connection]:
    """A running child's news. It is dead when the block is left."""
    reads, writes = os.pipe()
    task = {"kind": kind, "details": details, "source": source, "sink": sink, "news": writes}
    process = subprocess.Popen(
        [sys.executable, "-m", "server.jobs.child", json.dumps(task)],
        cwd=ROOT, env=_environment(), pass_fds=(source, sink, writes),
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        with Connection(reads, writable=False) as news:
            yield news
    finally:
        process.kill()
        process.communicate()


def _environment() -> dict[str, str]:
    """A child has no use for the way to the database."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ENVIRONMENT


def _listen(news: Connection, quiet: float, beat: Callable[[float], None], beat_seconds: float,
            stopping: Event) -> dict[str, Any]:
    progress = 0.0
    heard_at = beaten_at = time.monotonic()
    while True:
        if news.poll(min(_LOOK_SECONDS, beat_seconds)):
            message = _receive(news)
            heard_at = time.monotonic()
            if "result" in message:
                return dict(message["result"])
            if "error" in message:
                raise ChildFailed(message["error"], message["where"])
            progress = float(message["progress"])
        now = time.monotonic()
        if stopping.is_set():
            raise Stopping
        if now - heard_at > quiet:
            raise ChildFailed("no_news")
        if now - beaten_at >= beat_seconds:
            beat(progress)
            beaten_at = now


def _receive(news: Connection) -> dict[str, Any]:
    try:
        return dict(json.loads(news.recv_bytes(_MESSAGE_BYTES)))
    except (EOFError, OSError) as error:
        raise ChildFailed("crashed") from error
