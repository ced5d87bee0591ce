"""Windows are heard in batches of even size."""

import pytest

from server.transcription.batches import evenly


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (12, [12]), (13, [13]), (17, [17]), (18, [9, 9]),
                                              (31, [10, 10, 11])], ids=str)
def test_no_window_is_left_over_for_a_batch_of_its_own(count: int, sizes: list[int]) -> None:
    batches = list(evenly(range(count), 12))
    assert [len(batch) for _, batch in batches] == sizes
    assert [thing for _, batch in batches for thing in batch] == list(range(count))
    assert [end for end, _ in batches] == [batch[-1] + 1 for _, batch in batches]
