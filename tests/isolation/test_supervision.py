"""A child gets open files and limits, says what it made, and is dead whenever its work is not wanted."""

import os
import signal
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, BinaryIO

import pytest

from server.config import Settings
from server.domain.work import FenceLost
from server.isolation.limits import LIMITS, MIB, Decoding
from server.isolation.supervision import ChildFailed, Stopping, Watch, do_in_child, file_of
from tests.isolation.conftest import HINTS, NOTHING_WITHHELD, file_with
from tests.jobs.conftest import children_of, is_running
from tests.media.sounds import silence


def _do(decoding: Decoding, path: Path, sink: BinaryIO, details: dict[str, Any] | None = None,
        **watch: Any) -> dict[str, Any]:
    with path.open("rb") as source:
        given = NOTHING_WITHHELD | (details or {})
        return do_in_child(decoding, given, source, sink, Watch(**{"beat_seconds": 0.02} | watch))


def _kin() -> set[int]:
    """The processes that this one started, and theirs."""
    children = children_of(os.getpid())
    return children.union(*(children_of(child) for child in children))


def test_what_a_child_made_is_in_the_file_it_was_given(sound: Path) -> None:
    with TemporaryFile() as sink:
        answer = _do(Decoding.CLIP, sound, sink, {"start_ms": 500, "end_ms": 1500})
        assert answer == {"duration_ms": 1000}
        sink.seek(0)
        assert len(sink.read()) > 4000


def test_a_photo_copy_comes_with_its_size(picture: Path) -> None:
    with TemporaryFile() as sink:
        assert _do(Decoding.PHOTO, picture, sink) == {"width": 64, "height": 48}
        sink.seek(0)
        assert sink.read(3) == b"\xff\xd8\xff"


def test_what_cannot_be_read_is_refused_with_its_code_and_its_words(tmp_path: Path) -> None:
    """fault 37"""
    for content, code in ((b"", "empty_file"), (b"#EXTM3U\nfile:///etc/passwd", "unsupported_audio")):
        path = tmp_path / "sound.webm"
        path.write_bytes(content)
        with TemporaryFile() as sink, pytest.raises(ChildFailed) as failed:
            _do(Decoding.PLAYBACK, path, sink)
        assert failed.value.code == code
        assert failed.value.message.endswith(".")


@pytest.mark.parametrize("memory", [64, 300, 1200])
def test_speech_that_needs_more_memory_than_it_gets_says_so(monkeypatch: pytest.MonkeyPatch,
                                                           memory: int) -> None:
    """Too little to start with, to load the libraries, and to load the model."""
    weights_dir = Settings.from_environment().whisper_dir
    if not (weights_dir / "base.pt").exists():
        pytest.skip("the speech model is missing: make weights")
    monkeypatch.setitem(LIMITS, Decoding.TRANSCRIBE, replace(LIMITS[Decoding.TRANSCRIBE], memory=memory * MIB))
    with file_with(bytes(32_000)) as bare, pytest.raises(ChildFailed) as failed:
        do_in_child(Decoding.TRANSCRIBE,
                    {"model": "base", "weights_dir": str(weights_dir), "done": None, "hints": HINTS}, bare, None,
                    Watch())
    assert failed.value.code == "out_of_memory"


@pytest.mark.parametrize("decoding", [Decoding.PLAYBACK, Decoding.TRANSCRIBE])
def test_a_child_that_is_killed_is_said_to_have_been_ended_by_the_system(decoding: Decoding, hours: Path) -> None:
    """fault 36"""
    before = _kin()

    def kill(_progress: float) -> None:
        for process in _kin() - before:
            if b"isolation.forking" not in Path(f"/proc/{process}/cmdline").read_bytes() or process in _grandchildren():
                os.kill(process, signal.SIGKILL)

    with TemporaryFile() as sink, pytest.raises(ChildFailed) as failed:
        _do(decoding, hours, sink, {"model": "base", "weights_dir": "/nowhere"}, beat=kill)
    assert failed.value.code == "killed"


def _grandchildren() -> set[int]:
    """The nursery's children. Servers that other tests began have children too."""
    return {process for process in _kin() - children_of(os.getpid()) if _is_of_the_nursery(process)}


def _is_of_the_nursery(process: int) -> bool:
    try:
        return b"isolation.forking" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="module")
def hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hours of silence, which nobody decodes at once."""
    path = tmp_path_factory.mktemp("hours") / "silence.flac"
    path.write_bytes(silence(3).getvalue())
    return path


def test_a_child_whose_job_is_lost_is_dead_before_anything_else_happens(hours: Path) -> None:
    """fault 27"""
    started, before = set[int](), _grandchildren()

    def lose(_progress: float) -> None:
        started.update(_grandchildren() - before)
        if started:
            raise FenceLost

    with TemporaryFile() as sink, pytest.raises(FenceLost):
        _do(Decoding.PLAYBACK, hours, sink, beat=lose)
    assert len(started) == 1
    assert not any(is_running(child) for child in started)


def test_a_worker_that_stops_ends_its_child(hours: Path) -> None:
    before = _grandchildren()
    stopping = Event()
    stopping.set()
    with TemporaryFile() as sink, pytest.raises(Stopping):
        _do(Decoding.PLAYBACK, hours, sink, stopping=stopping)
    assert _grandchildren() - before == set()


def test_a_source_that_is_no_real_file_is_copied_into_one() -> None:
    with file_of(BytesIO(b"from elsewhere")) as real:
        assert real.fileno() > 0
        real.seek(0)
        assert real.read() == b"from elsewhere"
