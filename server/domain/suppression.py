"""Numbers about who told stories, made so that nobody can be picked out by them, also by taking one from another.

No number under five is shown, nor one that would give such a number away. Three things see to that. The first is what
NHS Digital does with its hospital statistics ("Disclosure control methodology for Hospital Episode Statistics (HES) and
Emergency Care Data Set (ECDS)", September 2018: small counts are hidden and all others rounded to five, in place of
secondary suppression by hand); the others are ours, and hold where a whole is known or a page is seen twice:

- Rounding: a number is rounded down to a multiple of five, so what is shown is true of "or more".
- A threshold of its own for each cell, from five to nine, which nobody knows: when a cell appears because one story
  came, it is not known how many there were before.
- Slack: where the numbers of a table leave fewer than five of the whole for everything that is not shown, the largest
  goes down by five. So whoever knows the whole exactly still does not know how it is spread over the rest.

Each table leaves something out that has no row, such as other places, so no table has to add up. A count has stories
and people, who are at least as many.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
_STEP = 5


@dataclass(frozen=True)
class Count:
    """How many stories, and how many people told them."""

    stories: int = 0
    people: int = 0


@dataclass(frozen=True)
class Shown:
    """What may be shown of a count: at least so many. None: too few to show."""

    stories: int | None = None
    people: int | None = None


# How much of the whole is in these numbers, by their keys, for certain.
Covers = Callable[[Mapping[str, int]], int]


def apart(found: Mapping[str, int]) -> int:
    """Nobody is in two rows."""
    return sum(found.values())


def overlapping(but: str) -> Covers:
    """Somebody may be in several rows, though not in `but` and another."""
    def covered(found: Mapping[str, int]) -> int:
        return found.get(but, 0) + max((number for key, number in found.items() if key != but), default=0)

    return covered


def threshold(secret: str, *what: str) -> int:
    """From how many on a number is shown: from 5 to 9, always the same for the same cell."""
    found = hashlib.sha256("\0".join((secret, *what)).encode()).digest()
    return LEAST + found[0] % _STEP


def shown(counts: Mapping[str, Count], whole: Count, least: Callable[[str, str], int],
          covers: Covers = apart) -> dict[str, Shown]:
    """What may be shown of each row of a table, by its key. `least` is the threshold of a key's stories or people."""
    stories = {key: _rounded(count.stories, least(key, "stories")) for key, count in counts.items()}
    people = {key: max(_rounded(count.people, least(key, "people")), stories[key]) for key, count in counts.items()}
    while _is_tight(covers(stories), whole.stories) or _is_tight(covers(people), whole.people):
        largest = max(people, key=lambda key: people[key])
        people[largest] -= _STEP
        stories[largest] = max(0, min(stories[largest] - _STEP, people[largest]))
    return {key: Shown(stories[key] or None, people[key] or None) for key in counts}


def so_far(rows: Sequence[Shown]) -> list[Shown]:
    """What is shown of each row and all before it. It is made of what is shown, so it says nothing more."""
    found, stories, people = [], 0, 0
    for row in rows:
        stories, people = stories + (row.stories or 0), people + (row.people or 0)
        found.append(Shown(stories or None, people or None))
    return found


def _rounded(number: int, least: int) -> int:
    return number // _STEP * _STEP if number >= least else 0


def _is_tight(covered: int, whole: int) -> bool:
    """Whether too little is left for what is not shown."""
    return covered > 0 and whole - covered < LEAST
