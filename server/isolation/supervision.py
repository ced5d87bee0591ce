"""Has a child do one piece of heavy work, listens to it, and ends it when it is no longer wanted."""

import errno
import io
import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, BinaryIO

from server.domain.errors import StorageFull
from server.isolation.limits import LIMITS, NO_ROOM, SPEECH_DECODINGS, Decoding
from server.isolation.nursery import NURSERY
from server.isolation.speech import SPEECH, Fell

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

    @property
    def look_seconds(self) -> float:
        return min(_LOOK_SECONDS, self.beat_seconds)


def do_in_child(decoding: Decoding, details: dict[str, Any], source: BinaryIO, sink: BinaryIO | None,
                watch: Watch) -> Answer:
    """What the child answers; what it made is in `sink`. Raises ChildFailed, Stopping, NoNursery."""
    with file_of(source) as real:
        files = [real.fileno()] if sink is None else [real.fileno(), sink.fileno()]
        if decoding in SPEECH_DECODINGS:
            return _in_speech(decoding, details, files, watch)
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


def _in_speech(decoding: Decoding, details: dict[str, Any], files: list[int], watch: Watch) -> Answer:
    waiting = _Beating(watch)
    try:
        with SPEECH.task(decoding, details, files, lambda: waiting.look(0.0), watch.look_seconds) as news:
            return _listen(news, LIMITS[decoding].quiet, watch)
    except Fell as fell:
        raise _ended({"signal": fell.signal}) from fell


class _Beating:
    """Beats when it is time, and says when the worker should stop."""

    def __init__(self, watch: Watch) -> None:
        self._watch, self._beaten_at = watch, time.monotonic()

    def look(self, progress: float) -> None:
        if self._watch.stopping.is_set():
            raise Stopping
        now = time.monotonic()
        if now - self._beaten_at >= self._watch.beat_seconds:
            self._watch.beat(progress)
            self._beaten_at = now


def _listen(news: Connection, quiet: float, watch: Watch) -> Answer:
    """Raises EOFError when the news stops."""
    progress, beating, heard_at = 0.0, _Beating(watch), time.monotonic()
    while True:
        if news.poll(watch.look_seconds):
            message = _receive(news)
            heard_at = time.monotonic()
            if "result" in message:
                return dict(message["result"])
            progress = float(message.get("progress", progress))
            if "part" in message:
                watch.keep(message["part"])
        if time.monotonic() - heard_at > quiet:
            raise ChildFailed("no_news")
        beating.look(progress)


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
