"""Settings that choose a part of Earshot."""

from pathlib import Path

import pytest

from server.app import create_app
from server.config import Settings
from server.storage.filesystem import FilesystemStore
from server.storage.s3 import S3Store


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
