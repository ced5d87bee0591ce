"""Windows side by side: each share of them has cores of its own, one on small machines, and waits for no other share.

torch divides each multiplication among the cores and then waits for the slowest. A token takes two hundred of those, so
where one core has something else to do for a moment, all stand still with it.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

Part = TypeVar("Part")
Result = TypeVar("Result")


_SHARES = 4  # at most, on machines with many cores: what the encoder works on takes 150 MB for each


class Cores:
    def __init__(self, count: int) -> None:
        self._count = count
        self._shares = min(count, _SHARES)
        self._threads = ThreadPoolExecutor(self._shares, thread_name_prefix="core")

    def shares(self, windows: int) -> list[range]:
        """Which windows are in each: every second one of two shares, as hard ones are often next to each other."""
        return [range(share, windows, self._shares) for share in range(min(self._shares, windows))]

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """A single part gets all cores. Raises what `work` raises."""
        if len(parts) == 1:
            return [work(parts[0])]

        def on_cores_of_its_own(part: Part) -> Result:
            torch.set_num_threads(self._count // self._shares)
            with torch.inference_mode():
                return work(part)

        try:
            return list(self._threads.map(on_cores_of_its_own, parts))
        finally:
            torch.set_num_threads(self._count)


def in_order(shares: Sequence[range], results: Iterable[Sequence[Result]]) -> list[Result]:
    """From the results of each share to one for each window."""
    places = [place for share in shares for place in share]
    found = [result for some in results for result in some]
    return [found[at] for at in sorted(range(len(places)), key=places.__getitem__)]
