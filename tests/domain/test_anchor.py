"""What a transcript says now where an excerpt was cut."""

from server.domain import anchor
from server.domain.transcript import Word

SPOKEN = tuple(Word(f" {word}", number * 500, number * 500 + 450, 0.9)
               for number, word in enumerate(["We", "waited", "all", "night", "for", "a", "bed."]))
OWN = (Word("waited", 500, 950, 0.9), *SPOKEN[2:4])  # waited all night
START, END = 500, 1950


def now(*spoken: Word) -> str:
    return anchor.text_of(anchor.words_now(spoken, OWN, START, END))


def test_what_was_not_touched_is_the_same() -> None:
    found = anchor.words_now(SPOKEN, OWN, START, END)
    assert found == OWN
    assert anchor.is_same(found, "waited all night")


def test_a_word_that_was_changed_in_its_place_is_found() -> None:
    assert now(SPOKEN[0], SPOKEN[1], Word(" every", 1000, 1450), *SPOKEN[3:]) == "waited every night"
    assert now(SPOKEN[0], Word(" sat", 500, 950), *SPOKEN[2:]) == "sat all night"


def test_words_put_in_without_length_belong_where_they_stand() -> None:
    before, after, within = Word(" just", 500, 500), Word(" long", 1950, 1950), Word(" for", 950, 950)
    assert now(SPOKEN[0], before, *SPOKEN[1:4], after, *SPOKEN[4:]) == "waited all night"
    assert now(*SPOKEN[:2], within, *SPOKEN[2:]) == "waited for all night"


def test_words_beside_it_may_change_and_go() -> None:
    assert now(Word(" They", 0, 200), Word(" have", 200, 450), *SPOKEN[1:4]) == "waited all night"
    assert now(*SPOKEN[1:4]) == "waited all night"


def test_what_is_left_of_a_passage_whose_words_went_is_what_is_spoken_there() -> None:
    assert now(SPOKEN[0], *SPOKEN[2:]) == "all night"
    assert now(SPOKEN[0], *SPOKEN[4:]) == ""


def test_spaces_and_how_words_are_split_up_make_no_difference() -> None:
    words = (Word("waited", 500, 950), Word("  all ni", 1000, 1700), Word("ght", 1700, 1950))
    assert anchor.is_same(words, "waited all night")
    assert not anchor.is_same(words, "waited all knight")


def test_the_hash_is_of_the_words_whatever_the_spaces() -> None:
    assert anchor.hash_of("waited  all\nnight ") == anchor.hash_of("waited all night")
