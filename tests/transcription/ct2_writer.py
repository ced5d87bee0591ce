"""Writes `model.bin` as CTranslate2 does, for tests of the reader."""

import struct
from collections.abc import Mapping

import numpy as np

_TYPES = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def ct2_bytes(
    variables: Mapping[str, np.ndarray], aliases: Mapping[str, str] | None = None, version: int = 6
) -> bytes:
    written = struct.pack("<I", version) + _string("WhisperSpec") + struct.pack("<II", 3, len(variables))
    for name, value in variables.items():
        numbers = value.tobytes()
        written += _string(name) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
        written += struct.pack("<BI", _TYPES[value.dtype.name], len(numbers)) + numbers
    written += struct.pack("<I", len(aliases or {}))
    return written + b"".join(_string(alias) + _string(name) for alias, name in (aliases or {}).items())


def _string(text: str) -> bytes:
    ended = text.encode() + b"\0"
    return struct.pack("<H", len(ended)) + ended
