"""Speech that got no words: where a window is cut, so that what was passed over is heard by itself.

The model may leave out half a window, when a second language is spoken in it above all.
"""

from collections.abc import Sequence

import numpy as np

from server.transcription.noise import CHUNKS_PER_SECOND, Voice
from server.transcription.words import Spoken

_UNHEARD_SECONDS = 3.0
_LONG_WORD = 1.5  # a longer one was stretched over something else; its edges alone count
_SURE = 0.5  # of the probability of voice
_NEAR_SECONDS = 0.5


def cuts(words: Sequence[Spoken], voice: Voice) -> list[float]:
    """Seconds at which a window falls into what was heard and what was passed over; none where all was heard."""
    length = len(voice.probabilities) / CHUNKS_PER_SECOND
    begin, end = max(_gaps(words, length), key=lambda gap: _voiced(voice, *gap))
    if _voiced(voice, begin, end) < _UNHEARD_SECONDS or not words:
        return []
    return [_quietest(voice, border) for border in (begin, end) if 0 < border < length]


def _gaps(words: Sequence[Spoken], length: float) -> list[tuple[float, float]]:
    """Between words, before the first and after the last."""
    said = [core for place, word in enumerate(words)
            for core in _cores(word, is_first=place == 0, is_last=place == len(words) - 1)]
    starts, ends = [start for start, _ in said], [end for _, end in said]
    return list(zip([0.0, *ends], [*starts, length], strict=True))


def _cores(word: Spoken, *, is_first: bool, is_last: bool) -> list[tuple[float, float]]:
    """What of a word counts: of one that is stretched to an edge of the window, the side where other words are."""
    if word.end - word.start <= _LONG_WORD:
        return [(word.start, word.end)]
    half = _LONG_WORD / 2
    begins, ends = (word.start, word.start + half), (word.end - half, word.end)
    return [*([] if is_first and not is_last else [begins]), *([] if is_last else [ends])]


def _voiced(voice: Voice, begin: float, end: float) -> float:
    """Seconds of voice."""
    chunks = voice.probabilities[_chunk(begin) : _chunk(end)]
    return float((chunks >= _SURE).sum() / CHUNKS_PER_SECOND)


def _quietest(voice: Voice, border: float) -> float:
    first = max(0, _chunk(border - _NEAR_SECONDS))
    near = voice.probabilities[first : _chunk(border + _NEAR_SECONDS) + 1]
    return float((first + int(np.argmin(near))) / CHUNKS_PER_SECOND)


def _chunk(seconds: float) -> int:
    return int(seconds * CHUNKS_PER_SECOND)
