"""Bookmarks in addresses: read back as they were written, and never a reason to fail."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.bookmark import Bookmark, Turn, read_turn
from server.domain.ids import new_id

ID = "0190b3a2-0000-7000-8000-000000000001"
MOMENT = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


@given(st.integers(-10**15, 10**16))
def test_a_bookmark_is_read_back_as_it_was_written(microseconds: int) -> None:
    mark = Bookmark(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds), new_id())
    assert read_turn(str(mark), None) == Turn(mark)
    assert read_turn(None, str(mark)) == Turn(mark, is_newer=True)


@pytest.mark.parametrize("text", [None, "", ".", "12", f"x.{ID}", "1.not-an-id", f"²3.{ID}", "\0",
                                  f"{'9' * 18}.{ID}", f"-{'9' * 17}.{ID}", f"--1.{ID}", "1." * 5000])
def test_an_address_that_makes_no_sense_asks_for_the_newest_page(text: str | None) -> None:
    assert read_turn(text, text) == Turn()


def test_older_goes_before_newer() -> None:
    mark = Bookmark(MOMENT, new_id())
    assert read_turn(str(mark), str(Bookmark(MOMENT, new_id()))) == Turn(mark)
