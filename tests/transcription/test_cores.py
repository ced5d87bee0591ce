"""Windows side by side, one core each."""

import threading
from collections.abc import Iterator

import pytest
import torch

from server.transcription.cores import Cores, in_order


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_neighbours_go_to_different_cores_and_come_back_in_order() -> None:
    cores = Cores(2)
    shares = cores.shares(5)
    assert [list(share) for share in shares] == [[0, 2, 4], [1, 3]]
    assert in_order(shares, cores.each(lambda share: [place * 10 for place in share], shares)) == [0, 10, 20, 30, 40]


def test_parts_run_at_the_same_time_each_on_one_core_and_without_gradients() -> None:
    both = threading.Barrier(2, timeout=20)

    def work(_: str) -> tuple[int, bool]:
        both.wait()
        return torch.get_num_threads(), torch.is_inference_mode_enabled()

    assert Cores(2).each(work, ["one", "another"]) == [(1, True), (1, True)]
    assert torch.get_num_threads() == 2


def test_many_cores_take_no_more_than_four_shares_so_that_memory_stays_bounded() -> None:
    cores = Cores(16)
    shares = cores.shares(12)
    assert [list(share) for share in shares] == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]
    assert cores.each(lambda _: torch.get_num_threads(), shares) == [4, 4, 4, 4]


def test_a_single_part_has_all_cores_and_the_thread_of_its_caller() -> None:
    assert Cores(2).shares(1) == [range(0, 1, 2)]
    assert Cores(2).each(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]


def test_what_goes_wrong_in_a_part_is_told() -> None:
    def work(part: int) -> None:
        raise ValueError(part)

    with pytest.raises(ValueError, match="1"):
        Cores(2).each(work, [1, 1])
