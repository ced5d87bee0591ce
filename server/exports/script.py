"""What every way of writing a transcript down takes: its segments, and how far it can be trusted.

It is made of a transcription that was never stored, or of values that were cleared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.domain.cleared import ClearedExcerpt, ClearedTranscript
from server.domain.transcript import Segment, Transcription, Word

NOT_CHECKED = "Written down by a computer. Not checked by a person: listen before you quote it."
PARTLY_CHECKED = "Written down by a computer. Not all of it was checked by a person: listen before you quote it."
_SUGGESTED = "{} (suggested)"
# Control characters but for those that are white space, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
# What turns the direction of the letters around it: no name needs it, and a name must not change what follows.
_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Script:
    """`number` is which machine version of the recording's words it is, `version` how many corrections were made to it.

    `heard` are the stretches, in milliseconds, that people listened to or corrected; `is_checked` says that every word
    is in them.
    """

    language: str
    model: str
    segments: tuple[Segment, ...]
    number: int = 1
    version: int = 0
    heard: tuple[tuple[int, int], ...] = ()
    is_checked: bool = False
    language_probability: float | None = None
    duration_ms: int | None = None

    @property
    def caution(self) -> str:
        """What whoever opens the file must know of it; nothing where all of it was checked."""
        if self.is_checked or not self.segments:
            return ""
        return PARTLY_CHECKED if self.heard else NOT_CHECKED


def script_of(source: Transcription | ClearedTranscript) -> Script:
    """The script of what a model heard, or of a transcript as it is now."""
    if isinstance(source, Transcription):
        return Script(source.language, source.model, source.segments, duration_ms=source.duration_ms,
                      language_probability=source.language_probability)
    return Script(source.language, source.model, source.segments, source.number, source.version, source.heard,
                  source.is_checked)


def script_of_excerpt(excerpt: ClearedExcerpt) -> Script:
    """An excerpt's words, in the time of its own few seconds of sound. A draft was not checked."""
    def within(moment: int) -> int:
        return min(max(moment, excerpt.start_ms), excerpt.end_ms) - excerpt.start_ms

    words = tuple(replace(word, start_ms=within(word.start_ms), end_ms=within(word.end_ms)) for word in excerpt.words)
    segment = Segment(excerpt.text, 0, excerpt.end_ms - excerpt.start_ms, words)
    return Script("", "", (segment,), is_checked=not excerpt.is_draft)


def who(segment: Segment) -> str:
    """The speaker as people read it; empty where nobody knows. A computer's guess says that it is one."""
    if segment.speaker is None:
        return ""
    name = plain(_TURNS.sub("", segment.speaker.name))
    return _SUGGESTED.format(name) if name and segment.speaker.is_suggested else name


def plain(text: str) -> str:
    """On one line: every run of white space is one space, and characters that nobody can see or write are gone."""
    return " ".join(_UNSEEN.sub("", text).split())


def timed_words(segment: Segment) -> Sequence[Word]:
    """The words with their times; where they are not known, each gets its share of the segment's by its length."""
    if segment.words:
        return segment.words
    texts = segment.text.split()
    whole, span, at = max(1, sum(map(len, texts))), segment.end_ms - segment.start_ms, 0
    found = []
    for number, text in enumerate(texts):
        start, at = at, at + len(text)
        found.append(Word(f" {text}" if number else text, segment.start_ms + span * start // whole,
                          segment.start_ms + span * at // whole))
    return found
