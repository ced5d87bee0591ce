"""Heard: which words of a transcript somebody has listened to, or written.

A stretch is two moments in whole milliseconds from the start of the recording, both of them in it; a moment alone is a
stretch, for words without length. A word is heard where its middle is, so a player that stops within a word, and a
corrected word that shares its neighbour's edge, count for what they are.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from server.domain.errors import Invalid
from server.domain.transcript import Word

Stretch = tuple[int, int]

# What is sent at once, and how far into a recording anything can be: a week.
MOST, LONGEST_MS = 500, 7 * 24 * 3_600_000
# How fast sound may play and still count, and how much later a report may come than it was sent.
FASTEST, SLACK_MS = 2, 2_000


def union(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same moments as few stretches, apart from each other and in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def subtract(stretches: Iterable[Stretch], gone: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The stretches without the moments of those that are gone."""
    left: list[Stretch] = []
    cuts, first = union(gone), 0
    for start, end in union(stretches):
        while first < len(cuts) and cuts[first][1] < start:
            first += 1
        place = first
        while place < len(cuts) and cuts[place][0] <= end:
            if start < cuts[place][0]:
                left.append((start, cuts[place][0] - 1))
            start = max(start, cuts[place][1] + 1)
            place += 1
        if start <= end:
            left.append((start, end))
    return tuple(left)


def within(stretches: Iterable[Stretch], end_ms: int) -> tuple[Stretch, ...]:
    """What lies in a recording that ends there."""
    return union((start, min(end, end_ms)) for start, end in stretches if start <= end_ms)


def first_of(stretches: Iterable[Stretch], most_ms: int) -> tuple[Stretch, ...]:
    """As much of the stretches, from the first on, as is no longer than this together."""
    found: list[Stretch] = []
    for start, end in union(stretches):
        if most_ms <= 0:
            break
        found.append((start, min(end, start + most_ms)))
        most_ms -= end - start
    return tuple(found)


def most_since(elapsed_ms: float) -> int:
    """How much somebody can have listened to in this time, with what reports that come late add."""
    return round(FASTEST * max(0.0, elapsed_ms)) + SLACK_MS


def is_heard(word: Word, stretches: Sequence[Stretch]) -> bool:
    """Whether the middle of the word lies in one of the stretches, which are apart from each other and in order."""
    middle = word.start_ms + word.end_ms
    after = bisect_right(stretches, middle, key=lambda stretch: 2 * stretch[0])
    return after > 0 and middle <= 2 * stretches[after - 1][1]


def are_heard(words: Sequence[Word], stretches: Sequence[Stretch]) -> bool:
    """Whether every word is. Of nothing nothing was heard."""
    return bool(words) and all(is_heard(word, stretches) for word in words)


def heard_first(words: Iterable[Word], stretches: Sequence[Stretch]) -> str:
    """What the words say up to the first that nobody heard."""
    said = ""
    for word in words:
        if not is_heard(word, stretches):
            break
        said += word.text
    return said.strip()


def carried(before: Sequence[Word], after: Sequence[Word], stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """What was heard of another transcript of the same sound, as far as the words are the same.

    A word is the same where the other transcript has it at that moment too. Words beside each other that were both
    heard make one stretch, with the pause between them.
    """
    heard: defaultdict[str, list[Word]] = defaultdict(list)
    stretches = union(stretches)
    for word in before:
        if is_heard(word, stretches):
            heard[word.text.strip()].append(word)
    found: list[Stretch] = []
    goes_on = False
    for word in after:
        is_there = _is_among(heard.get(word.text.strip(), ()), word)
        if is_there:
            begun = found.pop() if goes_on else (word.start_ms, word.end_ms)
            found.append((begun[0], max(begun[1], word.end_ms)))
        goes_on = is_there
    return union(found)


def _is_among(others: Sequence[Word], word: Word) -> bool:
    """Whether one of these, in order, is said at the same moment: the middle of one of the two lies in the other."""
    near = bisect_left(others, word.start_ms, key=lambda other: other.end_ms)
    return any(is_heard(word, [(other.start_ms, other.end_ms)]) or is_heard(other, [(word.start_ms, word.end_ms)])
               for other in others[near:near + 2])


def checked(sent: object) -> tuple[Stretch, ...]:
    """The stretches that a player sends: pairs of whole milliseconds. Raises Invalid for anything else."""
    if not isinstance(sent, list | tuple) or len(sent) > MOST or not all(map(_is_stretch, sent)):
        raise Invalid(fields={"stretches": "Send the start and the end of what was played, in whole milliseconds."})
    return union((start, end) for start, end in sent)


def _is_stretch(value: object) -> bool:
    return (isinstance(value, list | tuple) and len(value) == 2 and all(type(at) is int for at in value)
            and 0 <= value[0] <= value[1] <= LONGEST_MS)
