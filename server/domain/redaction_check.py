"""Listening again to sound from which words were taken: where, what counts as heard, and what follows.

Times are whole milliseconds from the start of the recording.
"""

from collections.abc import Iterable, Sequence

from server.domain.folded_words import find, folded, prefixes_of, tokens
from server.domain.transcript import Word

# A model understands a word by what is said around it.
AROUND_MS = 3000
# How much more than usual is taken out on each side, one after the other. At last it is nearly half a second: what is
# heard then is not there.
WIDER_MS = (25, 75, 175, 425)
# How wrong a word's times may be.
_NEAR_MS = 500


def spans_of(stretches: Iterable[tuple[int, int]], duration_ms: int | None) -> tuple[tuple[int, int], ...]:
    """Where to listen: each stretch with what is around it, as far as the recording goes; one span where they meet."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        first, last = max(0, start - AROUND_MS), end + AROUND_MS
        last = last if duration_ms is None else min(last, duration_ms)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        elif first < last:
            found.append((first, last))
    return tuple(found)


def is_heard(withheld: str, words: Sequence[Word], at: tuple[int, int] | None = None) -> bool:
    """Whether these words have the withheld ones among them; with `at`, near that place alone."""
    near = words if at is None else [word for word in words
                                     if word.start_ms < at[1] + _NEAR_MS and at[0] - _NEAR_MS < word.end_ms]
    key = folded(withheld)
    return bool(find(tokens("".join(word.text for word in near)), {key: 0}, prefixes_of([key])))


def wider(widened_ms: int) -> int | None:
    """How much more than usual to take out next, in ms on each side; None where somebody must look."""
    return next((more for more in WIDER_MS if more > widened_ms), None)
