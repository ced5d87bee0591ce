"""Writes the MP3 that browsers play: mono, 48 kHz, constant 64 kbit/s, and nothing in it but sound.

At 48 kHz and 64 kbit/s every frame is 192 bytes long, so a player that guesses a place from the file's size
guesses right, and so seeking is exact in Chromium and Safari.
"""

from collections.abc import Iterator
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame

SAMPLE_RATE = 48_000
BIT_RATE = 64_000
_BLOCK_SAMPLES = 1152 * 64


def write_mp3(blocks: Iterator[np.ndarray], sink: BinaryIO) -> int:
    """Encode mono float32 blocks at SAMPLE_RATE into `sink`, which can seek. Returns the milliseconds written."""
    written = 0
    with av.open(sink, "w", format="mp3", container_options={"id3v2_version": "0", "write_xing": "1"}) as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="mono", bit_rate=BIT_RATE)
        # Without a reservoir each frame decodes alone, so sound is right at once after a seek.
        stream.codec_context.options = {"reservoir": "0", "compression_level": "5"}
        for block in _regrouped(blocks):
            container.mux(stream.encode(_frame(block, written)))
            written += len(block)
        container.mux(stream.encode(None))
    return round(written * 1000 / SAMPLE_RATE)


def _frame(block: np.ndarray, first_sample: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = first_sample
    return frame


def _regrouped(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """The same samples in fewer, larger blocks."""
    waiting: list[np.ndarray] = []
    for block in blocks:
        waiting.append(block)
        if sum(map(len, waiting)) >= _BLOCK_SAMPLES:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)
