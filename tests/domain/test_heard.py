"""Stretches of a recording, and which words lie in what was heard."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from server.domain import heard
from server.domain.heard import Stretch
from server.domain.transcript import Word

MOMENTS = 60
stretches = some.lists(some.tuples(some.integers(0, MOMENTS), some.integers(0, 15)).map(lambda s: (s[0], s[0] + s[1])))


def moments(some_stretches: list[Stretch] | tuple[Stretch, ...]) -> set[int]:
    return {at for start, end in some_stretches for at in range(start, end + 1)}


def said(text: str, step: int = 100) -> tuple[Word, ...]:
    """Words of a tenth of a second, without pauses."""
    return tuple(Word(f" {word}", number * step, (number + 1) * step) for number, word in enumerate(text.split()))


@given(stretches)
def test_a_union_holds_the_same_moments_apart_and_in_order(parts: list[Stretch]) -> None:
    found = heard.union(parts)
    assert moments(found) == moments(parts)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


@given(stretches, stretches)
def test_what_is_subtracted_is_gone_and_nothing_else(parts: list[Stretch], gone: list[Stretch]) -> None:
    assert moments(heard.subtract(parts, gone)) == moments(parts) - moments(gone)


def test_a_word_is_heard_where_its_middle_is() -> None:
    word = Word(" bed", 1000, 2000)
    assert heard.is_heard(word, [(0, 1500)])
    assert heard.is_heard(word, [(1500, 1500)])
    assert not heard.is_heard(word, [(0, 1499), (1501, 3000)])


def test_a_word_without_length_is_heard_where_it_stands() -> None:
    assert heard.is_heard(Word(" a", 700, 700), [(700, 700)])
    assert not heard.is_heard(Word(" a", 700, 700), [(0, 699)])


def test_every_word_has_to_be_heard_and_of_nothing_nothing_was() -> None:
    words = said("waited all night")
    assert heard.are_heard(words, [(0, 150), (200, 300)])
    assert not heard.are_heard(words, [(0, 149), (200, 300)])
    assert not heard.are_heard((), [(0, 1000)])


def test_what_is_heard_first_ends_before_a_word_that_nobody_heard() -> None:
    words = said("We waited all night")
    assert heard.heard_first(words, [(0, 200), (300, 400)]) == "We waited"
    assert heard.heard_first(words, [(100, 400)]) == ""


def test_what_was_heard_goes_along_where_the_words_are_the_same() -> None:
    before, after = said("we waited all night for a bed"), said("we waited all knight for a bed")
    assert heard.carried(before, after, [(0, 549)]) == ((0, 300), (400, 500))
    assert heard.carried(before, before, [(0, 700)]) == ((0, 700),)


def test_what_was_heard_goes_along_with_words_whose_times_moved_a_little() -> None:
    before = said("no no no we said")
    after = tuple(Word(word.text, word.start_ms + 30, word.end_ms + 30) for word in before)
    assert heard.carried(before, after, [(100, 500)]) == ((130, 530),)


def test_the_same_word_at_another_moment_was_not_heard() -> None:
    before, after = said("no yes"), said("yes no")
    assert heard.carried(before, after, [(0, 200)]) == ()
