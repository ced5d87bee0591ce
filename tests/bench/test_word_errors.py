"""What counts as a wrong word, since every claim about accuracy rests on it."""

from tests.bench.word_errors import Errors, added, errors, together


def test_case_and_punctuation_are_no_errors_in_any_language() -> None:
    assert errors("nous sommes d'accord avec lui", "Nous sommes d'accord, avec lui.", "fr") == Errors(0, 6)


def test_numbers_and_short_forms_count_as_what_they_say_in_english_alone() -> None:
    assert errors("mister dashwood had twenty five", "Mr. Dashwood had 25", "en").wrong == 0
    assert errors("tenía veinticinco", "tenía 25", "es") == Errors(1, 2)


def test_a_word_put_in_left_out_or_replaced_counts_once() -> None:
    assert errors("one cat sat here", "cat sat down over here", "fr") == Errors(3, 4)


def test_a_share_over_several_recordings_is_of_all_their_words() -> None:
    assert together([Errors(1, 1), Errors(0, 99)]).per_cent == 1.0


def test_every_word_is_too_much_where_nobody_speaks_and_else_only_what_was_put_in() -> None:
    assert added("", "Thank you.") == 2
    assert added("", " ... ") == 0
    assert added("ask not what", "Ask not, you, what thing") == 2
