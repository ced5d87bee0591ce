"""The headers of tus 1.0.0, the protocol for uploads that can go on where they stopped (tus.io/protocols)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from server.domain.errors import BadRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
CHECKSUM_ALGORITHMS = ("sha256", "sha1")
KEPT_FOR = timedelta(days=30)
_BYTES = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[!-+\--~]{1,100}")
_MOST_METADATA = 16_000


class Digest(Protocol):
    def update(self, block: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one PATCH must hash to."""

    algorithm: str
    digest: bytes

    def started(self) -> Digest:
        return hashlib.new(self.algorithm, usedforsecurity=False)


def read_bytes(name: str, text: str | None) -> int:
    """The number of bytes in a header. Raises BadRequest when it is not there or not a number."""
    if text is None or not _BYTES.fullmatch(text):
        raise BadRequest(f"The header {name} must be a number of bytes.")
    return int(text)


def read_metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: keys, each with a value in base64 (or none), between commas. Values are UTF-8 here."""
    if len(header) > _MOST_METADATA:
        raise BadRequest("The header Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise BadRequest("The header Upload-Metadata has a key that is empty, repeated or not ASCII.")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise BadRequest(f"The value of {key} in Upload-Metadata is not base64 of UTF-8.") from None
    return found


def write_metadata(values: Mapping[str, str]) -> str:
    """`Upload-Metadata` with these values."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def read_checksum(header: str | None) -> Checksum | None:
    """`Upload-Checksum`: an algorithm and a digest in base64. Raises BadRequest for algorithms not offered."""
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in CHECKSUM_ALGORITHMS:
        raise BadRequest(f"The checksum must be one of: {', '.join(CHECKSUM_ALGORITHMS)}.")
    try:
        return Checksum(algorithm, base64.b64decode(value.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise BadRequest("The checksum is not base64.") from None
