"""A child gets open files and limits, says what it made, and is dead whenever its work is not wanted."""

import os
import signal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event

import pytest

from server.domain.work import FenceLost, Kind
from server.jobs.supervision import ChildFailed, Stopping, do_in_child, file_of
from tests.jobs.conftest import children_of
from tests.media.sounds import encoded, notes


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.flac"
    path.write_bytes(encoded("flac", notes(2)))
    return path


def _go_on(_progress: float) -> None:
    """A beat with nothing against it."""


def _do(kind: Kind, path: Path, sink, beat=_go_on, stopping: Event | None = None, details=None) -> dict:
    with path.open("rb") as source:
        return do_in_child(kind, details or {}, source, sink, beat=beat, beat_seconds=0.05,
                           stopping=stopping or Event())


def test_what_a_child_made_is_in_the_file_it_was_given(sound: Path) -> None:
    with TemporaryFile() as sink:
        answer = _do(Kind.CLIP, sound, sink, details={"start_ms": 500, "end_ms": 1500})
        assert answer == {"duration_ms": 1000}
        sink.seek(0)
        assert len(sink.read()) > 4000


def test_a_photo_copy_comes_with_its_size(picture: Path) -> None:
    with TemporaryFile() as sink:
        assert _do(Kind.PHOTO, picture, sink) == {"width": 64, "height": 48}
        sink.seek(0)
        assert sink.read(3) == b"\xff\xd8\xff"


def test_what_cannot_be_read_is_refused_with_its_code(tmp_path: Path) -> None:
    """fault 37"""
    for content, code in ((b"", "empty_file"), (b"#EXTM3U\nfile:///etc/passwd", "unsupported_audio")):
        path = tmp_path / "sound.webm"
        path.write_bytes(content)
        with TemporaryFile() as sink, pytest.raises(ChildFailed) as failed:
            _do(Kind.PLAYBACK, path, sink)
        assert failed.value.code == code


def test_a_child_that_is_killed_has_crashed(sound: Path) -> None:
    """fault 36"""
    def kill(_progress: float) -> None:
        for child in children_of(os.getpid()):
            if b"server.jobs.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)

    with TemporaryFile() as sink, pytest.raises(ChildFailed) as failed:
        _do(Kind.PLAYBACK, sound, sink, beat=kill)
    assert failed.value.code == "crashed"


def test_a_child_whose_job_is_lost_is_ended(sound: Path) -> None:
    """fault 27"""
    started: set[int] = set()

    def lose(_progress: float) -> None:
        started.update(children_of(os.getpid()))
        raise FenceLost

    before = children_of(os.getpid())
    with TemporaryFile() as sink, pytest.raises(FenceLost):
        _do(Kind.PLAYBACK, sound, sink, beat=lose)
    assert len(started - before) == 1
    assert children_of(os.getpid()) <= before


def test_a_worker_that_stops_ends_its_child(sound: Path) -> None:
    stopping = Event()
    stopping.set()
    before = children_of(os.getpid())
    with TemporaryFile() as sink, pytest.raises(Stopping):
        _do(Kind.PLAYBACK, sound, sink, stopping=stopping)
    assert children_of(os.getpid()) <= before


def test_a_source_that_is_no_real_file_is_copied_into_one() -> None:
    with file_of(BytesIO(b"from elsewhere")) as real:
        assert real.fileno() > 0
        real.seek(0)
        assert real.read() == b"from elsewhere"
