"""Multiplications in 8-bit whole numbers, for a few rows with many weights.

What such a multiplication waits for is its weights on their way from memory: here they take half the room that they
take in bf16, and lie as oneDNN reads them. For the many rows of an encoder, bf16 is quicker. Weights have one scale for
each output, and rows one each, as in Dettmers et al., "LLM.int8()", https://arxiv.org/abs/2208.07339, section 3.
"""

import torch
from torch import Tensor

_MOST = 127
_ZERO = 128  # oneDNN multiplies unsigned rows with signed weights


class WholeNumberProjection:
    """Rows × inputs in any kind of number to rows × outputs in float32."""

    def __init__(self, weight: Tensor) -> None:
        """`weight` is outputs × inputs."""
        weight = weight.float()
        self._scales = weight.abs().amax(1).clamp_(min=torch.finfo(torch.float32).tiny) / _MOST
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)
        self._weight = torch.ops.onednn.qlinear_prepack((weight / self._scales[:, None]).round_().to(torch.int8), None)

    def __call__(self, x: Tensor) -> Tensor:
        rows = x.reshape(-1, x.shape[-1]).float()
        scales = rows.abs().amax(1, keepdim=True).clamp_(min=torch.finfo(torch.float32).tiny).div_(_MOST)
        whole = (rows / scales).add_(_ZERO + 0.5).to(torch.uint8)
        product: Tensor = torch.ops.onednn.qlinear_pointwise(
            whole, 1.0, _ZERO, self._weight, self._scales, self._zeros, None, 1.0, 0, torch.float32, "none", [], "")
        return product.mul_(scales).view(*x.shape[:-1], -1)
