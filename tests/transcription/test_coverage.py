"""Speech that got no words is heard again by itself."""

import numpy as np

from server.transcription.coverage import cuts
from server.transcription.noise import CHUNKS_PER_SECOND, Voice
from server.transcription.windows import SAMPLE_RATE, Span, Window
from server.transcription.words import Spoken


def voice(*stretches: tuple[float, float]) -> Voice:
    """Each stretch is a length in seconds and how likely voice is in it."""
    return Voice(np.concatenate([np.full(round(seconds * CHUNKS_PER_SECOND), likely) for seconds, likely in stretches]))


def spoken(*times: tuple[float, float]) -> list[Spoken]:
    return [Spoken(" so", start, end, 0.9) for start, end in times]


def test_a_window_whose_speech_all_got_words_stays_whole() -> None:
    assert cuts(spoken((0.1, 0.6), (0.7, 1.4), (3.5, 4.0)), voice((1.5, 0.9), (2, 0.1), (1, 0.9))) == []


def test_a_pause_is_no_speech_that_was_passed_over() -> None:
    assert cuts(spoken((0.1, 1.0), (9.0, 10.0)), voice((1, 0.9), (8, 0.1), (1, 0.9))) == []


def test_speech_before_the_first_word_is_cut_off_in_the_pause() -> None:
    [cut] = cuts(spoken((6.2, 6.6), (6.7, 7.9)), voice((6, 0.9), (0.3, 0.1), (2, 0.9)))
    assert 5.9 < cut < 6.3


def test_a_word_that_is_stretched_over_speech_does_not_stand_for_it() -> None:
    [cut] = cuts(spoken((0.2, 0.8), (0.9, 8.8)), voice((1.6, 0.9), (0.3, 0.1), (7, 0.9)))
    assert 1.5 < cut < 2.1


def test_a_window_without_any_words_is_not_heard_again() -> None:
    assert cuts([], voice((8, 0.9))) == []


def test_the_parts_of_a_window_are_the_window() -> None:
    second = SAMPLE_RATE
    window = Window((Span(0, 4 * second), Span(10 * second, 14 * second)))
    assert window.cut([]) == [window]
    first, last = window.cut([5.0])
    assert first == Window((Span(0, 4 * second), Span(10 * second, 11 * second)))
    assert last == Window((Span(11 * second, 14 * second),))
    assert window.cut([0.02]) == [window]
