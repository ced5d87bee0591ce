"""Excerpts under random corrections: what is done elsewhere never reaches them, and what is done in them is seen.

Beside the segments goes a plain list of what was said, each word of it known as itself, so that it is known without any
times what belongs to the excerpt. Every word is another one, so that it is clear which were kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import assume, given
from hypothesis import strategies as some

from server.domain import anchor, corrected_segments
from server.domain.correction_log import SegmentState
from server.domain.excerpt import Passage, cut, words_of
from server.domain.transcript import Segment, Word

TENTH = 100
NUMBERS = some.integers(0, 30)
# For each word how long the pause before it and how long it is, in tenths of a second: either may be nothing.
SEGMENTS = some.lists(some.lists(some.tuples(some.integers(0, 3), some.integers(0, 4)), min_size=1, max_size=5),
                      min_size=1, max_size=4)
EDITS = some.lists(some.tuples(some.sampled_from(["put", "replace", "remove", "split", "merge"]), NUMBERS, NUMBERS,
                               some.integers(1, 3), some.integers(1, 3)), max_size=8)


def named(number: int) -> str:
    """Another word for each number."""
    letters = "bcdfghklmnprstvwz"
    return f"{letters[number // 17 % 17]}a{letters[number % 17]}e"


@dataclass
class Said:
    """A word as itself: whether it belongs to the excerpt."""

    text: str
    is_inside: bool = False


@dataclass
class Talk:
    """Segments, and beside each what is said in it."""

    states: list[SegmentState] = field(default_factory=list)
    said: list[list[Said]] = field(default_factory=list)
    names: Iterator[str] = field(default_factory=lambda: map(named, count()))

    @classmethod
    def of(cls, segments: list[list[tuple[int, int]]]) -> "Talk":
        talk, at = cls(), 0
        for lengths in segments:
            said = [Said(next(talk.names)) for _ in lengths]
            words = []
            for one, (pause, length) in zip(said, lengths, strict=True):
                start = at + pause * TENTH
                at = start + length * TENTH
                words.append(Word(f" {one.text}" if words else one.text, start, at, 0.9))
            text = "".join(word.text for word in words)
            talk.states.append(SegmentState(len(talk.states), words[0].start_ms, at, text, tuple(words)))
            talk.said.append(said)
        return talk

    @property
    def words(self) -> tuple[Word, ...]:
        return words_of(Segment(state.text, state.start_ms, state.end_ms, state.words) for state in self.states)

    @property
    def inside(self) -> list[str]:
        return [one.text for said in self.said for one in said if one.is_inside]

    def cut(self, first: int, last: int) -> Passage:
        """An excerpt, as somebody makes it who points from one word to another."""
        words = self.words
        first, last = sorted((first % len(words), last % len(words)))
        start_ms, end_ms = words[first].start_ms, words[last].end_ms
        assume(start_ms < end_ms)
        found = cut((Segment(state.text, state.start_ms, state.end_ms, state.words) for state in self.states),
                    start_ms, end_ms)
        own = {word.text.strip() for word in found.words}
        for said in self.said:
            for one in said:
                one.is_inside = one.text in own
        return found

    def edit(self, kind: str, segment: int, place: int, length: int, more: int) -> None:
        if self.states:
            segment %= len(self.states)
            edits: dict[str, Callable[[], None]] = {
                "put": lambda: self._write(segment, place % (len(self.said[segment]) + 1), 0, more),
                "replace": lambda: self._write(segment, place % len(self.said[segment]), length, more),
                "remove": lambda: self._write(segment, place % len(self.said[segment]), length, 0),
                "split": lambda: self._split(segment, place), "merge": lambda: self._merge(segment)}
            edits[kind]()

    def _write(self, segment: int, place: int, length: int, more: int) -> None:
        """Somebody writes so many other words in place of these."""
        said = self.said[segment]
        gone, before, after = said[place:place + length], self._before(segment, place), self._after(
            segment, place + length)
        is_inside = any(one.is_inside for one in gone) if gone else before and after
        new = [Said(next(self.names), is_inside) for _ in range(more)]
        said[place:place + length] = new
        self.states[segment:segment + 1] = corrected_segments.write(
            self.states[segment], " ".join(one.text for one in said))
        if not said:
            del self.said[segment]

    def _before(self, segment: int, place: int) -> bool:
        flat = [one for said in self.said[:segment] for one in said] + self.said[segment][:place]
        return bool(flat) and flat[-1].is_inside

    def _after(self, segment: int, place: int) -> bool:
        flat = self.said[segment][place:] + [one for said in self.said[segment + 1:] for one in said]
        return bool(flat) and flat[0].is_inside

    def _split(self, segment: int, place: int) -> None:
        said = self.said[segment]
        if len(said) > 1:
            word = 1 + place % (len(said) - 1)
            self.states[segment:segment + 1] = corrected_segments.split(self.states[segment], word)
            self.said[segment:segment + 1] = [said[:word], said[word:]]

    def _merge(self, segment: int) -> None:
        if segment + 1 < len(self.states):
            self.states[segment:segment + 2] = [corrected_segments.merge(*self.states[segment:segment + 2])]
            self.said[segment:segment + 2] = [self.said[segment] + self.said[segment + 1]]


def places(words: tuple[Word, ...]) -> list[tuple[str, int, int]]:
    return [(word.text.strip(), word.start_ms, word.end_ms) for word in words]


@given(SEGMENTS, NUMBERS, NUMBERS, EDITS)
def test_an_excerpt_is_flagged_by_what_is_done_in_it_and_by_nothing_else(
        segments: list[list[tuple[int, int]]], first: int, last: int, edits: list[tuple[str, int, int, int, int]]
) -> None:
    talk = Talk.of(segments)
    own = talk.cut(first, last)
    before = talk.inside
    for edit in edits:
        talk.edit(*edit)
    now = anchor.words_now(talk.words, own.words, own.start_ms, own.end_ms)
    if talk.inside == before:
        assert places(now) == places(own.words)
    assert anchor.is_same(now, own.text) == (talk.inside == before)
    if talk.inside[:1] == before[:1] and talk.inside[-1:] == before[-1:]:
        assert anchor.text_of(now) == " ".join(talk.inside)


@given(SEGMENTS, NUMBERS, NUMBERS, EDITS)
def test_the_words_of_an_excerpt_that_are_left_are_said_when_they_were(
        segments: list[list[tuple[int, int]]], first: int, last: int, edits: list[tuple[str, int, int, int, int]]
) -> None:
    talk = Talk.of(segments)
    own = talk.cut(first, last)
    for edit in edits:
        talk.edit(*edit)
    left = {one for one in places(own.words) if one[0] in talk.inside}
    assert left <= set(places(talk.words))
