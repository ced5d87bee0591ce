"""Time left is told once there is enough to tell it from, and never of what an earlier attempt did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.remaining import in_words, left_seconds


def test_half_of_the_work_takes_as_long_as_the_other_half() -> None:
    assert left_seconds(0.0, 0.5, 60.0) == 60.0


def test_what_was_done_before_an_attempt_says_nothing_of_its_pace() -> None:
    assert left_seconds(0.5, 0.75, 60.0) == 60.0


@pytest.mark.parametrize(("began", "share", "seconds"), [(0.0, 0.5, 1.0), (0.0, 0.0, 60.0), (0.5, 0.51, 60.0),
                                                        (0.5, 0.0, 60.0)])
def test_too_little_tells_nothing(began: float, share: float, seconds: float) -> None:
    assert left_seconds(began, share, seconds) is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 10**6))
def test_what_is_left_is_never_less_than_nothing(began: float, share: float, seconds: float) -> None:
    left = left_seconds(began, share, seconds)
    assert left is None or left >= 0


@pytest.mark.parametrize(("seconds", "words"), [
    (None, ""), (0, "Less than a minute left"), (29, "Less than a minute left"), (45, "About 1 minute left"),
    (175, "About 3 minutes left"), (5300, "About 88 minutes left"), (5500, "About 2 hours left"),
    (11_000, "About 3 hours left")])
def test_it_is_said_as_people_say_it(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words
