"""Which words of one text are those of another: as many as can be in their order, the fewest changes between the two.

The longest common subsequence by what a word is, and among equals the one with most words written alike.
"""

from collections.abc import Sequence

from server.domain.written_words import Unit

_SAME, _ALIKE = 1 << 12, 1


def matches(before: Sequence[Unit], after: Sequence[Unit]) -> list[tuple[int, int]]:
    """Pairs of places, in order: a word of the first text, and the word of the second that it is."""
    first = 0
    while first < min(len(before), len(after)) and before[first].text == after[first].text:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last].text == after[-1 - last].text:
        last += 1
    middle = _between(before[first:len(before) - last], after[first:len(after) - last])
    return [*((place, place) for place in range(first)),
            *((old + first, new + first) for old, new in middle),
            *((len(before) - place, len(after) - place) for place in range(last, 0, -1))]


def _between(before: Sequence[Unit], after: Sequence[Unit]) -> list[tuple[int, int]]:
    """The same by a table of how well what follows each pair of places can be matched."""
    old_keys, new_keys = [unit.key for unit in before], [unit.key for unit in after]
    width = len(after)
    best = [[0] * (width + 1) for _ in range(len(before) + 1)]
    for old in range(len(before) - 1, -1, -1):
        row, below, key = best[old], best[old + 1], old_keys[old]
        for new in range(width - 1, -1, -1):
            found = below[new] if below[new] > row[new + 1] else row[new + 1]
            if key == new_keys[new]:
                worth = below[new + 1] + _SAME + (_ALIKE if before[old].text == after[new].text else 0)
                found = worth if worth > found else found
            row[new] = found
    return _read(best, old_keys, new_keys)


def _read(best: Sequence[Sequence[int]], old_keys: Sequence[str], new_keys: Sequence[str]) -> list[tuple[int, int]]:
    found, old, new = [], 0, 0
    while old < len(old_keys) and new < len(new_keys):
        if best[old][new] == best[old + 1][new]:
            old += 1
        elif best[old][new] == best[old][new + 1]:
            new += 1
        else:
            found.append((old, new))
            old, new = old + 1, new + 1
    return found
