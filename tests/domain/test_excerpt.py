"""Which words a chosen stretch becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.excerpt import cut, words_of
from server.domain.transcript import Segment, Word


def _segment(*words: tuple[str, int, int]) -> Segment:
    own = tuple(Word(*word) for word in words)
    return Segment("".join(word.text for word in own), own[0].start_ms, own[-1].end_ms, own)


TALK = (
    _segment(("We", 0, 400), (" waited", 400, 900), (" all", 1000, 1300), (" night.", 1300, 1900)),
    _segment(("Nobody", 3000, 3400), (" came.", 3400, 4000)),
)


def test_a_stretch_within_words_grows_to_whole_words() -> None:
    passage = cut(TALK, 450, 1100)
    assert passage.text == "waited all"
    assert (passage.start_ms, passage.end_ms) == (400, 1300)


def test_a_stretch_that_ends_where_a_word_begins_leaves_that_word_out() -> None:
    assert cut(TALK, 0, 400).text == "We"


def test_a_passage_over_two_segments_has_a_space_between_them() -> None:
    assert cut(TALK, 1300, 3400).text == "night. Nobody"


def test_the_words_of_a_passage_joined_are_its_text() -> None:
    passage = cut(TALK, 0, 4000)
    assert "".join(word.text for word in passage.words) == passage.text == "We waited all night. Nobody came."


def test_a_word_without_length_is_taken_with_its_neighbours() -> None:
    talk = (_segment(("Oh", 0, 200), (",", 200, 200), (" no", 200, 500)),)
    assert cut(talk, 0, 500).text == "Oh, no"


def test_a_segment_without_word_times_is_taken_whole() -> None:
    assert cut((Segment("We went home.", 0, 2000),), 500, 600).text == "We went home."


@pytest.mark.parametrize(("start_ms", "end_ms"), [(500, 500), (900, 100), (-1, 100), (2000, 2900), (4000, 9000)])
def test_an_empty_inside_out_or_silent_stretch_is_refused(start_ms: int, end_ms: int) -> None:
    with pytest.raises(Invalid):
        cut(TALK, start_ms, end_ms)


def test_a_stretch_of_a_transcript_without_words_is_refused() -> None:
    with pytest.raises(Invalid):
        cut((), 0, 1000)


@given(st.integers(0, 4000), st.integers(1, 4000))
def test_cutting_what_was_cut_gives_the_same_passage(start_ms: int, length_ms: int) -> None:
    try:
        passage = cut(TALK, start_ms, start_ms + length_ms)
    except Invalid:
        return
    assert cut(TALK, passage.start_ms, passage.end_ms) == passage
    assert all(word.text.strip() in {w.text.strip() for w in words_of(TALK)} for word in passage.words)
