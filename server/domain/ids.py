"""Identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

import os
import time
import uuid

from server.domain.errors import Invalid


def new_id() -> str:
    """A fresh UUIDv7 as 36 lower-case characters."""
    milliseconds = time.time_ns() // 1_000_000
    bits = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | bits & (1 << 80) - 1
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def checked_id(value: object, name: str = "id") -> str:
    """The value as a UUID in its usual form. Raises Invalid when it is not one."""
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) and len(value) == 36 else _refuse(name)
    except ValueError:
        return _refuse(name)


def _refuse(name: str) -> str:
    raise Invalid(fields={name: "This must be a UUID, such as 0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b."})
