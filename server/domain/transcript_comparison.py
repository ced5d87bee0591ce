"""Where two machine versions of the same recording say the same, and where they do not.

Both are of the same sound, so words that are the same are said at about the same time: each half minute or so is
aligned by itself. A passage that differs begins and ends where a moment parts its words from those around it in both
versions, so that it can be taken over alone.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from server.domain.transcript import Word
from server.domain.word_alignment import matches
from server.domain.written_words import Unit, tidy

# Words aligned at once: a few more than are said in half a minute.
_AT_ONCE = 120
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A passage as two versions have it. Taking over the words with their middles from `start_ms` to `end_ms`, both
    included, takes this passage and nothing of those around it."""

    is_same: bool
    start_ms: int
    end_ms: int
    now: str
    other: str


@dataclass(frozen=True, slots=True)
class _Column:
    """Words of both that stand for each other; where one has none, it says nothing there. `first` and `last` are twice
    the middle of the first and of the last word."""

    now: tuple[Word, ...]
    other: tuple[Word, ...]
    is_same: bool
    first: int
    last: int


def compare(now: Sequence[Word], other: Sequence[Word]) -> list[Compared]:
    """All passages in order, from words in order of time."""
    apart: list[_Column] = []
    for found in _columns(now, other):
        column = found
        while apart and not (apart[-1].is_same and column.is_same) and not _are_apart(apart[-1], column):
            column = _together([apart.pop(), column])
        apart.append(column)
    passages = _by_turns(_by_turns(apart))  # what differs word by word can be the same as a whole
    return [_passage(passages, place) for place in range(len(passages))]


def _by_turns(columns: Sequence[_Column]) -> list[_Column]:
    return [_together(list(group)) for _, group in groupby(columns, key=lambda column: column.is_same)]


def _columns(now: Sequence[Word], other: Sequence[Word]) -> Iterator[_Column]:
    for (now_from, other_from), (now_to, other_to) in pairwise(_cuts(now, other)):
        yield from _aligned(now[now_from:now_to], other[other_from:other_to])


def _cuts(now: Sequence[Word], other: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Places in both, between which they are aligned: after a word that both have then, wherever there is one."""
    here, there = 0, 0
    yield here, there
    while len(now) - here > _AT_ONCE or len(other) - there > _AT_ONCE:
        horizon = min(_middle(words[place + _AT_ONCE]) for words, place in ((now, here), (other, there))
                      if place + _AT_ONCE < len(words))
        last = max(bisect_left(now, horizon, here, key=_middle), here + 1)
        last_there = bisect_left(other, horizon, there, key=_middle)
        here, there = _same_word(now, (here + last) // 2, last, other, there, last_there) or (last, last_there)
        here = min(here, len(now))
        yield here, there
    yield len(now), len(other)


def _same_word(now: Sequence[Word], first: int, last: int, other: Sequence[Word], first_there: int,
               last_there: int) -> tuple[int, int] | None:
    """After the last word between these places that both have at the same time."""
    for place in range(min(last, len(now)) - 1, first - 1, -1):
        near = bisect_left(other, now[place].start_ms, first_there, last_there, key=lambda word: word.end_ms)
        for there in range(near, min(near + _NEAR, last_there)):
            if other[there].start_ms <= now[place].end_ms and tidy(other[there].text) == tidy(now[place].text):
                return place + 1, there + 1
    return None


def _aligned(now: Sequence[Word], other: Sequence[Word]) -> Iterator[_Column]:
    here = there = 0
    pairs = matches(*([Unit(tidy(word.text), 0, 0) for word in words] for words in (now, other)))
    for one, another in [*pairs, (len(now), len(other))]:
        if here < one or there < another:
            yield _column(now[here:one], other[there:another])
        if one < len(now):
            yield _column(now[one:one + 1], other[another:another + 1])
        here, there = one + 1, another + 1


def _column(now: Sequence[Word], other: Sequence[Word]) -> _Column:
    middles = [_middle(word) for word in (*now, *other)]
    return _Column(tuple(now), tuple(other), _text(now) == _text(other), min(middles), max(middles))


def _together(columns: Sequence[_Column]) -> _Column:
    return _column([word for column in columns for word in column.now],
                   [word for column in columns for word in column.other])


def _passage(passages: Sequence[_Column], place: int) -> Compared:
    own = passages[place]
    words = (*own.now, *own.other)
    start, end = min(word.start_ms for word in words), max(word.end_ms for word in words)
    if place:
        start = max(start, passages[place - 1].last // 2 + 1)
    if place + 1 < len(passages):
        end = min(end, (passages[place + 1].first - 1) // 2)
    return Compared(own.is_same, min(start, own.first // 2), max(end, -(-own.last // 2)), _text(own.now),
                    _text(own.other))


def _are_apart(before: _Column, after: _Column) -> bool:
    """Whether there is a whole millisecond after the middles of the one and none after those of the other."""
    return 2 * (before.last // 2 + 1) <= after.first


def _text(words: Sequence[Word]) -> str:
    return tidy("".join(word.text for word in words))


def _middle(word: Word) -> int:
    """Twice the moment, so that it is whole."""
    return word.start_ms + word.end_ms
