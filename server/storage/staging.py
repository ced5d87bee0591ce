"""Files on their way in: one file each in a folder, which grows in order and can be cut back."""

import errno
import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from server.domain.errors import ChecksumMismatch, StorageFull, TooLarge, UploadBusy
from server.domain.tus import Checksum

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Staging:
    """Names are ids made by the server. Only its owner can read a staged file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, name: str) -> Path:
        return self._folder / name

    def size(self, name: str) -> int:
        """Bytes on disk; 0 when there is no such file."""
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Be the only one, of all threads and processes, that works on this file. Raises UploadBusy."""
        with _private(self._lock(name)) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy from None
            yield

    def append(self, name: str, offset: int, blocks: Iterable[bytes], *, most: int,
               checksum: Checksum | None = None) -> int:
        """Write the blocks from `offset` on and return the new size, which is on disk when this returns.

        What lies behind `offset` was never confirmed and is cut off first. When anything is refused the file ends at
        `offset` again: TooLarge for more than `most` bytes, ChecksumMismatch, StorageFull.
        """
        with _private(self.path(name)) as sink:
            sink.truncate(offset)
            sink.seek(offset)
            try:
                _write(sink, blocks, most, checksum)
                os.fsync(sink.fileno())
                return sink.tell()
            except OSError as error:
                sink.truncate(offset)
                if error.errno in _NO_ROOM:
                    raise StorageFull from error
                raise
            except (TooLarge, ChecksumMismatch):
                sink.truncate(offset)
                raise

    def discard(self, name: str) -> None:
        """Forget the file. No error when it is gone already."""
        self.path(name).unlink(missing_ok=True)
        self._lock(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Every staged file."""
        return {path.stem for path in self._folder.iterdir()}

    def _lock(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


def _private(path: Path) -> BinaryIO:
    """The file, unbuffered, made when it is not there, readable by its owner alone."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _write(sink: BinaryIO, blocks: Iterable[bytes], most: int, checksum: Checksum | None) -> None:
    digest = checksum.started() if checksum else None
    for block in blocks:
        most -= len(block)
        if most < 0:
            raise TooLarge
        if digest:
            digest.update(block)
        left = memoryview(block)
        while left:
            left = left[sink.write(left):]
    if digest and checksum and not hmac.compare_digest(digest.digest(), checksum.digest):
        raise ChecksumMismatch
