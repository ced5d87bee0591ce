"""Which times the words of a segment have once a person has written what it says."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.kept_words import rewritten, words_of
from server.domain.transcript import Segment, Word
from server.domain.word_alignment import matches
from server.domain.written_words import tidy, units


def segment(*texts: str) -> Segment:
    """Words of 400 ms with 100 ms between them, and 100 ms at the end."""
    words = tuple(Word(text, 500 * place, 500 * place + 400, 0.5 + place / 100) for place, text in enumerate(texts))
    return Segment("".join(texts).strip(), 0, 500 * len(texts), words)


NIGHT = segment("We", " waited", " all", " night.")


def timed(words: tuple[Word, ...]) -> list[tuple[str, int, int]]:
    return [(word.text, word.start_ms, word.end_ms) for word in words]


def test_a_word_that_was_kept_is_the_very_same() -> None:
    found = rewritten(NIGHT, "We waited half the night.")
    assert (found[0], found[1], found[-1]) == (NIGHT.words[0], NIGHT.words[1], NIGHT.words[3])


def test_words_in_place_of_others_share_out_their_time_by_their_length() -> None:
    found = rewritten(NIGHT, "We waited half a night.")
    assert timed(found)[2:4] == [(" half", 1000, 1320), (" a", 1320, 1400)]
    assert {word.probability for word in found[2:4]} == {None}


def test_one_word_in_place_of_several_has_all_their_time() -> None:
    assert timed(rewritten(NIGHT, "We stayed night."))[1:] == [(" stayed", 500, 1400), (" night.", 1500, 1900)]


def test_words_put_in_between_have_the_pause_there() -> None:
    assert timed(rewritten(NIGHT, "We waited nearly all night."))[2] == (" nearly", 900, 1000)


def test_words_put_in_where_there_is_no_pause_have_no_time() -> None:
    close = Segment("We went", 0, 800, (Word("We", 0, 400), Word(" went", 400, 800)))
    found = timed(rewritten(close, "So We all went home"))
    assert found[::2] == [("So", 0, 0), (" all", 400, 400), (" home", 800, 800)]


def test_words_put_first_and_last_have_what_the_segment_leaves() -> None:
    late = replace(NIGHT, start_ms=-300)
    assert timed(rewritten(late, "Yes We waited all night. Yes"))[::5] == [("Yes", -300, 0), (" Yes", 1900, 2000)]


def test_the_same_word_in_capitals_or_with_other_punctuation_keeps_its_times_alone() -> None:
    found = rewritten(NIGHT, "We Waited, all night")
    assert found == (NIGHT.words[0], Word(" Waited,", 500, 900, None), NIGHT.words[2], Word(" night", 1500, 1900, None))


def test_words_that_are_taken_out_leave_the_others_where_they_were() -> None:
    assert rewritten(NIGHT, "waited night.") == (replace(NIGHT.words[1], text="waited"), NIGHT.words[3])
    assert rewritten(NIGHT, "") == ()


def test_a_mark_in_brackets_is_one_word() -> None:
    found = rewritten(NIGHT, "We waited in [unclear: Leicester Royal] night. [laughs]")
    assert [word.text for word in found[2:]] == [" in", " [unclear: Leicester Royal]", " night.", " [laughs]"]


def test_what_the_machine_took_for_a_word_stays_one() -> None:
    own = segment(" well", "-known", " doctor")
    assert rewritten(own, "A well-known doctor")[1:] == own.words
    assert timed(rewritten(own, "Well-known, doctor"))[0] == ("Well-known,", 0, 900)


def test_scripts_without_spaces_are_kept_by_the_character() -> None:
    chinese = segment("我", "们", "去了", "医", "院。")
    found = rewritten(chinese, "我们都去了病院。")
    assert found[:2] == chinese.words[:2]
    assert timed(found)[2:] == [("都", 900, 1000), ("去了", 1000, 1400), ("病", 1500, 1900), ("院。", 2000, 2400)]
    assert found[3] == chinese.words[2]


def test_thai_that_the_machine_times_by_code_point_is_kept_so() -> None:
    thai = segment("ส", "ว", "ั", "ส", "ด", "ี")
    assert rewritten(thai, "สวัสดีดี")[:6] == thai.words
    assert [word.text for word in rewritten(thai, "สวัสบี")] == ["ส", "ว", "ั", "ส", "บี"]


def test_text_from_right_to_left_is_kept_by_its_words() -> None:
    hebrew = segment("חיכינו", " כל", " הלילה.")
    assert rewritten(hebrew, "חיכינו שם כל הלילה.")[::3] == hebrew.words[::2]


def test_a_segment_without_word_times_shares_its_time_out() -> None:
    bare = Segment("We went home.", 1000, 2100)
    assert timed(words_of(bare)) == [("We", 1000, 1200), (" went", 1200, 1600), (" home.", 1600, 2100)]
    assert timed(rewritten(bare, "We ran home."))[1] == (" ran", 1200, 1600)


def test_a_text_that_has_nothing_in_common_is_done_in_a_moment() -> None:
    own = segment(*(f" a{place}" for place in range(200)))
    assert len(rewritten(own, "好" * 2000)) == 2000


SAID = st.sampled_from(["a", "b", "c", "B,", "night.", "well-known", "[laughs]", "好", "了。", "ก", "ดี", "כל", "…"])
TEXT = st.lists(st.tuples(st.sampled_from(["", " ", " "]), SAID), max_size=9).map(
    lambda parts: tidy("".join(space + said for space, said in parts)))


@st.composite
def spoken(draw: st.DrawFn) -> Segment:
    """Words cut anywhere in a text, that neither overlap nor leave their segment."""
    text = draw(TEXT.filter(bool))
    cuts = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=8))})
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    moments = sorted(draw(st.lists(st.integers(0, 3000), min_size=2 * len(pieces) + 2, max_size=2 * len(pieces) + 2)))
    words = tuple(Word(piece, moments[2 * place + 1], moments[2 * place + 2], 0.5)
                  for place, piece in enumerate(pieces))
    return Segment(text, moments[0], moments[-1], words)


@given(spoken(), TEXT)
def test_words_are_the_text_in_order_of_time_within_the_segment(own: Segment, text: str) -> None:
    found = rewritten(own, text)
    moments = [own.start_ms, *(moment for word in found for moment in (word.start_ms, word.end_ms)), own.end_ms]
    assert "".join(word.text for word in found) == text
    assert moments == sorted(moments)
    assert all(word.text.strip() for word in found)


@given(spoken(), TEXT)
def test_a_word_with_a_probability_is_the_machines_own(own: Segment, text: str) -> None:
    theirs = {(word.text.strip(), word.start_ms, word.end_ms) for word in own.words}
    kept = [word for word in rewritten(own, text) if word.probability is not None]
    assert {(word.text.strip(), word.start_ms, word.end_ms) for word in kept} <= theirs


@given(spoken())
def test_what_is_not_changed_is_as_it_was(own: Segment) -> None:
    found = rewritten(own, own.text)
    assert [replace(word, text=word.text.strip()) for word in found] == [
        replace(word, text=word.text.strip()) for word in own.words if word.text.strip()]


@given(spoken(), st.integers(0, 8), SAID)
def test_changing_one_word_leaves_every_other_as_it_was(own: Segment, place: int, said: str) -> None:
    """Where words stand apart."""
    apart = [f" {unit.text}" for unit in units(own.text)]
    spaced = segment(apart[0].strip(), *apart[1:])
    place %= len(apart)
    changed = [*apart[:place], f" {said}x", *apart[place + 1:]]
    found = rewritten(spaced, tidy("".join(changed)))
    assert {*spaced.words[:place], *spaced.words[place + 1:]} <= {
        *found, *(replace(word, text=f" {word.text}") for word in found)} | {
        replace(word, text=word.text.strip()) for word in found}


@given(TEXT, TEXT)
def test_as_many_words_are_kept_as_can_be(before: str, after: str) -> None:
    old, new = units(before), units(after)
    pairs = matches(old, new)
    assert pairs == sorted(pairs)
    assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
    assert all(old[one].key == new[other].key for one, other in pairs)
    assert len(pairs) == _most([unit.key for unit in old], [unit.key for unit in new])


def _most(old: list[str], new: list[str]) -> int:
    """The length of the longest common subsequence, by trying everything that can be."""
    row = [0] * (len(new) + 1)
    for one in old:
        above, row = row, [0]
        for place, other in enumerate(new):
            row.append(above[place] + 1 if one == other else max(row[-1], above[place + 1]))
    return row[-1]


@pytest.mark.parametrize("text", ["[", "]", "[[", "“", "เ", "(((", "…"])
def test_punctuation_alone_is_a_word(text: str) -> None:
    assert "".join(word.text for word in rewritten(NIGHT, text)) == text
