"""Where stretches that overlap are drawn."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.lanes import lanes

STRETCHES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda it: (it[0], it[0] + it[1])))


def test_each_lane_is_used_again_as_soon_as_it_is_free() -> None:
    assert lanes([(0, 10), (2, 6), (3, 5), (6, 9), (10, 12)]) == [0, 1, 2, 1, 0]


def test_of_those_that_start_together_the_longest_comes_first() -> None:
    assert lanes([(0, 2), (0, 9)]) == [1, 0]


@given(STRETCHES)
def test_nothing_is_drawn_over_anything_else_and_no_lane_is_wasted(stretches: list[tuple[int, int]]) -> None:
    found = lanes(stretches)
    drawn = list(zip(stretches, found, strict=True))
    for moment in range(61):
        here = [lane for (start, end), lane in drawn if start <= moment < end]
        assert len(here) == len(set(here))
    most = max((sum(start <= moment < end for start, end in stretches) for moment in range(61)), default=0)
    assert max(found, default=-1) == most - 1
