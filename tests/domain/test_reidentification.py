"""What could point at one family: nothing that enough stories share, and always what one story has alone."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from server.domain.reidentification import (
    ENOUGH,
    WORDS_LOOKED_FOR,
    Fact,
    Kind,
    Warning,
    facts_sha256,
    telling_words,
    warnings,
)
from server.domain.suggested_redactions import Lists

LISTS = Lists(lambda word: word in ("Leah", "Tomasz"), lambda text: ())
FACTS = [Fact(kind, str(number)) for kind in Kind for number in range(2)]
STORIES = st.lists(st.frozensets(st.sampled_from(FACTS), max_size=6), min_size=1, max_size=14)


def shared_among(stories: list[frozenset[Fact]]) -> Callable[[frozenset[Fact]], int]:
    return lambda facts: sum(facts <= story for story in stories)


@given(STORIES)
def test_what_one_story_alone_has_always_warns(stories: list[frozenset[Fact]]) -> None:
    for story in stories:
        if shared_among(stories)(story) == 1:
            assert warnings(story, shared_among(stories))


@given(STORIES, st.data())
def test_the_more_stories_share_it_the_fewer_warnings_there_are(stories: list[frozenset[Fact]], data) -> None:
    story = data.draw(st.sampled_from(stories))
    more = stories + data.draw(STORIES)
    before, after = (warnings(story, shared_among(some)) for some in (stories, more))
    assert len(after) <= len(before)


@given(STORIES, st.data())
def test_every_warning_is_rare_and_none_of_its_facts_can_be_left_out(stories: list[frozenset[Fact]], data) -> None:
    story, shared = data.draw(st.sampled_from(stories)), shared_among(stories)
    for warning in warnings(story, shared):
        if len(warning.facts) > 1 and all(shared(frozenset({fact})) < ENOUGH for fact in warning.facts):
            continue  # words that are rare each by itself, in one warning
        assert shared(frozenset(warning.facts)) < ENOUGH
        assert len(warning.facts) == 1 or all(shared(frozenset(warning.facts) - {fact}) >= ENOUGH
                                              for fact in warning.facts)


@given(STORIES, st.integers(ENOUGH, 9))
def test_nothing_that_enough_stories_share_warns(stories: list[frozenset[Fact]], times: int) -> None:
    for story in stories:
        assert warnings(story, shared_among(stories * times)) == ()


def test_a_place_and_a_month_that_are_common_apart_warn_together() -> None:
    place, month, theme = Fact(Kind.PLACE, "Moss"), Fact(Kind.MONTH, "2026-05"), Fact(Kind.THEME, "Night")
    stories = [frozenset({place, theme})] * 9 + [frozenset({month, theme})] * 9 + [frozenset({place, month, theme})]
    assert warnings({place, month, theme}, shared_among(stories)) == (Warning((place, month)),)


def test_so_few_stories_that_each_stands_out_are_said_to_be_few() -> None:
    assert warnings(set(), lambda facts: ENOUGH - 1) == (Warning(()),)


def test_it_is_asked_again_when_the_facts_change_and_not_when_their_order_does() -> None:
    place, month = Fact(Kind.PLACE, "Moss", "Moss"), Fact(Kind.MONTH, "2026-05", "May 2026")
    both = facts_sha256([Warning((place, month))])
    assert both == facts_sha256([Warning((month,)), Warning((place,))])
    assert both != facts_sha256([Warning((place,))])


def test_names_places_numbers_and_what_people_do_tell_and_other_words_do_not() -> None:
    said = "My brother Leah drove from Mossley to the ward. He was a beekeeper on 4 May 2026. We waited all night."
    assert list(telling_words(said, LISTS, lambda word: word == "beekeeper").values()) == [
        "Leah", "Mossley", "4 May 2026", "beekeeper"]


def test_what_stands_for_a_withheld_word_tells_nothing_and_no_more_words_are_looked_for_than_a_few() -> None:
    assert telling_words("Then Leah rang.", LISTS, lambda word: False, but=["Leah"]) == {}
    many = " and then ".join(f"he met Leah{chr(97 + number)}" for number in range(20))
    assert len(telling_words(many, LISTS, lambda word: False)) == WORDS_LOOKED_FOR
