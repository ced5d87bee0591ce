"""Takes what is withheld out of sound: a quiet tone, or silence, is there instead, and everything else stays in its
place.

Not one sample of a withheld stretch has any part in what comes out, so nothing of it can be brought back. What is
before and after it fades over a moment outside of it, so that no click is heard.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from server.media.mp3 import SAMPLE_RATE

BLEEP, SILENCE = "bleep", "silence"
_PITCH = 1000
_LOUDNESS = 0.05
_FADE_SAMPLES = SAMPLE_RATE * 8 // 1000


def without(blocks: Iterator[np.ndarray], stretches: Sequence[Sequence[Any]], from_ms: int = 0) -> Iterator[np.ndarray]:
    """The same blocks, mono at SAMPLE_RATE, without the `stretches`, each [start_ms, end_ms, BLEEP or SILENCE].

    The first sample is the one at `from_ms`; stretches may begin before it and end after the last. Raises ValueError
    for another way to withhold.
    """
    if others := {how for _, _, how in stretches} - {BLEEP, SILENCE}:
        raise ValueError(f"nobody knows how to withhold by {sorted(others)}")
    places = [(_sample(start_ms), _sample(end_ms), how) for start_ms, end_ms, how in stretches]
    at = _sample(from_ms)
    for block in blocks:
        yield _without(block, at, places)
        at += len(block)


def _sample(moment_ms: int) -> int:
    return moment_ms * SAMPLE_RATE // 1000


def _without(block: np.ndarray, at: int, places: Sequence[tuple[int, int, str]]) -> np.ndarray:
    """`at` is the number of the block's first sample."""
    near = [place for place in places
            if place[0] - _FADE_SAMPLES < at + len(block) and at < place[1] + _FADE_SAMPLES]
    if not near:
        return block
    numbers = np.arange(at, at + len(block))
    share, tone = np.ones(len(block)), np.zeros(len(block))
    for start, end, how in near:
        outside = np.maximum(start - numbers, numbers - end + 1)  # samples from the stretch; 0 or less within it
        share = np.minimum(share, np.clip(outside / _FADE_SAMPLES, 0, 1))
        if how == BLEEP:
            tone = np.maximum(tone, np.clip(1 - outside, 0, _FADE_SAMPLES) / _FADE_SAMPLES)
    # A product with nothing would keep what is no number.
    kept = np.where(share > 0, block * share, 0.0)
    return np.asarray(kept + _LOUDNESS * tone * np.sin(2 * np.pi * _PITCH / SAMPLE_RATE * numbers), dtype=np.float32)
