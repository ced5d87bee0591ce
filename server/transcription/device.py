"""Where speech is heard: a graphics card where there is one, and else the processor."""

from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

_BF16 = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True)
class Device:
    """`numbers` is the kind of number that it multiplies fastest, without harm to the words."""

    name: str
    numbers: torch.dtype

    @property
    def batch(self) -> int:
        """How many windows are heard at once. It bounds the memory: a window takes about 20 MB in 16-bit numbers."""
        return 12 if self.numbers.itemsize == 2 else 6

    @property
    def multiplies_whole_numbers(self) -> bool:
        """Fast, that is: a processor that has bf16 has instructions for these too."""
        return self.name == "cpu" and self.numbers == torch.bfloat16


def choose(*, has_cuda: bool, features: Set[str]) -> Device:
    """`features` are what the processor can do, as Linux names it.

    Where a processor only imitates bf16, it is slower than float32.
    """
    if has_cuda:
        return Device("cuda", torch.float16)
    return Device("cpu", torch.bfloat16 if _BF16 & features else torch.float32)


@cache
def here() -> Device:
    """The device of this machine."""
    described = Path("/proc/cpuinfo")
    features = set(described.read_text().split()) if described.exists() else set()
    return choose(has_cuda=torch.cuda.is_available(), features=features)
