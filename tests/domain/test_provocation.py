"""The text of a provocation and the order of its evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid, NotFound
from server.domain.provocation import checked_text, moved


def test_a_provocation_needs_a_question() -> None:
    with pytest.raises(Invalid) as refusal:
        checked_text("  ", "Why", "")
    assert "question" in refusal.value.fields


def test_a_question_too_long_for_a_screen_is_refused_with_its_length() -> None:
    with pytest.raises(Invalid) as refusal:
        checked_text("a" * 301, "", "")
    assert "301" in refusal.value.fields["question"]


def test_moving_past_the_end_stops_there() -> None:
    assert moved(["a", "b", "c"], "a", 9) == ["b", "c", "a"]
    assert moved(["a", "b", "c"], "b", -9) == ["b", "a", "c"]


def test_what_is_not_there_cannot_be_moved() -> None:
    with pytest.raises(NotFound):
        moved(["a"], "b", 1)


@given(st.lists(st.text(), min_size=1, unique=True), st.integers(-5, 5), st.data())
def test_moving_keeps_every_part_once(order: list[str], places: int, data: st.DataObject) -> None:
    assert sorted(moved(order, data.draw(st.sampled_from(order)), places)) == sorted(order)
