"""Sending files with tuspy, to Earshot and to tus's own server (`@tus/server` with its file store), in turns.

Both run on this machine at the same time and are sent the same bytes in the same pieces, one file after the other, in
several rounds: ours, theirs, ours, theirs. Processor time is user and system time of all of a server's processes. Ours
counts everything until the file is in the store: web and worker, checking its hash and content, copying it and reading
the copy back. Theirs writes the file and does none of that.
"""

import hashlib
import io
import os
import signal
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Protocol

from sqlalchemy import func, select
from tusclient.client import TusClient

from server.config import ROOT
from server.db import db
from server.domain.ids import new_id
from server.models.story import Recording
from tests.api.phone import TOLD_AT, Phone
from tests.bench.cpu_seconds import seconds_used
from tests.bench.table import Row, median
from tests.bench.world import World, installed
from tests.e2e.installation import BIN, Installation

MIB = 1024 * 1024
PIECE_BYTES = 8 * MIB
ROUNDS = 5
# So many files of so many bytes in each round.
LOADS = ((16, MIB), (4, 16 * MIB), (1, 128 * MIB))
PATIENCE_SECONDS = 120


class Server(Protocol):
    """What can be sent files."""

    def send(self, content: bytes) -> None: ...

    def settle(self) -> None:
        """Wait until everything that was sent has been dealt with."""

    def used(self) -> float:
        """Seconds of processor time so far."""


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock until the last answer, and seconds of processor time until all was dealt with."""

    clock: float
    processor: float


def rows() -> Iterator[Row]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _earshot(Path(folder) / "earshot") as ours, \
            _beside(Path(folder) / "beside") as theirs:
        for count, size in LOADS:
            yield from _load(ours, theirs, count, size)


def _load(ours: Server, theirs: Server, count: int, size: int) -> Iterator[Row]:
    """The rows for one load. What comes first in a round takes turns."""
    spent: dict[Server, list[Spent]] = {ours: [], theirs: []}
    for number in range(ROUNDS + 1):
        for server in (ours, theirs) if number % 2 else (theirs, ours):
            found = _round(server, [_sound(Random(f"{number} {file}"), size) for file in range(count)])
            if number:  # the round before the first warms up
                spent[server].append(found)
    mebibytes = count * size / MIB
    pairs = list(zip(spent[ours], spent[theirs], strict=True))
    yield Row(f"upload, {count} × {size // MIB} MiB: MiB a second",
              f"{mebibytes / median(mine.clock for mine, _ in pairs):.0f}",
              f"{mebibytes / median(other.clock for _, other in pairs):.0f} with @tus/server",
              median(other.clock / mine.clock for mine, other in pairs))
    yield Row(f"upload, {count} × {size // MIB} MiB: processor ms a MiB",
              f"{1000 * median(mine.processor for mine, _ in pairs) / mebibytes:.1f}",
              f"{1000 * median(other.processor for _, other in pairs) / mebibytes:.1f} with @tus/server",
              median(mine.processor / max(other.processor, 0.01) for mine, other in pairs))


def _round(server: Server, files: list[bytes]) -> Spent:
    used, started = server.used(), time.perf_counter()
    for content in files:
        server.send(content)
    clock = time.perf_counter() - started
    server.settle()
    return Spent(clock, server.used() - used)


class _Earshot:
    """Web and worker as the Procfile starts them; the worker stores files and does nothing else."""

    def __init__(self, world: World, installation: Installation) -> None:
        phone = Phone(world.browser(world.researcher_id), world.project_id, world.wording_id)
        self._story_id = phone.send_story()
        self._installation = installation
        self._client = TusClient(f"{installation.address}/api/v1/uploads", headers=world.headers)

    def send(self, content: bytes) -> None:
        metadata = {"id": new_id(), "kind": "recording", "story_id": self._story_id, "started_at": TOLD_AT,
                    "sha256": hashlib.sha256(content).hexdigest()}
        _send(self._client, content, metadata)

    def settle(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while self._unstored():
            if time.monotonic() > until:
                raise TimeoutError("the worker stored nothing")
            time.sleep(0.1)

    def used(self) -> float:
        return sum(seconds_used(self._installation.pid(name)) for name in ("web", "worker"))

    def _unstored(self) -> int:
        left = db.session.scalar(select(func.count()).select_from(Recording).where(Recording.stored_at.is_(None)))
        db.session.rollback()
        return left or 0


class _Beside:
    """tus's own server."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self._client = TusClient(f"http://127.0.0.1:{int(process.stdout.readline())}/files")

    def send(self, content: bytes) -> None:
        _send(self._client, content, {"filename": "sound.wav"})

    def settle(self) -> None:
        """It has nothing more to do."""

    def used(self) -> float:
        return seconds_used(self._process.pid)


@contextmanager
def _earshot(folder: Path) -> Iterator[_Earshot]:
    with installed(folder) as world:
        installation = Installation(folder, WORK_LINES="store", SWEEP_SECONDS="10")
        try:
            installation.start_web()
            installation.start_worker()
            yield _Earshot(world, installation)
        finally:
            installation.stop_all()


@contextmanager
def _beside(folder: Path) -> Iterator[_Beside]:
    folder.mkdir()
    process = subprocess.Popen([BIN / "node" if (BIN / "node").exists() else "node", "tests/bench/tus_server.mjs",
                                str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield _Beside(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # `node` may be a program that starts the real one
        process.communicate()


def _send(client: TusClient, content: bytes, metadata: dict[str, str]) -> None:
    client.uploader(file_stream=io.BytesIO(content), metadata=metadata, chunk_size=PIECE_BYTES).upload()


def _sound(chance: Random, size: int) -> bytes:
    """A WAV file of noise, so long that it has about this many bytes."""
    sink = io.BytesIO()
    with wave.open(sink, "wb") as writer:
        writer.setparams((1, 2, 48_000, 0, "NONE", ""))
        writer.writeframes(chance.randbytes(size - 44))
    return sink.getvalue()
