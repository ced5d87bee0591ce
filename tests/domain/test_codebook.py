"""A codebook as a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.codebook import MOST_LEVELS, check_place, in_order, under
from server.domain.errors import Invalid
from server.domain.theme import Theme


def theme(id: str, parent_id: str | None = None, position: int = 0) -> Theme:
    return Theme(id, "project", id, "", 1, parent_id, position)


TREE = [theme("nights", "waiting"), theme("waiting", position=1), theme("beds", "waiting"), theme("food"),
        theme("corridor", "nights")]


def test_each_theme_comes_before_what_stands_under_it() -> None:
    found = [(node.theme.id, node.depth, node.above) for node in in_order(TREE)]
    assert found == [("food", 0, ()), ("waiting", 0, ()), ("beds", 1, ("waiting",)), ("nights", 1, ("waiting",)),
                     ("corridor", 2, ("waiting", "nights"))]


def test_what_stands_under_something_hidden_takes_its_place() -> None:
    found = [(node.theme.id, node.depth) for node in in_order(TREE, {"nights"})]
    assert found == [("food", 0), ("waiting", 0), ("beds", 1), ("corridor", 1)]


def test_a_theme_and_all_under_it() -> None:
    parents = {one.id: one.parent_id for one in TREE}
    assert under(parents, "waiting") == {"waiting", "nights", "beds", "corridor"}
    assert under(parents, "food") == {"food"}


@given(st.lists(st.one_of(st.none(), st.integers(0, 11)), max_size=12))
def test_nothing_is_lost_or_shown_twice_whatever_stands_under_what(parents: list[int | None]) -> None:
    themes = [theme(str(number), None if parent is None else str(parent)) for number, parent in enumerate(parents)]
    assert sorted(node.theme.id for node in in_order(themes)) == sorted(one.id for one in themes)


@pytest.mark.parametrize("parent_id", ["waiting", "nights", "corridor"])
def test_a_theme_cannot_stand_under_itself(parent_id: str) -> None:
    with pytest.raises(Invalid, match="under itself"):
        check_place(TREE, "waiting", parent_id)


def test_a_tree_grows_only_so_deep() -> None:
    chain = [theme("0"), *(theme(str(level), str(level - 1)) for level in range(1, MOST_LEVELS - 1))]
    check_place(chain, None, chain[-1].id)
    with pytest.raises(Invalid, match="deep"):
        check_place([*chain, theme("last", chain[-1].id)], None, "last")
    pair = [theme("one"), theme("two", "one")]
    with pytest.raises(Invalid, match="deep"):
        check_place([*chain, *pair], "one", chain[-1].id)
