"""Which vectors are most like some others: those that stand out, and no more."""

import numpy as np
import pytest

from server.embedding import DIMENSIONS
from server.embedding.alike import most_like


def directions(*which: int, noise: int = 3) -> bytes:
    """Vectors that each point mostly one way, by its number; all of them share another."""
    rng = np.random.default_rng(7)
    found = rng.integers(-noise, noise + 1, (len(which), DIMENSIONS))
    for place, way in enumerate(which):
        found[place, way] += 100
    found[:, -1] += 110
    return found.astype(np.int8).tobytes()


def test_those_that_point_the_same_way_are_found_with_the_one_they_are_most_like() -> None:
    vectors = directions(0, 0, 1, 0, 2, 3, 1, 4, 5, 6)
    assert {one.number for one in most_like(vectors, [0, 1], (), 5)} == {3}
    [near] = most_like(vectors, [2, 4], {5}, 1)
    assert (near.number, near.like) == (6, 0)


def test_those_that_are_chosen_or_left_out_are_never_found() -> None:
    vectors = directions(*[0] * 6, *range(1, 20))
    assert {one.number for one in most_like(vectors, [0, 1, 2], {4}, 9)} == {3, 5}


def test_no_more_are_found_than_asked_for() -> None:
    assert len(most_like(directions(*[0] * 30, *range(1, 99)), [0, 1, 2], (), 10)) == 10


def test_of_vectors_that_are_all_alike_none_stands_out() -> None:
    assert most_like(directions(*[0] * 40, noise=0), [0, 1, 2], (), 10) == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_where_nothing_else_is_there_nothing_is_found(count: int) -> None:
    assert most_like(directions(*[0] * count), list(range(count)), (), 10) == []
