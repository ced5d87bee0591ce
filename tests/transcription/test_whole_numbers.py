"""Multiplications in 8-bit whole numbers are nearly those of other numbers."""

import pytest
import torch

from server.transcription.device import here
from server.transcription.network import Network
from server.transcription.whole_numbers import WholeNumberProjection

pytestmark = pytest.mark.skipif(not here().multiplies_whole_numbers, reason="this processor has no bf16")


@pytest.mark.parametrize("rows", [1, 5, 60])
def test_they_are_right_to_a_hundredth_of_the_largest_for_rows_of_any_size(rows: int) -> None:
    print("seed 7")
    dice = torch.Generator().manual_seed(7)
    weight = torch.randn(300, 512, generator=dice)
    x = torch.randn(rows, 512, generator=dice) * 10.0 ** torch.arange(rows)[:, None].remainder(4)
    exact, found = x @ weight.T, WholeNumberProjection(weight)(x)
    assert ((found - exact).abs().amax(1) / exact.abs().amax(1)).max() < 0.02


def test_a_row_or_a_weight_of_nothing_gives_nothing() -> None:
    assert not WholeNumberProjection(torch.zeros(4, 32))(torch.zeros(2, 32)).any()


def test_the_likeliest_tokens_are_among_the_likeliest_in_rough_numbers(network: Network) -> None:
    print("seed 3")
    hidden = torch.randn(20, network.dims.n_text_state, generator=torch.Generator().manual_seed(3)) * 10
    rough = WholeNumberProjection(network.embedding)(hidden)
    exact = network.logits(hidden, torch.arange(network.dims.n_vocab))
    best = rough.topk(16).indices
    assert all(int(token) in row for token, row in zip(exact.argmax(1), best.tolist(), strict=True))
