"""A nursery answers many threads at once, is replaced when it falls, knows no secret, and ends with its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from server.config import ROOT
from server.domain.errors import AudioDamaged, CheckInterrupted, ImageDamaged, Refusal, UnsupportedAudio
from server.isolation.checks import check_audio, check_photo
from server.isolation.limits import LIMITS, MIB, Decoding, Limits
from server.isolation.nursery import NURSERY
from server.isolation.supervision import ChildFailed, Watch, do_in_child
from tests.isolation.conftest import file_with, told, wait_until
from tests.jobs.conftest import PATIENCE_SECONDS, children_of, is_running
from tests.media.pictures import photo, picture
from tests.media.sounds import encoded, notes, silence, wav


def _nursery() -> int:
    """The process id of this process's own, which is started if need be."""
    with file_with(photo("PNG")) as source:
        check_photo(source)
    (found,) = [child for child in children_of(os.getpid())
                if b"server.isolation.forking" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return found


@pytest.fixture
def long_sound() -> Iterator[int]:
    """The number of an open file that takes minutes to copy."""
    with file_with(silence(6).getvalue()) as source:
        yield source.fileno()


def test_many_threads_are_answered_each_with_its_own_file() -> None:
    def check(seconds: int) -> int:
        with file_with(encoded("flac", notes(seconds))) as source:
            return check_audio(source).duration_ms

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(check, [1, 2, 3] * 8)) == [1000, 2000, 3000] * 8


def test_no_more_than_two_files_are_looked_at_at_once() -> None:
    nursery, seen, done = _nursery(), [0], Event()

    def look() -> None:
        while not done.is_set():
            seen.append(len(children_of(nursery)))

    def check(_number: int) -> None:
        with file_with(long) as source, pytest.raises(UnsupportedAudio):
            check_audio(source)

    long = silence(20).getvalue()
    looking = Thread(target=look)
    looking.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ThreadPoolExecutor(8) as threads:
        while max(seen) < 2 and time.monotonic() < deadline:  # a busy machine may look too seldom to see both
            list(threads.map(check, range(8)))
    done.set()
    looking.join()
    assert max(seen) == 2


def test_a_nursery_that_was_killed_is_replaced_and_the_file_is_not_blamed() -> None:
    first = _nursery()
    os.kill(first, signal.SIGKILL)
    assert _nursery() != first
    killed = Event()

    def kill(_share: float) -> None:
        if not killed.is_set():
            killed.set()
            os.kill(_nursery(), signal.SIGKILL)

    with file_with(encoded("flac", notes(60))) as source, file_with(b"left by an earlier try" * 10**5) as sink:
        answer = do_in_child(Decoding.PLAYBACK, {"withheld": []}, source, sink, Watch(beat=kill, beat_seconds=0.01))
        assert killed.is_set()
        assert answer == {"duration_ms": 60_000}
        assert sink.seek(0, os.SEEK_END) == pytest.approx(60 * 8000, rel=0.01)


def test_children_end_with_their_nursery(long_sound: int) -> None:
    nursery = _nursery()
    with file_with(b"") as sink, NURSERY.child(Decoding.PLAYBACK, {"withheld": []}, [long_sound, sink.fileno()]):
        child = _only_child_of(nursery)
        os.kill(nursery, signal.SIGKILL)
        _wait_until_gone(child)


def test_nursery_and_children_end_with_their_parent(tmp_path: Path) -> None:
    path = tmp_path / "silence.flac"
    path.write_bytes(silence(6).getvalue())
    lines = ("import tempfile, sys\nfrom server.isolation.supervision import *\n"
             "do_in_child(Decoding.PLAYBACK, {'withheld': []}, open(sys.argv[1], 'rb'), tempfile.TemporaryFile(),"
             " Watch())")
    parent = subprocess.Popen([sys.executable, "-c", lines, str(path)], cwd=ROOT)
    nursery = _only_child_of(parent.pid)
    child = _only_child_of(nursery)
    parent.kill()
    parent.wait()
    for process in (nursery, child):
        _wait_until_gone(process)


