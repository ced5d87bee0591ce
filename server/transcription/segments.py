"""Puts words in order of time and gathers them into segments that a person can read and play."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, islice

from server.domain.hearing import HeardWindow, Outline
from server.domain.transcript import Segment, Transcription, Word

MAX_SEGMENT_MS = 12_000
_PAUSE_MS = 1_000
_MIN_SENTENCE_MS = 1_000
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟")
_CLAUSE_ENDS = (",", ";", ":", "–", "，", "、", "،")
_QUOTES = "\"'”’»)]"
_TITLES = frozenset({"mr.", "mrs.", "ms.", "dr.", "prof.", "st."})


def transcription_of(outline: Outline, windows: Sequence[HeardWindow]) -> Transcription:
    """The whole transcript, from all windows of a recording in their order. A segment is in one language."""
    words = iter(in_order([word for window in windows for word in window.words], outline.duration_ms))
    segments: list[Segment] = []
    for language, some in groupby(windows, lambda window: window.language):
        here = [word for window in some for word in islice(words, len(window.words))]
        of_its_own = "" if language == outline.language else language
        segments += [replace(segment, language=of_its_own) for segment in segments_of(here)]
    return Transcription(
        language=outline.language,
        language_probability=outline.language_probability,
        model=outline.model,
        duration_ms=outline.duration_ms,
        segments=tuple(segments),
    )


def in_order(words: Sequence[Word], duration_ms: int) -> list[Word]:
    """Words that neither overlap nor run past the end of the recording."""
    ordered: list[Word] = []
    earliest = 0
    for word in words:
        start = min(max(word.start_ms, earliest), duration_ms)
        earliest = min(max(word.end_ms, start), duration_ms)
        ordered.append(replace(word, start_ms=start, end_ms=earliest))
    return ordered


def segments_of(words: Sequence[Word]) -> tuple[Segment, ...]:
    """Segments end with a sentence or at a pause, and last 12 s at most; their text is their words joined."""
    segments: list[Segment] = []
    gathered: list[Word] = []
    for word in words:
        if gathered and word.start_ms - gathered[-1].end_ms >= _PAUSE_MS:
            segments.append(_segment(gathered))
            gathered = []
        while gathered and word.end_ms - gathered[0].start_ms > MAX_SEGMENT_MS:
            cut = _best_cut(gathered)
            segments.append(_segment(gathered[:cut]))
            gathered = gathered[cut:]
        gathered.append(word)
        if _ends_sentence(word) and word.end_ms - gathered[0].start_ms >= _MIN_SENTENCE_MS:
            segments.append(_segment(gathered))
            gathered = []
    if gathered:
        segments.append(_segment(gathered))
    return tuple(segments)


def _best_cut(words: Sequence[Word]) -> int:
    """After the last clause in the second half, or else at the end."""
    for cut in range(len(words), len(words) // 2, -1):
        if _stripped(words[cut - 1]).endswith(_CLAUSE_ENDS):
            return cut
    return len(words)


def _ends_sentence(word: Word) -> bool:
    text = _stripped(word)
    return text.endswith(_SENTENCE_ENDS) and text.lower() not in _TITLES


def _stripped(word: Word) -> str:
    return word.text.strip().rstrip(_QUOTES)


def _segment(words: Sequence[Word]) -> Segment:
    first = replace(words[0], text=words[0].text.lstrip())
    whole = (first, *words[1:])
    return Segment("".join(word.text for word in whole), first.start_ms, whole[-1].end_ms, whole)
