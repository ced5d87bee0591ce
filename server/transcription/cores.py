"""Windows side by side: a thread for each core, and no thread that waits for another.

torch divides each multiplication among the cores and then waits for the slowest. A token takes two hundred of those, so
where one core has something else to do for a moment, all stand still with it.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

Part = TypeVar("Part")
Result = TypeVar("Result")


class Cores:
    def __init__(self, count: int) -> None:
        self._count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="core")

    def shares(self, windows: int) -> list[range]:
        """Which windows each core gets: every second one of two cores, as hard ones are often next to each other."""
        return [range(core, windows, self._count) for core in range(min(self._count, windows))]

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """A single part gets all cores. Raises what `work` raises."""
        if len(parts) == 1:
            return [work(parts[0])]

        def on_one_core(part: Part) -> Result:
            torch.set_num_threads(1)
            with torch.inference_mode():
                return work(part)

        try:
            return list(self._threads.map(on_one_core, parts))
        finally:
            torch.set_num_threads(self._count)


def in_order(shares: Sequence[range], results: Iterable[Sequence[Result]]) -> list[Result]:
    """From the results of each share to one for each window."""
    places = [place for share in shares for place in share]
    found = [result for some in results for result in some]
    return [found[at] for at in sorted(range(len(places)), key=places.__getitem__)]
