"""Media in a folder on this machine, as `ab/cd/<sha256>`."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from server.domain.errors import HashMismatch, MediaMissing, StorageFull
from server.storage.store import StoredBytes, blocks_of, checked_name

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_ABANDONED_AFTER_S = 24 * 3600


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
        if name in self and not path.exists():
            return
        with path.open("rb") as source, self._arrival() as (arrival, sink):
            if _copy(source, sink).sha256 != name:
                raise HashMismatch
            self._settle(arrival, name)
        path.unlink()

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
            _sync_folder(path.parent)

    def _path(self, sha256: str) -> Path:
        name = checked_name(sha256)
        return self._root / name[:2] / name[2:4] / name

    @contextmanager
    def _arrival(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A private file to write into; nothing of it is left behind when the block fails."""
        path = None
        try:
            handle, name = tempfile.mkstemp(dir=self._arriving)  # mode 0600
            path = Path(name)
            with os.fdopen(handle, "wb") as sink:
                yield path, sink
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFull from error
            raise
        finally:
            if path:
                path.unlink(missing_ok=True)

    def _clear_abandoned(self) -> None:
        """A process killed while it was storing leaves an arrival that nobody will finish."""
        for left in self._arriving.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - _ABANDONED_AFTER_S:
                    left.unlink()

    def _settle(self, arrival: Path, name: str) -> None:
        final = self._path(name)
        for folder in (final.parent.parent, final.parent):
            if not folder.is_dir():
                folder.mkdir(exist_ok=True, mode=0o700)
                _sync_folder(folder.parent)
        arrival.replace(final)
        _sync_folder(final.parent)


def _copy(source: BinaryIO, sink: BinaryIO) -> StoredBytes:
    """Copy what is left of `source` and put it on the disk itself, not only in the kernel's memory."""
    digest, size = hashlib.sha256(), 0
    for block in blocks_of(source):
        digest.update(block)
        size += len(block)
        sink.write(block)
    sink.flush()
    os.fsync(sink.fileno())
    return StoredBytes(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    """A rename is durable only once the folder that holds the name is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
