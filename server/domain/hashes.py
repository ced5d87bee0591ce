"""SHA-256, everywhere as 64 lower-case hex digits: what stored bytes are named by, and what is kept of a secret."""

import hashlib
import re

_SHA256 = re.compile(r"[0-9a-f]{64}")


def sha256_of(text: str) -> str:
    """The hash of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_sha256(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None
