"""Captions: a transcript in pieces that can be read while they are heard, cut between words.

Two lines of 42 letters and seven seconds are what broadcasters give a caption; a letter of Chinese, Japanese or Korean
is as wide as two.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.domain.transcript import Word
from server.exports.script import Script, plain, timed_words, who

LINE_WIDTH = 42
MOST_MS = 7_000
_STOPS = ".!?…。！？؟۔।"
_COMMAS = ",;:،؛，；：、—"
_PAUSE_MS = 400


@dataclass(frozen=True)
class Cue:
    """One or two lines of one voice. It ends after it starts, and starts no earlier than the one before it.

    `who` is empty where nobody knows who speaks, and `language_tag` where it is that of the whole script.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    who: str
    language_tag: str


@dataclass(frozen=True)
class _Token:
    """A word as it is shown, with the space before it, if there is one."""

    text: str
    start_ms: int
    end_ms: int


def cues_of(script: Script) -> Iterator[Cue]:
    """The captions in order. What has no letters is left out."""
    latest = 0
    for segment in script.segments:
        tag = segment.language_tag if segment.language != script.language else ""
        for piece in _pieces(_tokens(timed_words(segment))):
            latest = max(latest, piece[0].start_ms)
            end = max(latest + 1, max(token.end_ms for token in piece))
            yield Cue(latest, end, _wrapped(piece), who(segment), tag)


def _tokens(words: Sequence[Word]) -> list[_Token]:
    found: list[_Token] = []
    for word in words:
        text = plain(word.text)
        if text:
            space = " " if found and word.text[:1].isspace() else ""
            found.append(_Token(space + text, word.start_ms, word.end_ms))
    return found


def _pieces(tokens: Sequence[_Token]) -> Iterator[Sequence[_Token]]:
    """As few as there can be, of like lengths, and parted where somebody would draw breath."""
    if not tokens:
        return
    if len(tokens) == 1 or _fits(tokens):
        yield tokens
        return
    place = _best_cut(tokens)
    yield from _pieces(tokens[:place])
    yield from _pieces(tokens[place:])


def _fits(tokens: Sequence[_Token]) -> bool:
    widest = max(map(_width, _wrapped(tokens)))
    return widest <= LINE_WIDTH and tokens[-1].end_ms - tokens[0].start_ms <= MOST_MS


def _best_cut(tokens: Sequence[_Token]) -> int:
    """Near the middle, sooner after a sentence, a comma or a pause."""
    widths = [_width(token.text) for token in tokens]
    whole, before, best, place = max(1, sum(widths)), 0, 9.0, 1
    for number in range(1, len(tokens)):
        before += widths[number - 1]
        last = tokens[number - 1]
        cost = abs(before / whole - 0.5)
        cost -= 0.25 if last.text[-1] in _STOPS else 0.12 if last.text[-1] in _COMMAS else 0.0
        cost -= 0.12 if tokens[number].start_ms - last.end_ms >= _PAUSE_MS else 0.0
        if cost < best:
            best, place = cost, number
    return place


def _wrapped(tokens: Sequence[_Token]) -> tuple[str, ...]:
    """On one line where it fits, or else on two that are as even as can be."""
    whole = "".join(token.text for token in tokens).strip()
    if _width(whole) <= LINE_WIDTH or len(tokens) == 1:
        return (whole,)
    widths = [_width(token.text) for token in tokens]
    left, right, place, best = 0, sum(widths), 1, sum(widths)
    for number, width in enumerate(widths[:-1], start=1):
        left, right = left + width, right - width
        if max(left, right) < best:
            best, place = max(left, right), number
    return tuple("".join(token.text for token in part).strip() for part in (tokens[:place], tokens[place:]))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
               for letter in text)
