"""Files on their way in: one file each in a folder, which grows in order and can be cut back."""

import errno
import fcntl
import hmac
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from server.domain.errors import ChecksumMismatch, StorageFull, TooLarge, UploadBusy
from server.domain.tus import Checksum
from server.storage.folders import sync_folder

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PLACE = ".place"
# What is left for the database and the logs, which may be on the same disk.
_SPARE_BYTES = 4 * 1024 * 1024
# How much, and how many seconds, of what a phone sent may be lost when the machine stops.
CONFIRM_BYTES = 8 * 1024 * 1024
CONFIRM_SECONDS = 5.0


class Staging:
    """Names are ids made by the server. Only its owner can read a staged file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @cached_property
    def place(self) -> str:
        """The id of this folder, made once. Machines that share the folder are one place."""
        path = self._folder / _PLACE
        with suppress(FileNotFoundError):
            return path.read_text(encoding="ascii")
        made = self._folder / f"{_PLACE}-{uuid.uuid4()}"
        with _private(made) as sink:
            sink.write(str(uuid.uuid4()).encode())
            os.fsync(sink.fileno())
        with suppress(FileExistsError):
            os.link(made, path)  # the first one counts, whole
        made.unlink()
        sync_folder(self._folder)
        return path.read_text(encoding="ascii")

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    def require_room(self, size: int) -> None:
        """Raises StorageFull where so many more bytes would leave no room for anything else."""
        if size + _SPARE_BYTES > self.free_bytes():
            raise StorageFull

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
            if not self._is_there(lock, name):
                raise UploadBusy  # it was discarded in this moment
            yield

    def append(self, name: str, offset: int, blocks: Iterable[bytes], *, most: int, checksum: Checksum | None = None,
               confirm: Callable[[int], None] | None = None) -> int:
        """Write the blocks from `offset` on and return the new size, which is on disk when this returns.

        What lies behind `offset` was never confirmed and is cut off first. `confirm` is told, now and then, of a size
        that is on disk already. When anything is refused the file ends where it was last confirmed: TooLarge for more
        than `most` bytes, ChecksumMismatch, StorageFull. A piece with a checksum is confirmed as a whole.
        """
        is_new = not self.path(name).exists()
        with _private(self.path(name)) as sink:
            sink.truncate(offset)
            sink.seek(offset)
            confirmed = _Confirmed(sink, offset, None if checksum else confirm)
            try:
                _write(sink, blocks, most, checksum, confirmed)
                os.fsync(sink.fileno())
                if is_new:
                    sync_folder(self._folder)
                return sink.tell()
            except OSError as error:
                sink.truncate(confirmed.offset)
                if error.errno in _NO_ROOM:
                    raise StorageFull from error
                raise
            except (TooLarge, ChecksumMismatch):
                sink.truncate(confirmed.offset)
                raise

    def discard(self, name: str) -> None:
        """Forget the file. No error when it is gone already."""
        self.path(name).unlink(missing_ok=True)
        self._lock(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Every staged file."""
        return {path.stem for path in self._folder.iterdir() if not path.name.startswith(_PLACE)}

    def _is_there(self, lock: BinaryIO, name: str) -> bool:
        try:
            return os.path.samestat(os.fstat(lock.fileno()), self._lock(name).stat())
        except FileNotFoundError:
            return False

    def _lock(self, name: str) -> Path:
        return self._folder / f"{name}.lock"


class _Confirmed:
    """How far a file that is being written is known to be on disk."""

    def __init__(self, sink: BinaryIO, offset: int, confirm: Callable[[int], None] | None) -> None:
        self.offset = offset
        self._sink, self._confirm = sink, confirm
        self._at = time.monotonic()

    def look(self) -> None:
        """Confirm what was written, where that is due."""
        if self._confirm is None:
            return
        now, written = time.monotonic(), self._sink.tell()
        if written - self.offset < CONFIRM_BYTES and now - self._at < CONFIRM_SECONDS:
            return
        os.fsync(self._sink.fileno())
        self._confirm(written)
        self.offset, self._at = written, now


def _private(path: Path) -> BinaryIO:
    """The file, unbuffered, made when it is not there, readable by its owner alone."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _write(sink: BinaryIO, blocks: Iterable[bytes], most: int, checksum: Checksum | None,
           confirmed: _Confirmed) -> None:
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
        confirmed.look()
    if digest and checksum and not hmac.compare_digest(digest.digest(), checksum.digest):
        raise ChecksumMismatch
