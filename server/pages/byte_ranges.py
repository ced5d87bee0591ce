"""Which bytes of a file a request asks for (RFC 9110, sections 14.1.2 and 14.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# One range; a list of several is answered with the whole file, as the RFC allows.
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)
_BLOCK_BYTES = 256 * 1024


class OutOfRange(Exception):
    """No byte that was asked for is there."""


@dataclass(frozen=True)
class ByteRange:
    """From the byte `start` up to, and not including, the byte `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def of(self, size: int) -> str:
        """As Content-Range says it."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def asked_range(header: str | None, size: int) -> ByteRange | None:
    """The one range of a file of `size` bytes that the header asks for. Raises OutOfRange.

    None is the whole file: nothing was asked for, or several ranges, or something that is no range of bytes.
    """
    found = _ONE_RANGE.fullmatch((header or "").strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), int(found[2]) + 1 if found[2] else size
        if found[2] and end <= start:
            return None
    if start >= size:
        raise OutOfRange
    return ByteRange(start, min(end, size))


def blocks(source: BinaryIO, wanted: ByteRange) -> Iterator[bytes]:
    """These bytes of a seekable file, some at a time; the file is closed at the end."""
    with source:
        source.seek(wanted.start)
        left = wanted.length
        while left and (block := source.read(min(left, _BLOCK_BYTES))):
            left -= len(block)
            yield block
