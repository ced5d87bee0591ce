"""Lanes: where stretches that overlap are drawn under each other, so that each can be told apart."""

from collections.abc import Sequence


def lanes(stretches: Sequence[tuple[int, int]]) -> list[int]:
    """The lane of each stretch (start, end), from 0: the first in which nothing else is drawn at any time of it. Of
    those that start together, the longest comes first. As few lanes are used as stretches overlap at once."""
    order = sorted(range(len(stretches)), key=lambda place: (stretches[place][0], -stretches[place][1]))
    free_from: list[int] = []
    found = [0] * len(stretches)
    for place in order:
        start, end = stretches[place]
        lane = next((lane for lane, moment in enumerate(free_from) if moment <= start), len(free_from))
        free_from[lane:lane + 1] = [end]
        found[place] = lane
    return found
