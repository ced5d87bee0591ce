"""One process keeps the speech model and does one task after another, each killed at once when it is not wanted."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, BinaryIO

import numpy as np
import pytest

from server.config import ROOT, Settings
from server.domain.work import FenceLost
from server.isolation import speech, supervision
from server.isolation.limits import GIB, Decoding
from server.isolation.speech import SPEECH, Speech
from server.isolation.supervision import ChildFailed, Stopping, Watch, do_in_child
from server.media.pcm import to_pcm
from tests.isolation.conftest import HINTS, file_with, wait_until
from tests.jobs.conftest import children_of, is_running
from tests.media.sounds import notes

NOWHERE = {"model": "base", "weights_dir": "/nowhere", "done": None, "hints": HINTS}


@pytest.fixture
def model() -> dict[str, Any]:
    """The details of a task for the model that is here."""
    weights_dir = Settings.from_environment().whisper_dir
    if not (weights_dir / "base.pt").exists():
        pytest.skip("the speech model is missing: make weights")
    return NOWHERE | {"weights_dir": str(weights_dir)}


@pytest.fixture
def tune() -> Iterator[BinaryIO]:
    """Two seconds of bare sound in which nobody speaks."""
    with file_with(to_pcm(notes(2, 16_000))) as made:
        yield made


@pytest.fixture
def long() -> Iterator[BinaryIO]:
    """Bare sound that nobody has listened to at once."""
    with file_with(to_pcm(np.tile(notes(60, 16_000), 20))) as made:
        yield made


def _processes(parent: int | None = None) -> set[int]:
    """Those of the speech model, that this process or another started."""
    return {child for child in children_of(parent or os.getpid())
            if b"isolation.child" in Path(f"/proc/{child}/cmdline").read_bytes()}


def _done(details: dict[str, Any], sound: BinaryIO, **watch: Any) -> dict[str, Any]:
    return do_in_child(Decoding.TRANSCRIBE, details, sound, None, Watch(**{"beat_seconds": 0.02} | watch))


def test_one_process_does_one_task_after_another_and_one_that_fell_meanwhile_is_replaced(
        model: dict[str, Any], tune: BinaryIO) -> None:
    SPEECH.close()
    assert _done(model, tune)["duration_ms"] == 2000
    (first,) = _processes()
    assert _done(model, tune)["windows"] == 0
    assert _processes() == {first}
    os.kill(first, signal.SIGKILL)
    assert _done(model, tune)["duration_ms"] == 2000
    assert first not in _processes()


def test_the_process_has_nothing_open_but_its_lines_and_was_told_no_secret(
        model: dict[str, Any], tune: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 38"""
    SPEECH.close()
    for name in ("DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "CANARY-secret")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    _done(model, tune)
    (process,) = _processes()
    told = Path(f"/proc/{process}/environ").read_bytes()
    assert b"CANARY" not in told
    assert b"CUDA_VISIBLE_DEVICES" in told
    wait_until(lambda: len(_opened(process)) <= 4)  # it says that it is done before it closes what it was given
    assert _opened(process) == ["/dev/null"] * 2 + ["pipe", "socket"]
    assert "NoNewPrivs:\t1" in Path(f"/proc/{process}/status").read_text()
    if os.geteuid() == 0:  # not every system lets somebody else give up the network
        assert os.readlink(f"/proc/{process}/ns/net") != os.readlink("/proc/self/ns/net")


def _opened(process: int) -> list[str]:
    """What kinds of files it has open."""
    found = []
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(os.readlink(entry).partition(":")[0])
    return sorted(found)


@pytest.mark.parametrize("ending", [FenceLost, Stopping])
def test_a_task_that_is_not_wanted_any_more_is_dead_before_anything_else_happens(
        ending: type[Exception], tune: BinaryIO) -> None:
    """faults 27, 34"""
    SPEECH.close()
    stopping, seen = Event(), set[int]()

    def end(_share: float) -> None:
        seen.update(_processes())
        if ending is FenceLost:
            raise FenceLost
        stopping.set()

    with pytest.raises(ending):
        _done(NOWHERE, tune, beat=end, stopping=stopping)
    assert len(seen) == 1
    assert not any(map(is_running, seen))


def test_who_waits_for_its_turn_says_so_and_gets_it(model: dict[str, Any], tune: BinaryIO, long: BinaryIO) -> None:
    begun, enough, stopped = Event(), Event(), list[Exception]()

    def first() -> None:
        try:
            _done(model, long, beat=lambda _share: begun.set(), stopping=enough)
        except Stopping as stopping:
            stopped.append(stopping)

    beats: list[float] = []

    def wait(share: float) -> None:
        beats.append(share)
        if len(beats) == 3:
            enough.set()

    working = Thread(target=first)
    working.start()
    assert begun.wait(60)
    assert _done(model, tune, beat=wait)["duration_ms"] == 2000
    working.join()
    assert len(stopped) == 1
    assert beats[:3] == [0.0, 0.0, 0.0]


def test_a_process_that_is_closed_in_the_middle_of_a_task_counts_as_ended_by_the_system(tune: BinaryIO) -> None:
    """As when a worker ends that waited for it long enough."""
    with pytest.raises(ChildFailed) as failed:
        _done(NOWHERE, tune, beat=lambda _share: SPEECH.close())
    assert failed.value.code == "killed"


def test_who_waits_for_its_turn_can_be_stopped() -> None:
    stopping = Event()
    stopping.set()
    with SPEECH._turn, file_with(b"") as sound, pytest.raises(Stopping):
        _done(NOWHERE, sound, stopping=stopping)
    assert SPEECH._turn.acquire(blocking=False)
    SPEECH._turn.release()


def test_a_process_that_nobody_needs_is_ended_after_a_while(
        model: dict[str, Any], tune: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Speech(idle_seconds=0.05)
    monkeypatch.setattr(supervision, "SPEECH", kept)
    before = _processes()
    _done(model, tune)
    wait_until(lambda: kept._process is None)
    assert not _processes() - before


def test_a_process_that_keeps_too_much_of_what_it_did_is_not_kept(
        model: dict[str, Any], tune: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    _done(model, tune)
    (first,) = _processes()
    monkeypatch.setattr(speech, "_MOST_KEPT", -GIB)
    assert _done(model, tune)["duration_ms"] == 2000
    assert not is_running(first)


def test_another_file_of_the_model_gets_a_process_of_its_own(tmp_path: Path, tune: BinaryIO,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the model that one process has fetched: the next needs no network."""
    started: list[dict[str, Any]] = []

    class Looked(Exception):
        pass

    def look(setup: dict[str, Any]) -> None:
        started.append(setup)
        raise Looked

    monkeypatch.setattr(SPEECH, "_tell", look)
    SPEECH.close()
    for written in (None, b"one", b"another"):
        if written:
            (tmp_path / "base.pt").write_bytes(written)
        with pytest.raises(Looked):
            _done(NOWHERE | {"weights_dir": str(tmp_path)}, tune)
    assert [setup["fetches"] for setup in started] == [True, False, False]


_PARENT = """
import sys, tempfile
from server.isolation.supervision import *
details = {"model": "base", "weights_dir": "/nowhere", "done": None, "hints": {"languages": [], "vocabulary": []}}
do_in_child(Decoding.TRANSCRIBE, details, tempfile.TemporaryFile(), None, Watch())
"""


def test_the_process_ends_with_its_parent() -> None:
    """fault 34"""
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_until(_of(parent.pid))
    (process,) = _processes(parent.pid)
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_running(process))


def _of(parent: int) -> Callable[[], object]:
    return lambda: _processes(parent)