def test_nobody_tells_a_nursery_a_secret_or_leaves_it_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                                 long_sound: int) -> None:
    for name in ("DATABASE_URL", "QUEUE_URL", "AWS_SECRET_ACCESS_KEY", "STORE_URL", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "CANARY-secret")
    (tmp_path / "database").touch()
    NURSERY.close()
    with (tmp_path / "database").open() as database, file_with(b"") as sink:
        os.set_inheritable(database.fileno(), True)
        nursery = _nursery()
        with NURSERY.child(Decoding.PLAYBACK, {"withheld": []}, [long_sound, sink.fileno()]):
            child = _only_child_of(nursery)
            for process in (nursery, child):
                assert b"CANARY" not in Path(f"/proc/{process}/environ").read_bytes()
                assert str(tmp_path) not in " ".join(_open_in(process))
            wait_until(lambda: "Max open files            0" in Path(f"/proc/{child}/limits").read_text())
            kinds = sorted(name.split(":")[0] for name in _open_in(child))
            assert [kind.split("/")[1] if "/" in kind else kind for kind in kinds] == ["dev"] * 3 + ["tmp"] * 2 + [
                "socket"]
            assert "NoNewPrivs:\t1" in Path(f"/proc/{child}/status").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="not every system lets somebody else give up the network")
def test_a_child_has_no_network() -> None:
    """fault 38"""
    own = os.readlink("/proc/self/ns/net")
    assert os.readlink(f"/proc/{_nursery()}/ns/net") != own


def test_a_file_that_wants_more_memory_than_it_gets_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 39"""
    monkeypatch.setitem(LIMITS, Decoding.CHECK_PHOTO, Limits(memory=64 * MIB, file=0, quiet=60, cpu=20))
    with file_with(photo("JPEG", picture(7000, 7000))) as source:
        with pytest.raises(CheckInterrupted) as interrupted:
            check_photo(source)
        assert interrupted.value.damaged is ImageDamaged


def test_a_file_that_keeps_the_processor_busy_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 37"""
    short = Limits(memory=512 * MIB, file=MIB * 1024, quiet=60, cpu=1)
    for decoding in (Decoding.CHECK_AUDIO, Decoding.PLAYBACK):
        monkeypatch.setitem(LIMITS, decoding, short)
    with file_with(silence(11).getvalue()) as source, file_with(b"") as sink:
        with pytest.raises(ChildFailed) as failed:
            do_in_child(Decoding.PLAYBACK, {"withheld": []}, source, sink, Watch())
        assert failed.value.code == "out_of_time"


@pytest.mark.parametrize(("number", "refusal"), [
    (signal.SIGSEGV, AudioDamaged), (signal.SIGABRT, AudioDamaged), (signal.SIGKILL, CheckInterrupted)])
def test_a_decoder_that_falls_damages_its_own_file_alone_and_one_that_is_ended_damages_none(
        number: signal.Signals, refusal: type[Refusal]) -> None:
    """fault 36"""
    nursery = _nursery()

    def bring_down() -> None:
        os.kill(_only_child_of(nursery), number)

    killing = Thread(target=bring_down)
    killing.start()
    with file_with(wav(8, 48_000, 0).getvalue()) as source:
        source.truncate(2**31)  # some seconds of looking
        with pytest.raises(refusal):
            check_audio(source)
    killing.join()
    assert _nursery() == nursery


def test_how_much_a_child_used_is_told_when_it_has_ended() -> None:
    used = told(Decoding.CHECK_AUDIO, encoded("ogg", notes(1)))["ended"]
    assert (used["signal"], used["status"]) == (0, 0)
    assert used["memory"] > 10 * MIB


def _open_in(process: int) -> list[str]:
    return [os.readlink(entry) for entry in Path(f"/proc/{process}/fd").iterdir()]


def _only_child_of(process: int) -> int:
    wait_until(lambda: children_of(process))
    (child,) = children_of(process)
    return child


def _wait_until_gone(process: int) -> None:
    wait_until(lambda: not is_running(process))
