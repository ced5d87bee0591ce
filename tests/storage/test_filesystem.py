"""What the store in a folder promises beyond every store."""

import errno
import hashlib
import io
import os
import stat
from pathlib import Path

import pytest

from server.domain.errors import HashMismatch, StorageFull
from server.storage.filesystem import FilesystemStore

WORDS = b"the kettle and two cups"
NAME = hashlib.sha256(WORDS).hexdigest()


class BrokenSource(io.BytesIO):
    """Gives some bytes, then fails as a cut connection does."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionError("cut")
        return super().read(4)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_lies_under_its_hash_and_only_its_owner_can_read_it(tmp_path: Path):
    FilesystemStore(tmp_path).put(io.BytesIO(WORDS))
    (path,) = files_under(tmp_path)
    assert path == tmp_path / NAME[:2] / NAME[2:4] / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_source_that_breaks_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(ConnectionError):
        FilesystemStore(tmp_path).put(BrokenSource(WORDS))
    assert files_under(tmp_path) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_and_leaves_nothing_half_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
):
    store = FilesystemStore(tmp_path / "media")
    staged = tmp_path / "staged"
    staged.write_bytes(WORDS)

    def full(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        store.put(io.BytesIO(WORDS))
    with pytest.raises(StorageFull):
        store.adopt(staged, NAME)
    assert files_under(tmp_path / "media") == []
    assert staged.read_bytes() == WORDS


def test_other_disk_errors_keep_their_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = FilesystemStore(tmp_path)

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="input/output"):
        store.put(io.BytesIO(WORDS))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to name an open file")
def test_the_bytes_and_their_name_are_on_disk_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = FilesystemStore(tmp_path)
    synced: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    store.put(io.BytesIO(WORDS))
    assert "arriving" in synced[0]
    assert synced[1:] == [str(tmp_path), str(tmp_path / NAME[:2]), str(tmp_path / NAME[:2] / NAME[2:4])]


def test_a_copy_that_the_disk_gives_back_changed_is_refused_and_the_staged_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """fault 30"""
    store, staged = FilesystemStore(tmp_path / "media"), tmp_path / "staged"
    staged.write_bytes(WORDS)
    real = os.fsync

    def one_bit_flips(handle: int) -> None:
        real(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.pwrite(handle, b"T", 0)

    monkeypatch.setattr(os, "fsync", one_bit_flips)
    with pytest.raises(HashMismatch):
        store.adopt(staged, NAME)
    assert files_under(tmp_path / "media") == []
    assert staged.read_bytes() == WORDS


def test_a_note_is_readable_by_its_owner_alone(tmp_path: Path):
    FilesystemStore(tmp_path).write_note("one", b"words")
    (path,) = files_under(tmp_path)
    assert path == tmp_path / "withdrawals" / "one.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_gives_no_links(tmp_path: Path):
    store = FilesystemStore(tmp_path)
    assert (store.link(NAME, "audio/mpeg", 60), store.links_from()) == (None, None)


def test_an_arrival_that_a_killed_process_left_is_cleared_with_the_next_erasure_and_one_on_its_way_is_not(
    tmp_path: Path,
):
    """faults 17, 29"""
    store = FilesystemStore(tmp_path)
    left = tmp_path / "arriving" / "left"

    class LookingSource(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            left.write_bytes(WORDS)
            store.delete(NAME)
            FilesystemStore(tmp_path)
            return super().read(size)

    stored = store.put(LookingSource(b"another sound"))
    assert files_under(tmp_path) == [tmp_path / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256]
