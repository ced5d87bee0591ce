"""How many voices there are, and which is heard when. Voices come as vectors of length 1, near for one voice.

The windows are put together by average linkage until no two groups are alike. That knows no number of speakers
beforehand, and where voices are hard to tell apart it ends with too few rather than too many.
"""

from collections.abc import Sequence

import numpy as np

# Tuned on conversations made of ten LibriSpeech voices, none of which is among those that the figures come from.
_ALIKE = 0.24  # groups of windows less alike than this, on average, are different voices
_ONE_VOICE = 0.45  # two voices more alike than this are one
_LEAST_WINDOWS_MS = 2_500  # of windows, which overlap: a voice that is heard for less is more likely a mistake
_MOST_WINDOWS = 2_000  # that are put together; all others are given to the voice they are nearest to
_CHANGE = 0.1
_CHANGE_AT_A_PAUSE = 0.05
_ROUNDS = 2
_NEVER = -9.0


def voices_among(windows: np.ndarray, lengths_ms: Sequence[int]) -> np.ndarray:
    """(voices, numbers) from (windows, numbers): the middle of each voice. One at least; none without windows.

    Work is bounded: of a long recording evenly spaced windows are looked at.
    """
    if not len(windows):
        return windows
    chosen = np.unique(np.linspace(0, len(windows) - 1, min(len(windows), _MOST_WINDOWS)).astype(int))
    looked_at, lengths = windows[chosen], np.asarray(lengths_ms)[chosen]
    groups = groups_alike(looked_at, _ALIKE)
    heard = np.bincount(groups, lengths)
    kept = np.flatnonzero(heard >= _LEAST_WINDOWS_MS)
    if not len(kept):
        kept = np.array([heard.argmax()])
    voices = _joined(np.stack([looked_at[groups == group].sum(0) for group in kept]))
    for _ in range(_ROUNDS):
        nearest = (windows @ voices.T).argmax(1)
        sums = [windows[nearest == voice].sum(0) for voice in range(len(voices))]
        voices = np.stack([_unit(total) if total.any() else voice for total, voice in zip(sums, voices, strict=True)])
    return voices


def groups_alike(windows: np.ndarray, alike: float) -> np.ndarray:
    """The number of each window's group, from 0, once no two groups are more `alike` on average."""
    likeness = (windows @ windows.T).astype(np.float32)
    np.fill_diagonal(likeness, _NEVER)
    sizes, groups = np.ones(len(windows)), np.arange(len(windows))
    nearest, nearness = likeness.argmax(1), likeness.max(1)
    while nearness[one := int(nearness.argmax())] >= alike:
        other = int(nearest[one])
        row = (sizes[one] * likeness[one] + sizes[other] * likeness[other]) / (sizes[one] + sizes[other])
        row[[one, other]] = _NEVER
        row[likeness[one] == _NEVER] = _NEVER
        likeness[[one, other]] = likeness[:, [one, other]] = _NEVER
        likeness[one] = likeness[:, one] = row
        sizes[one] += sizes[other]
        groups[groups == other] = one
        nearness[other] = _NEVER
        _look_again(likeness, nearest, nearness, (one, other))
    return np.unique(groups, return_inverse=True)[1]


def _look_again(likeness: np.ndarray, nearest: np.ndarray, nearness: np.ndarray, joined: tuple[int, int]) -> None:
    """Find the nearest anew for the group that was made, and for those that were nearest to one of its halves."""
    one, _ = joined
    stale = np.isin(nearest, joined) & (nearness > _NEVER)
    stale[one] = True
    nearest[stale], nearness[stale] = likeness[stale].argmax(1), likeness[stale].max(1)
    closer = likeness[one] > nearness
    nearest[closer], nearness[closer] = one, likeness[one][closer]


def _joined(sums: np.ndarray) -> np.ndarray:
    """The middles of groups, the most alike put together as long as they are one voice."""
    while len(sums) > 1:
        middles = _unit(sums)
        likeness = middles @ middles.T
        np.fill_diagonal(likeness, _NEVER)
        one, other = np.unravel_index(int(likeness.argmax()), likeness.shape)
        if likeness[one, other] < _ONE_VOICE:
            break
        sums[one] += sums[other]
        sums = np.delete(sums, other, axis=0)
    return _unit(sums)


def speaking(likeness: np.ndarray, after_a_pause: Sequence[bool]) -> np.ndarray:
    """Which voice each window has, from how alike it is to each voice: (windows, voices).

    The likeliest way through them all (Viterbi), where a change costs something, and less after a pause.
    """
    if not len(likeness):
        return np.zeros(0, dtype=int)
    best, ways = likeness[0].copy(), []
    for window, paused in zip(likeness[1:], after_a_pause[1:], strict=True):
        changed = best.max() - (_CHANGE_AT_A_PAUSE if paused else _CHANGE)
        ways.append(np.where(best >= changed, np.arange(len(best)), best.argmax()))
        best = np.maximum(best, changed) + window
    path = [int(best.argmax())]
    for way in reversed(ways):
        path.append(int(way[path[-1]]))
    return np.array(path[::-1])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
