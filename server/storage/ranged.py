"""A file that is somewhere else, read a stretch at a time as if it were here."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO

LEAST_AHEAD_BYTES = 256 * 1024
MOST_AHEAD_BYTES = 4 * 1024 * 1024
_BUFFER_BYTES = 64 * 1024

Fetch = Callable[[int, int], bytes]


def reader(size: int, fetch: Fetch) -> BinaryIO:
    """A seekable reader of `size` bytes. `fetch(start, end)` gives exactly the bytes from `start` to before `end`."""
    return io.BufferedReader(_Ranged(size, fetch), _BUFFER_BYTES)


class _Ranged(io.RawIOBase):
    """Keeps the last stretch. The further somebody reads on, the longer the next stretch is."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        self._size, self._fetch = size, fetch
        self._position = self._start = 0
        self._stretch = b""
        self._ahead = LEAST_AHEAD_BYTES

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError("nothing is before the beginning")
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, into: Any) -> int:
        if self._position >= self._size:
            return 0
        end = self._start + len(self._stretch)
        if not self._start <= self._position < end:
            self._ahead = min(self._ahead * 2, MOST_AHEAD_BYTES) if self._position == end else LEAST_AHEAD_BYTES
            self._start = self._position
            self._stretch = self._fetch(self._start, min(self._start + self._ahead, self._size))
        first = self._position - self._start
        found = self._stretch[first:first + len(into)]
        into[:len(found)] = found
        self._position += len(found)
        return len(found)
