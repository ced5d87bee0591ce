"""Files to give to children, and everything that a child says."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import pytest

from server.domain.hearing import Hints, hints_to_json
from server.isolation.limits import Decoding
from server.isolation.nursery import NURSERY
from tests.media.sounds import encoded, notes

HINTS = hints_to_json(Hints())
# A child that makes a copy is always told what to leave out.
NOTHING_WITHHELD: dict[str, Any] = {"withheld": [], "regions": []}


@contextmanager
def file_with(content: bytes) -> Iterator[BinaryIO]:
    """An open file with no name."""
    with TemporaryFile() as made:
        made.write(content)
        made.flush()
        yield made


def told(decoding: Decoding, content: bytes, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """All that a child of the nursery says about a file, in one dictionary, until it has ended."""
    heard: dict[str, Any] = {}
    with file_with(content) as source, file_with(b"") as sink:
        checks = decoding in (Decoding.CHECK_AUDIO, Decoding.CHECK_PHOTO)
        files = [source.fileno()] if checks else [source.fileno(), sink.fileno()]
        with NURSERY.child(decoding, NOTHING_WITHHELD | (details or {}), files) as news:
            for message in _until_end(news.recv_bytes):
                heard |= json.loads(message)
        sink.seek(0)
        return heard | {"made": sink.read()}


def _until_end(receive: Callable[[], bytes]) -> Iterator[bytes]:
    while True:
        try:
            yield receive()
        except EOFError:
            return


def wait_until(happened: Callable[[], object]) -> None:
    """Look again and again until it is true."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Two seconds of notes."""
    path = tmp_path / "sound.flac"
    path.write_bytes(encoded("flac", notes(2)))
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small JPEG."""
    from PIL import Image

    path = tmp_path / "picture.jpg"
    Image.new("RGB", (64, 48), "teal").save(path)
    return path
