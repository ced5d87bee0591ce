"""Heard: which words of a transcript somebody has listened to, or written.

A stretch is two moments in whole milliseconds from the start of the recording, both of them in it; a moment alone is a
stretch, for words without length. A word is heard where its middle is, so a player that stops within a word, and a
corrected word that shares its neighbour's edge, count for what they are.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from server.domain.errors import Invalid
from server.domain.transcript import Word

Stretch = tuple[int, int]

# What is sent at once, and how far into a recording anything can be: a week.
MOST, LONGEST_MS = 500, 7 * 24 * 3_600_000


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
    left = list(union(stretches))
    for start, end in union(gone):
        left = [part for whole in left for part in _without(whole, start, end)]
    return tuple(left)


def _without(whole: Stretch, start: int, end: int) -> list[Stretch]:
    before, after = (whole[0], min(whole[1], start - 1)), (max(whole[0], end + 1), whole[1])
    return [part for part in (before, after) if part[0] <= part[1]]


def is_heard(word: Word, stretches: Iterable[Stretch]) -> bool:
    """Whether the middle of the word lies in one of the stretches."""
    middle = word.start_ms + word.end_ms
    return any(2 * start <= middle <= 2 * end for start, end in stretches)


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
