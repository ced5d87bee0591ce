"""The words of a story as they are shown, without what is withheld, and as they are kept again.

What is kept never changes: whatever is shown goes through a `Withholding`, and what a person writes of it comes back
with `put_back`. Times are whole milliseconds from the start of the recording; nothing here makes anything longer or
shorter. A place that was found in the sound is withheld in every version of the words, also where another machine
heard another name there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TypeVar

from server.domain.correction_log import SegmentState
from server.domain.excerpt import words_of as words_together
from server.domain.folded_words import Token, find, folded, prefixes_of, tokens, words_in
from server.domain.kept_words import words_of
from server.domain.redaction import NOTHING, WITHHELD, Place, Term
from server.domain.transcript import Segment, Word

Said = TypeVar("Said", Segment, SegmentState)


@dataclass(frozen=True, slots=True)
class Piece:
    """From `start` to `end` of a text something stands for what was `said` there."""

    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words as they are shown. `firsts` says, for each, which of the words that were said it begins with."""

    text: str
    pieces: tuple[Piece, ...]
    words: tuple[Word, ...]
    firsts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """From `start` to `end` of the letters of some text; `which` is the place of its term."""

    start: int
    end: int
    which: int


@dataclass(frozen=True)
class Withholding:
    """All that is withheld of a story, with the places of one recording where it is of that."""

    terms: tuple[Term, ...] = ()
    places: tuple[Place, ...] = ()
    _all: tuple[Term, ...] = field(init=False, repr=False, compare=False)
    _shown: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _marks: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _keys: dict[str, int] = field(init=False, repr=False, compare=False)
    _prefixes: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = tuple(dict.fromkeys([*self.terms, *(place.term for place in self.places)]))
        said = {word for term in every for word in words_in(term.words)}
        shown = tuple(_first_without(said, term.replacement) for term in every)
        marks = {*shown, WITHHELD if not said & words_in(WITHHELD) else NOTHING}
        keys = {folded(term.words): number for number, term in enumerate(every) if term.is_everywhere}
        keys.pop("", None)
        for name, value in (("_all", every), ("_shown", shown), ("_keys", keys), ("_prefixes", prefixes_of(keys)),
                            ("_marks", tuple(sorted(marks, key=len, reverse=True)))):
            object.__setattr__(self, name, value)

    @property
    def marks(self) -> tuple[str, ...]:
        """Whatever stands for words here."""
        return self._marks

    def shown_for(self, term_id: str) -> str:
        """What stands for a term; nothing for one that is not among these."""
        return next((mark for term, mark in zip(self._all, self._shown, strict=True) if term.id == term_id), "")

    def count(self, text: str) -> int:
        """How often something is withheld in a text."""
        return len(self._spans(text))

    def __bool__(self) -> bool:
        return bool(self._all)

    def text(self, text: str) -> str:
        """The text without what is withheld."""
        return self._replaced(text, self._spans(text))[0] if self else text

    def hide(self, said: Segment | SegmentState) -> Hidden | None:
        """What a segment shows; None where nothing is withheld of it."""
        words = _timed(said)
        spans = self._spans_of_words(words) if self else []
        if not spans:
            return None
        return self._hidden(words, spans)

    def segment(self, said: Said) -> Said:
        """The segment as it is shown: what is withheld is one word, at its times."""
        hidden = self.hide(said)
        if hidden is not None:
            return replace(said, text=hidden.text, words=hidden.words)
        return replace(said, text=self.text(said.text)) if self else said

    def restored(self, said: str | Segment | SegmentState, text: str) -> str | None:
        """What was said, where somebody wrote this over what is shown of it; None as `put_back`."""
        if isinstance(said, str):
            shown, pieces = self._replaced(said, self._spans(said))
        else:
            hidden = self.hide(said)
            shown, pieces = (hidden.text, hidden.pieces) if hidden else ("", ())
        return put_back(shown, pieces, {shown[one.start:one.end] for one in pieces}, text) if pieces else text

    def words(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The same for words alone."""
        spans = self._spans_of_words(words) if self else []
        return self._hidden(words, spans).words if spans else tuple(words)

    def passage(self, text: str, start_ms: int, end_ms: int) -> str:
        """A translation of what is said then, which has no words with times: all of it is withheld where what is
        withheld there cannot be found in it."""
        here = [place for place in self.places if place.start_ms < end_ms and place.end_ms > start_ms]
        said = tokens(text, self._marks)
        spans = self._spans(text)
        for term in dict.fromkeys(place.term for place in here):
            found = self._found(said, term)
            if len(found) < sum(place.term == term for place in here):
                return WITHHELD if WITHHELD in self._marks else NOTHING
            spans += found
        return self._replaced(text, _joined(spans))[0]

    def found_in(self, segments: Iterable[Segment]) -> list[Place]:
        """Where the terms are said in a whole transcript, also from the end of one segment to the next."""
        words = words_together(replace(segment, words=words_of(segment)) for segment in segments)
        letters = "".join(word.text for word in words)
        found = find(tokens(letters, self._marks), self._keys, self._prefixes)
        return [Place(within[0].start_ms, max(word.end_ms for word in within), self._all[one.which])
                for one in found if (within := [words[number] for number in _touched(words, one.start, one.end)])]

    def _spans(self, text: str) -> list[_Span]:
        found = find(tokens(text, self._marks), self._keys, self._prefixes)
        return _joined(_Span(one.start, one.end, one.which) for one in found)

    def _found(self, said: Sequence[Token], term: Term) -> list[_Span]:
        """Where this term alone is among the tokens."""
        key = folded(term.words)
        number = self._all.index(term)
        found = find(said, {key: number}, prefixes_of([key])) if key else ()
        return [_Span(one.start, one.end, one.which) for one in found]

    def _spans_of_words(self, words: Sequence[Word]) -> list[_Span]:
        letters = "".join(word.text for word in words)
        said = tokens(letters, self._marks)
        spans = self._spans(letters)
        for place in self.places:
            here = [number for number, word in enumerate(words) if _is_at(word, place)]
            if here:
                spans += self._at_place(words, said, here, place)
        return _joined(spans)

    def _at_place(self, words: Sequence[Word], said: Sequence[Token], here: Sequence[int],
                  place: Place) -> list[_Span]:
        """The term where it is written there, or beside it; else all that is said there."""
        ends = _ends(words)
        first, last = max(here[0] - 1, 0), min(here[-1] + 1, len(words) - 1)
        wide = [token for token in said if token.end > (ends[first - 1] if first else 0) and token.start < ends[last]]
        exact = self._found(wide, place.term)
        if exact:
            return exact
        own = [token for token in said if token.key and token.end > (ends[here[0] - 1] if here[0] else 0)
               and token.start < ends[here[-1]]]
        return [_Span(own[0].start, own[-1].end, self._all.index(place.term))] if own else []

    def _replaced(self, text: str, spans: Sequence[_Span]) -> tuple[str, tuple[Piece, ...]]:
        shown, place, pieces = "", 0, []
        for span in spans:
            shown += text[place:span.start]
            mark = self._shown[span.which]
            pieces.append(Piece(len(shown), len(shown) + len(mark), text[span.start:span.end]))
            shown, place = shown + mark, span.end
        return shown + text[place:], tuple(pieces)

    def _hidden(self, words: Sequence[Word], spans: Sequence[_Span]) -> Hidden:
        """Words that a span runs through are one word."""
        letters, ends = "".join(word.text for word in words), _ends(words)
        shown, firsts = [], []
        for first, last, within in _runs(ends, spans):
            start = ends[first] - len(words[first].text)
            moved = [replace(span, start=span.start - start, end=span.end - start) for span in within]
            text = self._replaced(letters[start:ends[last]], moved)[0]
            until = max(word.end_ms for word in words[first:last + 1])
            shown.append(Word(text, words[first].start_ms, until) if within else words[first])
            firsts.append(first)
        text, pieces = self._replaced(letters, spans)
        space = len(text) - len(text.lstrip())
        own = tuple(Piece(piece.start - space, piece.end - space, piece.said) for piece in pieces)
        return Hidden(text.strip(), own, tuple(shown), tuple(firsts))


def put_back(shown: str, pieces: Sequence[Piece], marks: Iterable[str], text: str) -> str | None:
    """What somebody wrote over a text that was shown, with what was said under each piece of it.

    `marks` are what stands for words in it. None where one of them was taken out or put in, or changed places with
    another: nobody can say then what is said where.
    """
    either = re.compile("|".join(map(re.escape, sorted(set(marks), key=len, reverse=True))))
    before, after = list(either.finditer(shown)), list(either.finditer(text))
    by_start = {piece.start: piece for piece in pieces}
    is_there = by_start.keys() <= {found.start() for found in before}
    if not is_there or [found.group() for found in before] != [found.group() for found in after]:
        return None
    kept, place = "", 0
    for old, new in zip(before, after, strict=True):
        piece = by_start.get(old.start())
        kept += text[place:new.start()]
        kept += new.group() if piece is None else piece.said + new.group()[piece.end - piece.start:]
        place = new.end()
    return kept + text[place:]


def _first_without(said: set[str], replacement: str) -> str:
    """What can stand for words: it may have none of those in it that are withheld."""
    for mark in (replacement, WITHHELD):
        if mark.strip() and not words_in(mark) & said:
            return mark
    return NOTHING


def _timed(said: Segment | SegmentState) -> tuple[Word, ...]:
    return words_of(said) if isinstance(said, Segment) else said.timed_words


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Spans that share a letter as one, which is shown as the longest of them."""
    found: list[_Span] = []
    longest = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if found and span.start < found[-1].end:
            before, length = found.pop(), span.end - span.start
            which = before.which if longest >= length else span.which
            found.append(_Span(before.start, max(before.end, span.end), which))
            longest = max(longest, length)
        else:
            found.append(span)
            longest = span.end - span.start
    return found


def _runs(ends: Sequence[int], spans: Sequence[_Span]) -> Iterator[tuple[int, int, list[_Span]]]:
    """The first and the last of the words that go together, by where each ends, with the spans in them."""
    first = 0
    while first < len(ends):
        start, last, within = ends[first - 1] if first else 0, first, list[_Span]()
        for span in spans:
            if span.end > start and span.start < ends[last]:
                within.append(span)
                while ends[last] < span.end:
                    last += 1
        yield first, last, within
        first = last + 1


def _ends(words: Sequence[Word]) -> list[int]:
    """Where each word ends in all their letters."""
    return list(accumulate(len(word.text) for word in words))


def _touched(words: Sequence[Word], start: int, end: int) -> list[int]:
    """The numbers of the words that have some of these letters."""
    return [number for number, last in enumerate(_ends(words))
            if last > start and last - len(words[number].text) < end]


def _is_at(word: Word, place: Place) -> bool:
    """Whether the middle of either lies in the other."""
    return (2 * place.start_ms <= word.start_ms + word.end_ms <= 2 * place.end_ms
            or 2 * word.start_ms <= place.start_ms + place.end_ms <= 2 * word.end_ms)
