"""Where a recording is cut into windows of speech."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.transcription.samples import Samples
from server.transcription.windows import CHUNK, MAX_WINDOW, SAMPLE_RATE, Span, Window, speech_windows

SECOND = SAMPLE_RATE / CHUNK  # chunks


def probabilities(*stretches: tuple[float, float]) -> np.ndarray:
    """Each stretch is a length in seconds and how likely speech is in it."""
    return np.concatenate([np.full(round(seconds * SECOND), likely) for seconds, likely in stretches])


def windows_of(*stretches: tuple[float, float]) -> list[Window]:
    likely = probabilities(*stretches)
    return speech_windows(likely, len(likely) * CHUNK)


def seconds(window: Window) -> list[tuple[float, float]]:
    return [(round(piece.start / SAMPLE_RATE, 1), round(piece.end / SAMPLE_RATE, 1)) for piece in window.pieces]


def test_silence_has_no_windows() -> None:
    assert windows_of((60, 0.1)) == []
    assert speech_windows(np.zeros(0), 0) == []


def test_a_click_is_not_speech() -> None:
    assert windows_of((5, 0), (0.09, 0.9), (5, 0)) == []


def test_speech_keeps_a_little_of_the_silence_around_it() -> None:
    (window,) = windows_of((10, 0), (4, 0.9), (10, 0))
    assert seconds(window) == [(9.6, 14.4)]


def test_a_pause_for_breath_stays_in_the_window() -> None:
    (window,) = windows_of((4, 0.9), (0.8, 0), (4, 0.9))
    assert seconds(window) == [(0.0, 8.8)]


def test_a_long_silence_is_left_out() -> None:
    (window,) = windows_of((4, 0.9), (20, 0), (4, 0.9))
    assert [len(seconds(window)), round(window.length / SAMPLE_RATE, 1)] == [2, 8.8]


def test_a_window_ends_at_the_longest_pause_of_its_last_fifth() -> None:
    first, second = windows_of((16, 0.9), (1, 0), (7, 0.9), (0.9, 0), (1, 0.9), (0.6, 0), (10, 0.9))
    assert seconds(first) == [(0.0, 24.4)]
    assert seconds(second) == [(24.5, 36.5)]


def test_speech_without_a_pause_is_cut_where_it_is_least_like_speech() -> None:
    first, second = windows_of((20, 0.9), (0.1, 0.6), (20, 0.9))
    assert seconds(first)[-1][1] == pytest.approx(20.0, abs=0.1)
    assert first.pieces[-1].end == second.pieces[0].start


def test_a_word_after_a_long_silence_has_its_place_in_the_recording() -> None:
    window = Window((Span(1_000, 2_000), Span(9_000, 10_000)))
    assert window.in_recording(100, 300) == (1_100, 1_300)
    assert window.in_recording(1_200, 1_500) == (9_200, 9_500)


def test_a_word_never_reaches_across_a_silence_that_was_left_out() -> None:
    window = Window((Span(1_000, 2_000), Span(9_000, 10_000)))
    assert window.in_recording(900, 1_050) == (1_900, 2_000)
    assert window.in_recording(950, 1_200) == (9_000, 9_200)
    assert window.in_recording(1_900, 2_500) == (9_900, 10_000)


def test_the_sound_of_a_window_is_its_pieces_joined() -> None:
    samples = Samples.of(np.arange(100) / 128)
    window = Window((Span(10, 12), Span(50, 53)))
    assert (window.sound(samples) * 128).tolist() == [10, 11, 50, 51, 52]


@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from([0.0, 0.4, 0.6, 1.0])), max_size=20))
def test_all_sure_speech_is_in_exactly_one_window_and_no_window_is_too_long(runs: list[tuple[int, float]]) -> None:
    likely = np.array([value for length, value in runs for _ in range(length)])
    windows = speech_windows(likely, len(likely) * CHUNK)
    covered = np.zeros(len(likely) * CHUNK, dtype=np.int8)
    for window in windows:
        assert 0 < window.length <= MAX_WINDOW
        for piece in window.pieces:
            covered[piece.start : piece.end] += 1
    assert covered.max(initial=0) <= 1
    start = 0
    for length, value in runs:
        if value == 1.0 and length >= 4:
            assert covered[start * CHUNK : (start + length) * CHUNK].all()
        start += length
