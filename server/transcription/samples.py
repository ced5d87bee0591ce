"""The sound of a recording for the speech model, read from a file a stretch at a time."""

import os
from tempfile import TemporaryFile
from typing import BinaryIO, Self

import numpy as np

from server.media.pcm import SAMPLE_BYTES, SPEECH_SAMPLE_RATE, from_pcm, to_pcm


class Samples:
    """An open file of bare sound as `server.media.pcm` has it. Memory does not grow with the recording."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = os.fstat(file.fileno()).st_size // SAMPLE_BYTES

    @classmethod
    def of(cls, sound: np.ndarray) -> Self:
        """The same from float samples in [-1, 1], through a file without a name."""
        file = TemporaryFile()  # noqa: SIM115 (it lives as long as the samples)
        file.write(to_pcm(sound))
        file.flush()
        return cls(file)

    def __len__(self) -> int:
        return self._length

    @property
    def duration_ms(self) -> int:
        return self._length * 1000 // SPEECH_SAMPLE_RATE

    def stretch(self, start: int, end: int) -> np.ndarray:
        """float32 in [-1, 1) from sample `start` up to `end`, as far as there is any. Reads no more than that."""
        start, end = max(start, 0), min(end, self._length)
        left, pieces = max(end - start, 0) * SAMPLE_BYTES, list[bytes]()
        while left and (piece := os.pread(self._file.fileno(), left, end * SAMPLE_BYTES - left)):
            pieces.append(piece)
            left -= len(piece)
        return from_pcm(b"".join(pieces))
