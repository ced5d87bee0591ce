"""What every place that keeps media must do. Bytes are named by their SHA-256 and never change."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from server.domain.hashes import is_sha256

BLOCK_BYTES = 1024 * 1024
_NOTE = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class StoredBytes:
    """What was stored: its name (SHA-256, 64 lower-case hex digits) and its size in bytes."""

    sha256: str
    size: int


class MediaStore(Protocol):
    """Keeps bytes for good. A name that is not 64 lower-case hex digits raises ValueError everywhere."""

    def adopt(self, path: Path, sha256: str) -> None:
        """Copy in a staged file whose bytes must have this SHA-256, and read the copy back to be sure of it.

        When it returns, the bytes survive a power cut. The staged file stays, for the caller to remove once it has
        written down that the bytes are here. Adopting again what is already here is no error, even when the staged
        file is gone.
        Raises HashMismatch (nothing is stored), MediaMissing (neither is there), StorageFull or StoreUnavailable.
        """

    def put(self, source: BinaryIO) -> StoredBytes:
        """Store what is left to read in `source`, a seekable file. As durable as `adopt`.

        Raises StorageFull, StoreUnavailable.
        """

    def open(self, sha256: str) -> BinaryIO:
        """A seekable reader, for the caller to close. Raises MediaMissing, StoreUnavailable (also while reading)."""

    def size(self, sha256: str) -> int:
        """Bytes. Raises MediaMissing, StoreUnavailable."""

    def __contains__(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None:
        """Remove the bytes; no error when they are gone already. Raises StoreUnavailable."""

    def link(self, sha256: str, content_type: str, seconds: int) -> str | None:
        """An address that gives these bytes to whoever has it, for so many seconds; None when this store gives none.

        It is for somebody whose consent to read was checked just now.
        """

    def links_from(self) -> str | None:
        """Where its links lead, as `https://host`; None when it gives none. Asks nobody and needs no credentials."""

    def write_note(self, name: str, content: bytes) -> None:
        """Keep a small private file that no backup of the database forgets, as durable as media. Writing it again
        replaces it, and leaves no version of what it said. A name that is not of a-z, 0-9 and hyphens raises
        ValueError, here and below.
        """

    def read_note(self, name: str) -> bytes:
        """Raises MediaMissing."""

    def list_notes(self) -> list[str]:
        """The names of all notes, in order."""


def checked_name(sha256: str) -> str:
    """The name itself when it is 64 lower-case hex digits; ValueError otherwise, so no path can be smuggled in."""
    if not is_sha256(sha256):
        raise ValueError("a stored file is named by 64 lower-case hex digits")
    return sha256


def checked_note(name: str) -> str:
    """The name itself when it may name a note; ValueError otherwise."""
    if not _NOTE.fullmatch(name):
        raise ValueError("a note is named by a-z, 0-9 and hyphens")
    return name


def blocks_of(source: BinaryIO) -> Iterator[bytes]:
    """What is left of `source`, a mebibyte at a time."""
    while block := source.read(BLOCK_BYTES):
        yield block


def measured(blocks: Iterable[bytes]) -> StoredBytes:
    """The SHA-256 and the size of bytes that pass by."""
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return StoredBytes(digest.hexdigest(), size)
