from collections.abc import Callable
from pathlib import Path

import pytest

from server.storage.filesystem import FilesystemStore
from server.storage.s3 import S3Store
from server.storage.store import MediaStore
from tests.buckets import CREDENTIALS, S3Server


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["filesystem", pytest.param("s3", marks=pytest.mark.xdist_group("s3"))])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], MediaStore]:
    """Opens the same store, of each kind, as often as it is called. A new kind must pass the same tests."""
    if request.param == "filesystem":
        return lambda: FilesystemStore(tmp_path / "media")
    request.getfixturevalue("credentials")
    server: S3Server = request.getfixturevalue("s3_server")
    url = server.fresh()
    return lambda: S3Store(url, endpoint_url=server.endpoint, gives_links=True)


@pytest.fixture
def store(open_store: Callable[[], MediaStore]) -> MediaStore:
    """One of each kind of store, empty."""
    return open_store()


@pytest.fixture
def staged(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes bytes to a file outside the store, as a finished upload does."""

    def write(content: bytes) -> Path:
        path = tmp_path / "staged"
        path.write_bytes(content)
        return path

    return write
