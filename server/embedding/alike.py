"""Which vectors are most like some that were chosen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from server.embedding import DIMENSIONS, SCALE

# A passage is as much like a theme as it is like the nearest few under it: a theme can hold several kinds of thing.
_NEAREST = 3
# So many are turned into floating numbers at once: 12 MB of them.
_AT_ONCE = 8192
# The middle of all passages is estimated from about so many of them.
_FOR_MIDDLE = 4096


@dataclass(frozen=True)
class Near:
    """The vector of this `number` among all, and the place among those chosen of the one that it is most like."""

    number: int
    like: int


def most_like(vectors: bytes, chosen: Sequence[int], left_out: Collection[int], most: int) -> list[Near]:
    """The vectors that are most like the chosen ones, by their numbers, at most so many, the nearest first.

    What all passages have in common, being speech about care, is taken away first, or each would be like every other.
    Only what stands out is given: what is nearer than most, by one standard deviation.
    """
    every = np.frombuffer(vectors, dtype=np.int8).reshape(-1, DIMENSIONS)
    middle = every[::max(1, len(every) // _FOR_MIDDLE)].mean(axis=0, dtype=np.float32)
    wanted = every[list(chosen)].astype(np.float32) - middle
    wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-6)
    nearest = min(_NEAREST, len(chosen))
    likeness = np.concatenate([
        np.partition(every[start:start + _AT_ONCE].astype(np.float32) @ wanted.T - middle @ wanted.T,
                     -nearest, axis=1)[:, -nearest:].mean(axis=1)
        for start in range(0, len(every), _AT_ONCE)]) / SCALE
    stays = np.ones(len(every), dtype=bool)
    stays[[*left_out, *chosen]] = False
    if not stays.any():
        return []
    least = likeness[stays].mean() + likeness[stays].std()
    order = np.argsort(-likeness, kind="stable")
    found = [int(number) for number in order[:most + len(left_out) + len(chosen)]
             if stays[number] and likeness[number] > least][:most]
    return [Near(number, int(np.argmax((every[number].astype(np.float32) - middle) @ wanted.T))) for number in found]
