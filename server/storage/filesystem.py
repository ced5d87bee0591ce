"""Media in a folder on this machine, as `ab/cd/<sha256>`."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from server.domain.errors import HashMismatch, MediaMissing, StorageFull
from server.storage.folders import sync_folder
from server.storage.store import StoredBytes, blocks_of, checked_name, checked_note, measured

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NOTES = "withdrawals"


class FilesystemStore:
    """A MediaStore in the folder `root`, made if it is not there. Files can be read by their owner alone.

    A file first exists under `arriving/` and gets its name by one atomic rename once its bytes are on disk,
    so a name in the store is always a whole file.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._arriving = root / "arriving"
        self._arriving.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._clear_abandoned()

    def adopt(self, path: Path, sha256: str) -> None:
        name = checked_name(sha256)
        try:
            staged = path.open("rb")
        except FileNotFoundError:
            self._require(name)
            return
        with staged, self._arrival() as (arrival, sink):
            if _copy(staged, sink).sha256 != name or _on_disk(arrival) != name:
                raise HashMismatch
            self._settle(arrival, name)

    def put(self, source: BinaryIO) -> StoredBytes:
        with self._arrival() as (arrival, sink):
            stored = _copy(source, sink)
            self._settle(arrival, stored.sha256)
        return stored

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise MediaMissing from None

    def size(self, sha256: str) -> int:
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            raise MediaMissing from None

    def __contains__(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        path = self._path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
        self._clear_abandoned()

    def link(self, sha256: str, content_type: str, seconds: int) -> str | None:
        return None  # nobody but this process can read the folder

    def links_from(self) -> str | None:
        return None

    def write_note(self, name: str, content: bytes) -> None:
        path = self._note(name)
        with self._arrival() as (arrival, sink):
            _copy(BytesIO(content), sink)
            self._make(path.parent)
            arrival.replace(path)
            sync_folder(path.parent)

    def read_note(self, name: str) -> bytes:
        try:
            return self._note(name).read_bytes()
        except FileNotFoundError:
            raise MediaMissing from None

    def list_notes(self) -> list[str]:
        return sorted(path.stem for path in (self._root / _NOTES).glob("*.json"))

    def _require(self, name: str) -> None:
        """Read the stored bytes through. Raises MediaMissing, HashMismatch."""
        with self.open(name) as stored:
            if measured(blocks_of(stored)).sha256 != name:
                raise HashMismatch

    def _note(self, name: str) -> Path:
        return self._root / _NOTES / f"{checked_note(name)}.json"

    def _path(self, sha256: str) -> Path:
        name = checked_name(sha256)
        return self._root / name[:2] / name[2:4] / name

    @contextmanager
    def _arrival(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A private file to write into; nothing of it is left behind when the block fails."""
        path = None
        try:
            handle, path = self._begun()
            with os.fdopen(handle, "wb") as sink:
                yield path, sink
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFull from error
            raise
        finally:
            if path:
                path.unlink(missing_ok=True)

    def _begun(self) -> tuple[int, Path]:
        """A new arrival. It is locked for as long as whoever writes it lives."""
        while True:
            handle, name = tempfile.mkstemp(dir=self._arriving)  # mode 0600
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle, Path(name)
            os.close(handle)  # taken for abandoned before it was locked

    def _clear_abandoned(self) -> None:
        """A process killed while it was storing leaves an arrival that nobody will finish, nor holds a lock on."""
        for left in self._arriving.iterdir():
            with suppress(FileNotFoundError, BlockingIOError), left.open("rb") as found:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()

    def _settle(self, arrival: Path, name: str) -> None:
        final = self._path(name)
        self._make(final.parent.parent)
        self._make(final.parent)
        arrival.replace(final)
        sync_folder(final.parent)

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(exist_ok=True, mode=0o700)
            sync_folder(folder.parent)


def _copy(source: BinaryIO, sink: BinaryIO) -> StoredBytes:
    """Copy what is left of `source` and put it on the disk itself, not only in the kernel's memory."""
    stored = measured(_written(block, sink) for block in blocks_of(source))
    sink.flush()
    os.fsync(sink.fileno())
    return stored


def _written(block: bytes, sink: BinaryIO) -> bytes:
    sink.write(block)
    return block


def _on_disk(path: Path) -> str:
    """The SHA-256 of a file as the disk has it, where the system can be told to forget what it remembers of it."""
    with path.open("rb") as written:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return measured(blocks_of(written)).sha256
