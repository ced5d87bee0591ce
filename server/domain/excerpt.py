"""An excerpt: the words that a passage of a transcript takes in.

A passage always starts and ends at a word, and its text comes from the transcript alone. Joined together its words
are its text, once the outer spaces are gone: a space is put where one segment follows another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from server.domain.errors import Invalid
from server.domain.transcript import Segment, Word


@dataclass(frozen=True)
class Passage:
    """What was said between two words, both included. Milliseconds from the start of the recording."""

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]


def words_of(segments: Iterable[Segment]) -> tuple[Word, ...]:
    """Every word in order. A segment without word times counts as one long word."""
    words: list[Word] = []
    for segment in segments:
        own = segment.words or (Word(segment.text, segment.start_ms, segment.end_ms),)
        first = replace(own[0], text=f" {own[0].text.lstrip()}") if words else own[0]
        words += [first, *own[1:]]
    return tuple(words)


def cut(segments: Iterable[Segment], start_ms: int, end_ms: int) -> Passage:
    """The passage of all words that the stretch touches.

    Raises Invalid when the stretch is inside out, lies outside the recording's words, or touches none.
    """
    if start_ms < 0 or end_ms <= start_ms:
        raise Invalid("Choose some words first: the end must come after the start.",
                      fields={"end_ms": "The end must come after the start."})
    words = words_of(segments)
    touched = [number for number, word in enumerate(words) if _touches(word, start_ms, end_ms)]
    if not touched:
        raise Invalid("Nothing was said in that part. Choose some words and try again.",
                      fields={"start_ms": "Nothing was said in that part."})
    return _passage(words[touched[0]:touched[-1] + 1])


def _touches(word: Word, start_ms: int, end_ms: int) -> bool:
    """Whether a word shares time with the stretch. A word without length counts when it lies within."""
    if word.start_ms == word.end_ms:
        return start_ms <= word.start_ms <= end_ms
    return word.start_ms < end_ms and word.end_ms > start_ms


def _passage(words: Sequence[Word]) -> Passage:
    text = "".join(word.text for word in words).strip()
    if not text:
        raise Invalid("Nothing was said in that part. Choose some words and try again.")
    first = replace(words[0], text=words[0].text.lstrip())
    return Passage(first.start_ms, max(word.end_ms for word in words), text, (first, *words[1:]))
