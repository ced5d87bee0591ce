"""Reads CTranslate2's `model.bin`, version 6, without CTranslate2.

Format (little-endian), after CTranslate2's own reader, src/models/model.cc: u32 version, string spec, u32 revision, u32
count; for each variable: string name, u8 rank, u32 for each dimension, u8 type, u32 bytes, the numbers; then u32 count
of aliases, each two strings. A string is a u16 length, closing NUL included, and its bytes. It is numbers and names
alone, so reading it runs nothing.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

VERSION = 6
_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


class Ct2Unreadable(Exception):
    """The file is not a version 6 model, or stops before its end."""


@dataclass(frozen=True)
class Ct2Model:
    """`spec` is what kind of model it is; `variables` are its numbers by name, aliases included."""

    spec: str
    revision: int
    variables: dict[str, np.ndarray]


def read_ct2(source: BinaryIO) -> Ct2Model:
    """Raises Ct2Unreadable."""
    version = _number(source, "<I")
    if version != VERSION:
        raise Ct2Unreadable(f"this is version {version}; only version {VERSION} is read here")
    spec = _string(source)
    revision = _number(source, "<I")
    variables = dict(_variable(source) for _ in range(_number(source, "<I")))
    for _ in range(_number(source, "<I")):
        alias, name = _string(source), _string(source)
        if name not in variables:
            raise Ct2Unreadable(f"{alias} stands for {name}, which is not in the file")
        variables[alias] = variables[name]
    return Ct2Model(spec, revision, variables)


def _variable(source: BinaryIO) -> tuple[str, np.ndarray]:
    name = _string(source)
    shape = [_number(source, "<I") for _ in range(_number(source, "<B"))]
    kind = _number(source, "<B")
    size = _number(source, "<I")
    if kind not in _TYPES:
        raise Ct2Unreadable(f"{name} holds numbers of an unknown type, {kind}")
    numbers = np.frombuffer(_exactly(source, size), dtype=_TYPES[kind])
    if numbers.size != int(np.prod(shape, dtype=np.int64)):
        raise Ct2Unreadable(f"{name} does not hold as many numbers as its shape says")
    return name, numbers.reshape(shape)


def _number(source: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, _exactly(source, struct.calcsize(form)))[0])


def _string(source: BinaryIO) -> str:
    return _exactly(source, _number(source, "<H")).rstrip(b"\0").decode("utf-8")


def _exactly(source: BinaryIO, size: int) -> bytes:
    read = source.read(size)
    if len(read) != size:
        raise Ct2Unreadable("the file stops before its end")
    return read
