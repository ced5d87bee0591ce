"""Where a computer listens again for words that are withheld, and what it takes for them."""

import pytest

from server.domain.redaction_check import is_heard, spans_of, wider
from server.domain.transcript import Word


def _said(text: str, from_ms: int = 0) -> list[Word]:
    return [Word(f" {word}", from_ms + 500 * n, from_ms + 500 * n + 450) for n, word in enumerate(text.split())]


@pytest.mark.parametrize(("stretches", "duration_ms", "spans"), [
    ([], 60_000, ()),
    ([(10_000, 10_500)], 60_000, ((7000, 13_500),)),
    ([(200, 700), (59_000, 59_900)], 60_000, ((0, 3700), (56_000, 60_000))),
    ([(20_000, 20_500), (10_000, 10_500)], None, ((7000, 13_500), (17_000, 23_500))),
    ([(10_000, 10_500), (15_000, 15_500)], 60_000, ((7000, 18_500),)),
    ([(70_000, 70_500)], 60_000, ()),
])
def test_it_listens_to_each_stretch_with_three_seconds_around_it(stretches, duration_ms, spans):
    assert spans_of(stretches, duration_ms) == spans


@pytest.mark.parametrize(("withheld", "said", "heard"), [
    ("Quillfeather", "we saw Mr. QUILLFEATHER's dog", True),
    ("Quillfeather", "we saw Mr. Quillfeather, again", True),
    ("Mossy Hollow", "down in mossy hollow", True),
    ("Mossy Hollow", "down in Mossyhollow", True),
    ("Mossy Hollow", "a mossy and hollow tree", False),
    ("0161 496 0000", "call 01614960000", True),
    ("Ann", "the announcement", False),
    ("José", "and Jose said", True),
    ("Ann", "", False),
])
def test_withheld_words_are_heard_however_they_are_written(withheld, said, heard):
    assert is_heard(withheld, _said(said)) is heard


def test_words_that_are_withheld_in_one_place_may_be_said_in_another():
    words = _said("in May", 8000)
    assert is_heard("May", words, (8500, 9000))
    assert not is_heard("May", words, (2000, 2500))


def test_more_is_taken_out_four_times_and_then_somebody_must_look():
    assert [wider(widened) for widened in (0, 25, 75, 150, 175, 425, 600)] == [25, 75, 175, 175, 425, None, None]
