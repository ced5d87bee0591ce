"""What turns of voices say about the segments of a transcript."""

import json

import pytest

from server.domain.transcript import Word
from server.domain.turns import Said, Turn, from_json, same_voices, speakers_of, to_json

TWO = [Turn(0, 5_000, 1), Turn(5_400, 9_000, 2)]


def test_turns_come_back_as_they_went() -> None:
    turns = [*TWO, Turn(9_000, 9_500, 1, is_clear=False)]
    assert from_json(json.loads(json.dumps(to_json(turns)))) == turns


def test_what_is_not_turns_is_not_taken() -> None:
    with pytest.raises(KeyError):
        from_json({})
    with pytest.raises(ValueError, match="unpack"):
        from_json({"turns": [[0, 1]]})


def test_each_segment_gets_the_voice_that_says_it() -> None:
    assert speakers_of([Said(100, 4_900), Said(5_500, 8_000), Said(8_100, 9_200)], TWO) == [1, 2, 2]


def test_a_segment_across_two_turns_gets_nobody() -> None:
    assert speakers_of([Said(3_000, 7_500)], TWO) == [None]


def test_a_little_of_another_voice_at_the_edge_does_no_harm() -> None:
    assert speakers_of([Said(500, 5_900)], TWO) == [1]


def test_the_words_count_and_not_the_pause_between_them() -> None:
    words = (Word("Yes", 4_500, 5_000), Word(" so", 9_500, 9_600))
    assert speakers_of([Said(4_500, 9_600, words)], TWO) == [1]


def test_words_without_length_count_a_little() -> None:
    assert speakers_of([Said(6_000, 6_000, (Word("and", 6_000, 6_000),))], TWO) == [2]


def test_a_segment_that_turns_tell_little_about_gets_nobody() -> None:
    assert speakers_of([Said(8_500, 12_000)], TWO) == [None]


def test_a_turn_that_is_not_clear_suggests_nobody() -> None:
    assert speakers_of([Said(0, 900)], [Turn(0, 1_000, 1, is_clear=False)]) == [None]
    mixed = [Turn(0, 1_000, 1), Turn(1_000, 2_000, 1, is_clear=False)]
    assert speakers_of([Said(0, 2_000)], mixed) == [None]


def test_without_turns_nobody_is_suggested() -> None:
    assert speakers_of([Said(0, 900)], []) == [None]


def test_a_voice_that_speaks_where_somebody_is_known_to_speak_is_theirs() -> None:
    known = [(0, 4_000, "Rose"), (4_000, 9_500, "Amal"), (20_000, 30_000, "Kit")]
    assert same_voices(TWO, known) == {1: "Rose", 2: "Amal"}


def test_two_voices_are_never_one_person() -> None:
    assert same_voices(TWO, [(0, 9_000, "Rose")]) == {1: "Rose"}


def test_a_voice_is_nobodys_where_two_are_known_to_speak_about_as_much() -> None:
    assert same_voices([Turn(0, 4_000, 1)], [(0, 2_000, "Rose"), (2_000, 4_000, "Amal")]) == {}


def test_nobody_is_known_where_nothing_was_said_before() -> None:
    assert same_voices(TWO, []) == {}
