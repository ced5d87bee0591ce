"""Settings that choose a part of Earshot."""

import socket
from pathlib import Path

import pytest

from server.app import create_app
from server.config import Settings
from server.domain.errors import StoreUnavailable
from server.storage.filesystem import FilesystemStore
from server.storage.s3 import S3Store
from tests.buckets import CREDENTIALS


def settings(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_environment({"EARSHOT_DATA": str(tmp_path), **environment})


def test_media_is_kept_in_a_folder_when_nothing_else_is_said(tmp_path: Path) -> None:
    assert settings(tmp_path).media_dir == tmp_path / "media"
    assert settings(tmp_path, MEDIA_DIR=str(tmp_path / "kept")).media_dir == tmp_path / "kept"
    assert isinstance(create_app(settings(tmp_path)).extensions["earshot"].store, FilesystemStore)


def test_a_folder_can_be_named_by_its_address(tmp_path: Path) -> None:
    found = settings(tmp_path, STORE_URL=f"file://{tmp_path}/our%20media")
    assert found.media_dir == tmp_path / "our media"
    assert isinstance(create_app(found).extensions["earshot"].store, FilesystemStore)


def test_media_is_kept_in_a_bucket_where_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    store = create_app(settings(tmp_path, STORE_URL="s3://bucket/earshot")).extensions["earshot"].store
    assert isinstance(store, S3Store)


def test_a_bucket_that_says_nothing_is_asked_once_where_somebody_waits(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 50: as long as one answer is waited for is as long as people are kept."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        app = create_app(settings(tmp_path, STORE_URL="s3://bucket/earshot", S3_ENDPOINT_URL=endpoint))
        with pytest.raises(StoreUnavailable):
            app.extensions["earshot"].brief_store.write_note("one", b"words")
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
