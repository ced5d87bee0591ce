"""Passages that are suggested for a theme: how what was said is cut into them, and what a person makes of each.

A computer compares passages as numbers. It decides nothing: a theme comes onto a passage when a person puts it there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from server.domain.excerpt import words_of
from server.domain.transcript import Segment, Word

# With fewer passages under a theme nothing can be said of what is like them. Of many the newest are compared.
LEAST, COMPARED = 3, 24
# How many are shown at once.
SHOWN = 10
# From when to when a quote goes, which has no time.
WHOLE = (0, 0)

# A passage is what somebody would choose as an excerpt: one to three sentences. It ends with a sentence once it has so
# many words, or wherever it is when it has as many as a long sentence; a pause or another speaker ends it too.
_ENOUGH_WORDS, _MOST_WORDS, _PAUSE_MS = 14, 50, 2_500
# What is shorter says nothing by itself ("Yes, I do.") and belongs to what was said before it.
_LEAST_WORDS = 4
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "؟", "۔", "।")
_CLOSING = "\"'”’»)]"


class Answer(StrEnum):
    """What a person made of a suggestion."""

    TAKEN = "taken"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Spoken:
    """What is said between two moments of a recording, in whole milliseconds; of a quote both are 0."""

    start_ms: int
    end_ms: int
    text: str


def overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """For how many milliseconds both stretches go on; of quotes, which have no time, 1."""
    return 1 if one == other == WHOLE else max(0, min(one[1], other[1]) - max(one[0], other[0]))


def passages_of(segments: Iterable[Segment]) -> list[Spoken]:
    """What is said, in passages, in order and beside each other."""
    return [_spoken(words) for turn in _turns(segments) for words in _cut(turn)]


def _turns(segments: Iterable[Segment]) -> Iterator[list[Word]]:
    """Words without a pause among them, all of one speaker."""
    turn: list[Word] = []
    speaker: str | None = None
    for segment in segments:
        by = segment.speaker.id if segment.speaker else None
        for number, word in enumerate(words_of([segment])):
            if turn and (by != speaker or word.start_ms - turn[-1].end_ms >= _PAUSE_MS):
                yield turn
                turn = []
            # A space stands where one segment follows another.
            turn.append(replace(word, text=f" {word.text.lstrip()}") if number == 0 else word)
            speaker = by
    if turn:
        yield turn


def _cut(turn: Sequence[Word]) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    for word in turn:
        found[-1].append(word)
        count = _count(found[-1])
        if count >= _MOST_WORDS or (count >= _ENOUGH_WORDS and _ends_sentence(word)):
            found.append([])
    rest = found.pop()
    if found and 0 < _count(rest) < _LEAST_WORDS:
        found[-1] += rest
    elif _count(rest) >= _LEAST_WORDS:
        found.append(rest)
    return found


def _count(words: Sequence[Word]) -> int:
    """A segment whose words have no times is one long word here."""
    return sum(max(1, len(word.text.split())) for word in words)


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip().rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _spoken(words: Sequence[Word]) -> Spoken:
    return Spoken(words[0].start_ms, max(word.end_ms for word in words), "".join(word.text for word in words).strip())
