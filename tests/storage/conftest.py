from collections.abc import Callable
from pathlib import Path

import pytest

from server.storage.filesystem import FilesystemStore
from server.storage.store import MediaStore

STORES: dict[str, Callable[[Path], MediaStore]] = {
    "filesystem": lambda folder: FilesystemStore(folder / "media"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    """One of each kind of store, empty. A new kind is added to STORES and must pass the same tests."""
    return STORES[request.param](tmp_path)


@pytest.fixture
def staged(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes bytes to a file outside the store, as a finished upload does."""

    def write(content: bytes) -> Path:
        path = tmp_path / "staged"
        path.write_bytes(content)
        return path

    return write
