"""Files that a phone saves so that what is on it can be brought in by hand (`*.earshot`), as they are written down in
`docs/decisions/0036-an-item-can-leave-a-phone-in-a-file.md`.

A line that says what it is, a line of JSON with the key it is sealed to, then frames: a length (u32, big-endian) and
AES-256-GCM ciphertext. The IV is the frame's number, the additional data its number and whether it is the last.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.domain.errors import ItemDamaged, ItemOfAnotherServer, NotAnItem, SealBroken
from server.domain.item import Item, ItemEntry, read_item
from server.sealing.keys import agreed_key

FIRST_LINE = b"EARSHOT-ITEM 1\n"
FRAME_BYTES = 1024 * 1024
_PURPOSE = b"earshot item 1"
_TAG_BYTES = 16
_MOST_LINE = 2000
_MOST_OPENING = 8 * 1024 * 1024

FindKey = Callable[[str], bytes | None]
"""The private key with this id (PKCS 8 in DER), or None."""


@dataclass(frozen=True)
class OpenedFile:
    """A file of an item: what it is, and its bytes, which have to be read before the next file's."""

    entry: ItemEntry
    blocks: Iterator[bytes]


class ItemFile:
    """A saved file whose every byte is as it was written, to read once from the start to its end."""

    def __init__(self, source: BinaryIO, find_key: FindKey) -> None:
        """Reads all of it, and remembers what is in it. Raises NotAnItem, ItemOfAnotherServer, ItemDamaged."""
        self._source, self._find_key = source, find_key
        plain = self._opened()
        self.item: Item = plain.item
        for entry in self.item.entries:
            if entry.body is None and _hash_of(plain.take(entry.size)) != entry.sha256:
                raise ItemDamaged
        plain.require_end()

    def files(self) -> Iterator[OpenedFile]:
        """Every file in order. What is not read of one is passed over."""
        plain = self._opened()
        for entry in self.item.entries:
            if entry.body is None:
                blocks = plain.take(entry.size)
                yield OpenedFile(entry, blocks)
                for _ in blocks:
                    pass

    def _opened(self) -> "_Plain":
        self._source.seek(0)
        if self._source.readline(len(FIRST_LINE)) != FIRST_LINE:
            raise NotAnItem
        return _Plain(_frames(self._source, _cipher(self._source.readline(_MOST_LINE), self._find_key)))


class _Plain:
    """What is inside, as one stream: a line of JSON, then the files."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames, self._left = frames, b""
        opening = bytearray()
        while True:
            if len(opening) > _MOST_OPENING:
                raise ItemDamaged
            # Only what is new is searched, so that many small frames cost no more than a few large ones.
            before, end, self._left = self._next().partition(b"\n")
            opening += before
            if end:
                break
        self.item = read_item(bytes(opening))

    def take(self, size: int) -> Iterator[bytes]:
        """The next bytes. Raises ItemDamaged where there are fewer."""
        while size:
            block = self._left or self._next()
            block, self._left = block[:size], block[size:]
            size -= len(block)
            yield block

    def require_end(self) -> None:
        """Raises ItemDamaged where there is more."""
        if self._left or any(self._frames):
            raise ItemDamaged

    def _next(self) -> bytes:
        block = next(self._frames, None)
        if block is None:
            raise ItemDamaged
        return block


def _cipher(line: bytes, find_key: FindKey) -> AESGCM:
    try:
        content = json.loads(line)
        key_id, point = content["key_id"], base64.b64decode(content["ephemeral"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise ItemDamaged from None
    private_key = find_key(key_id) if isinstance(key_id, str) else None
    if private_key is None:
        raise ItemOfAnotherServer
    try:
        return agreed_key(private_key, point, _PURPOSE)
    except SealBroken:
        raise ItemDamaged from None


def _frames(source: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    """The plaintext of each frame. Raises ItemDamaged for one that was changed, moved, added or left out."""
    number, is_last = 0, False
    while not is_last:
        length = int.from_bytes(_exactly(source, 4))
        if not _TAG_BYTES <= length <= FRAME_BYTES + _TAG_BYTES:
            raise ItemDamaged
        sealed = _exactly(source, length)
        is_last = _is_at_end(source)
        try:
            plain = cipher.decrypt(number.to_bytes(12), sealed, number.to_bytes(4) + bytes([is_last]))
        except InvalidTag:
            raise ItemDamaged from None
        if not plain and not is_last:
            raise ItemDamaged  # frames without anything in them only cost time
        yield plain
        number += 1


def _is_at_end(source: BinaryIO) -> bool:
    here = source.tell()
    is_end = not source.read(1)
    source.seek(here)
    return is_end


def _exactly(source: BinaryIO, size: int) -> bytes:
    found = source.read(size)
    if len(found) != size:
        raise ItemDamaged
    return found


def _hash_of(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
