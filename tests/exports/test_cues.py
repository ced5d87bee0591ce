"""A transcript cut into captions."""

from itertools import pairwise

from hypothesis import given

from server.domain.transcript import Segment, Transcription, Word
from server.exports.cues import LINE_WIDTH, MOST_MS, Cue, cues_of
from server.exports.script import plain, script_of
from tests.exports.hostile import segments

SPOKEN = ("We waited all night for a bed. Nobody told us that he had been moved, and when we found him in the morning "
          "he was on a ward at the other end of the building.")


def cues(*spoken: Segment) -> list[Cue]:
    return list(cues_of(script_of(Transcription("en", 0.9, "base", 4_000_000, spoken))))


def said(text: str, each_ms: int = 400) -> Segment:
    """A segment of these words, one after another."""
    words = tuple(Word(f" {word}" if number else word, number * each_ms, (number + 1) * each_ms)
                  for number, word in enumerate(text.split()))
    return Segment(text, 0, len(words) * each_ms, words)


def test_a_short_segment_is_one_caption() -> None:
    [cue] = cues(Segment("We waited.", 0, 1_050))
    assert (cue.start_ms, cue.end_ms, cue.lines) == (0, 1_050, ("We waited.",))


def test_a_long_one_is_cut_where_somebody_draws_breath() -> None:
    assert [" ".join(cue.lines) for cue in cues(said(SPOKEN))] == [
        "We waited all night for a bed. Nobody told us that he had been moved,",
        "and when we found him in the morning he was",
        "on a ward at the other end of the building.",
    ]


def test_a_caption_is_on_at_most_two_lines_that_fit() -> None:
    for cue in cues(said(SPOKEN)):
        assert len(cue.lines) <= 2
        assert all(len(line) <= LINE_WIDTH for line in cue.lines)


def test_each_caption_has_the_times_of_its_own_words() -> None:
    first, second, third = cues(said(SPOKEN))
    assert (first.start_ms, first.end_ms) == (0, 15 * 400)
    assert (second.start_ms, third.start_ms) == (first.end_ms, second.end_ms)


def test_slow_words_are_cut_by_time() -> None:
    found = cues(said("one two three four", each_ms=3_000))
    assert [cue.lines for cue in found] == [("one two",), ("three four",)]


def test_without_word_times_each_word_gets_its_share() -> None:
    found = cues(Segment(SPOKEN, 10_000, 22_000))
    assert found[0].start_ms == 10_000
    assert found[-1].end_ms == 22_000
    assert all(cue.end_ms - cue.start_ms <= MOST_MS for cue in found)


def test_a_writing_without_spaces_is_cut_between_words_too() -> None:
    text = "我们等了整整一夜的床位" * 5
    words = tuple(Word(letter, number * 250, number * 250 + 250) for number, letter in enumerate(text))
    found = cues(Segment(text, 0, 55 * 250, words))
    assert len(found) > 1
    assert all(len(line) <= LINE_WIDTH // 2 for cue in found for line in cue.lines)
    assert " " not in "".join(line for cue in found for line in cue.lines)


@given(spoken=segments())
def test_captions_come_in_order_and_lose_no_word(spoken: tuple[Segment, ...]) -> None:
    found = cues(*spoken)
    for before, after in pairwise(found):
        assert before.start_ms <= after.start_ms
    assert all(cue.start_ms < cue.end_ms for cue in found)
    assert all(line and plain(line) == line for cue in found for line in cue.lines)
    joined = "".join("".join(cue.lines) for cue in found).replace(" ", "")
    assert joined == plain("".join(segment.text for segment in spoken)).replace(" ", "")
