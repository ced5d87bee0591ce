"""Several recordings as one: each is decoded by itself, and what was heard is encoded once."""

from collections.abc import Callable, Iterator, Sequence
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import BinaryIO, cast

import numpy as np

from server.domain.errors import Refusal
from server.media.decode import frames_of, mono
from server.media.mp3 import SAMPLE_RATE, write_mp3


class _Part(RawIOBase):
    """Some of the bytes of a file, as a file of their own."""

    def __init__(self, whole: BinaryIO, begins: int, size: int) -> None:
        self._whole, self._begins, self._size, self._at = whole, begins, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        self._at = max(0, offset + {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        self._whole.seek(self._begins + self._at)
        piece = self._whole.read(min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def parts_of(whole: BinaryIO, sizes: Sequence[int]) -> list[BinaryIO]:
    """Files that lie end to end in another, each as a file. Only one of them is read at a time."""
    begins = np.cumsum([0, *sizes]).tolist()
    return [cast(BinaryIO, BufferedReader(_Part(whole, at, size))) for at, size in zip(begins, sizes, strict=False)]


def join(sources: Sequence[BinaryIO], sink: BinaryIO,
         on_share: Callable[[float], None] = lambda _share: None) -> list[int | None]:
    """Write one MP3 of all the sound into `sink` (seekable), one source after the other and nothing between them.

    Returns how many ms of it each source is, so that they add up to the whole; None for one that is no sound.
    `on_share` is told the share of sources that is done, 0 to 1.
    """
    counts: list[int] = []
    write_mp3(_end_to_end(sources, counts, on_share), sink)
    ends = [round(end * 1000 / SAMPLE_RATE) for end in np.cumsum([0, *counts])]
    return [after - before if count else None
            for count, before, after in zip(counts, ends, ends[1:], strict=False)]


def _end_to_end(sources: Sequence[BinaryIO], counts: list[int],
                on_share: Callable[[float], None]) -> Iterator[np.ndarray]:
    """The samples of each; how many those were is added to `counts`."""
    for number, source in enumerate(sources, start=1):
        counts.append(0)
        try:
            for block in mono(frames_of(source), SAMPLE_RATE):
                counts[-1] += len(block)
                yield block
        except Refusal:  # what was heard of it so far counts
            pass
        on_share(number / len(sources))
