"""Parts of photos: one form in which they are kept, the order of their numbers, and where those are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.photo_region import WHOLE, Region, checked, corners, in_order, read, written

PLACE, SIZE = st.integers(0, WHOLE - 10), st.integers(10, WHOLE)
REGIONS = st.builds(checked, PLACE, PLACE, SIZE, SIZE)


@given(REGIONS)
def test_what_is_written_is_read_as_it_was(region: Region) -> None:
    assert read(written(region)) == region
    assert len(written(region)) <= 23


@pytest.mark.parametrize("text", ["", "1,2,3", "10,10,50,50,5", "10,10,050,50", "+1,10,50,50", "10, 10,50,50",
                                  "-1,0,50,50", "990,0,50,50", "0,0,9,50", "1000,0,50,50", "a,b,c,d", "٣,10,50,50",
                                  "0,0,9999,50"])
def test_another_form_is_no_region(text: str) -> None:
    with pytest.raises(Invalid):
        read(text)


@given(st.lists(REGIONS, max_size=12), st.randoms())
def test_numbers_depend_on_where_parts_are_alone(regions: list[Region], random) -> None:
    mixed = list(regions)
    random.shuffle(mixed)
    found = in_order(regions)
    assert found == in_order(mixed)
    assert set(found) == set(regions)
    assert [one.top for one in found] == sorted(one.top for one in found)


@given(st.lists(REGIONS, max_size=12))
def test_a_number_is_drawn_in_a_corner_of_its_part(regions: list[Region]) -> None:
    for one, (left, top) in zip(regions, corners(regions), strict=True):
        assert one.left <= left <= one.left + one.width
        assert one.top <= top <= one.top + one.height


def test_the_numbers_of_parts_that_begin_at_one_corner_are_not_drawn_on_each_other() -> None:
    small, large = Region(100, 100, 200, 200), Region(100, 100, 500, 500)
    assert corners([small, large]) == [(100, 100), (530, 100)]
