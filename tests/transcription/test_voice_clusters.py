"""Windows of sound are put together into voices, as many as there are."""

import numpy as np
import pytest

from server.transcription import voice_clusters
from server.transcription.voice_clusters import groups_alike, speaking, voices_among

SIZE = 192


def voices(count: int) -> np.ndarray:
    """That have nothing in common."""
    return np.eye(SIZE, dtype=np.float32)[:count]


def said(order: list[int], spread: float = 0.06) -> np.ndarray:
    """Windows in which these voices speak, none quite like another. The seed is 5."""
    apart = np.random.default_rng(5).standard_normal((len(order), SIZE)).astype(np.float32) * spread
    windows = voices(max(order) + 1)[order] + apart
    return windows / np.linalg.norm(windows, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_as_many_voices_are_found_as_there_are(count: int) -> None:
    order = [number % count for number in range(20 * count)]
    windows = said(order)
    found = voices_among(windows, [1600] * len(windows))
    assert len(found) == count
    nearest = (windows @ found.T).argmax(1)
    assert len({(voice, int(label)) for voice, label in zip(order, nearest, strict=True)}) == count


def test_nobody_speaks_in_no_windows() -> None:
    assert len(voices_among(np.zeros((0, SIZE), dtype=np.float32), [])) == 0
    assert len(speaking(np.zeros((0, 0), dtype=np.float32), [])) == 0


def test_one_short_window_is_one_voice() -> None:
    assert len(voices_among(said([0]), [200])) == 1


def test_one_window_that_is_like_no_other_makes_no_speaker() -> None:
    windows = said([*[0] * 20, 1])
    assert len(voices_among(windows, [1600] * 21)) == 1


def test_of_a_long_recording_some_windows_are_put_together_and_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_clusters, "_MOST_WINDOWS", 40)
    windows = said([0] * 500 + [1] * 500)
    assert len(voices_among(windows, [1600] * 1000)) == 2


def test_groups_are_what_is_alike_on_average() -> None:
    groups = groups_alike(said([0, 1, 0, 2, 1, 0]), 0.27)
    assert groups[0] == groups[2] == groups[5]
    assert groups[1] == groups[4]
    assert len(set(groups)) == 3


def test_groups_are_those_of_trying_every_pair() -> None:
    windows = said([number % 4 for number in range(24)], spread=0.12)
    assert _same(groups_alike(windows, 0.2), _every_pair(windows, 0.2))


def test_a_window_that_is_hardly_like_another_voice_does_not_change_the_turn() -> None:
    likeness = np.array([[0.8, 0.1], [0.5, 0.55], [0.8, 0.1]])
    assert speaking(likeness, [False] * 3).tolist() == [0, 0, 0]


def test_after_a_pause_less_is_enough() -> None:
    likeness = np.array([[0.8, 0.1], [0.4, 0.6], [0.4, 0.6]])
    assert speaking(likeness, [False, True, False]).tolist() == [0, 1, 1]


def test_a_clear_change_is_one() -> None:
    likeness = np.array([[0.8, 0.1]] * 3 + [[0.1, 0.8]] * 3)
    assert speaking(likeness, [False] * 6).tolist() == [0, 0, 0, 1, 1, 1]


def _every_pair(windows: np.ndarray, alike: float) -> np.ndarray:
    """Average linkage as it is defined, which takes long."""
    groups = [[number] for number in range(len(windows))]
    while len(groups) > 1:
        pairs = [(float(np.mean(windows[one] @ windows[other].T)), place, next_place)
                 for place, one in enumerate(groups) for next_place, other in enumerate(groups) if place < next_place]
        nearness, one, other = max(pairs)
        if nearness < alike:
            break
        groups[one] += groups.pop(other)
    labels = np.zeros(len(windows), dtype=int)
    for label, members in enumerate(groups):
        labels[members] = label
    return labels


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))
