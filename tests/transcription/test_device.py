"""Where speech is heard, and in which numbers."""

import pytest
import torch

from server.transcription.device import Device, choose, here


@pytest.mark.parametrize(("has_cuda", "features", "chosen"), [
    (True, {"avx2"}, Device("cuda", torch.float16)),
    (True, {"avx512_bf16"}, Device("cuda", torch.float16)),
    (False, {"avx2", "avx512_bf16"}, Device("cpu", torch.bfloat16)),
    (False, {"amx_bf16"}, Device("cpu", torch.bfloat16)),
    (False, {"avx2", "avx512f"}, Device("cpu", torch.float32)),
    (False, set(), Device("cpu", torch.float32)),
], ids=["card", "card and processor", "avx512", "amx", "no bf16", "nothing"])
def test_a_card_goes_first_and_bf16_only_where_the_processor_has_it(
        has_cuda: bool, features: set[str], chosen: Device) -> None:
    assert choose(has_cuda=has_cuda, features=features) == chosen


def test_numbers_of_twice_the_size_are_heard_half_as_many_at_once() -> None:
    assert Device("cpu", torch.bfloat16).batch == 2 * Device("cpu", torch.float32).batch


def test_this_machine_has_a_device() -> None:
    assert torch.ones(2, dtype=here().numbers, device=here().name).sum() == 2
