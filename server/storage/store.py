"""What every place that keeps media must do. Bytes are named by their SHA-256 and never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from server.domain.hashes import is_sha256

BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class StoredBytes:
    """What was stored: its name (SHA-256, 64 lower-case hex digits) and its size in bytes."""

    sha256: str
    size: int


class MediaStore(Protocol):
    """Keeps bytes for good. A name that is not 64 lower-case hex digits raises ValueError everywhere."""

    def adopt(self, path: Path, sha256: str) -> None:
        """Take over a staged file whose bytes must have this SHA-256; the staged file is gone afterwards.

        When it returns, the bytes survive a power cut. Adopting again what is already here is no error.
        Raises HashMismatch (and leaves the staged file) or StorageFull.
        """

    def put(self, source: BinaryIO) -> StoredBytes:
        """Store everything that is left to read in `source`. As durable as `adopt`. Raises StorageFull."""

    def open(self, sha256: str) -> BinaryIO:
        """A seekable reader, for the caller to close. Raises MediaMissing."""

    def size(self, sha256: str) -> int:
        """Bytes. Raises MediaMissing."""

    def __contains__(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None:
        """Remove the bytes; no error when they are gone already."""


def checked_name(sha256: str) -> str:
    """The name itself when it is 64 lower-case hex digits; ValueError otherwise, so no path can be smuggled in."""
    if not is_sha256(sha256):
        raise ValueError("a stored file is named by 64 lower-case hex digits")
    return sha256


def blocks_of(source: BinaryIO) -> Iterator[bytes]:
    """What is left of `source`, a mebibyte at a time."""
    while block := source.read(BLOCK_BYTES):
        yield block
