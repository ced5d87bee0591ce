"""From tokens and when they begin to words that a person reads, with their times within a window.

Which tokens make a word, what punctuation belongs to it, and how long a word may seem to last are openai-whisper's
rules (`add_word_timestamps` in whisper/timing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from whisper.tokenizer import Tokenizer

_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"
_SENTENCE_ENDS = ".。!！?？"
_LONGEST_MIDDLE = 0.7


@dataclass(frozen=True)
class Spoken:
    """A word with its seconds in the window and its mean probability; `text` keeps the space before it."""

    text: str
    start: float
    end: float
    probability: float


def words_of(tokenizer: Tokenizer, tokens: Sequence[int], logprobs: Sequence[float], starts: Sequence[float],
             seconds: float) -> list[Spoken]:
    """`starts` has one more than `tokens`: when the last ends. No word ends after the `seconds` of the window."""
    words, parts = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    bare: list[Spoken] = []
    begin = 0
    for text, part in zip(words[:-1], parts[:-1], strict=True):
        end = begin + len(part)
        bare.append(Spoken(text, starts[begin], starts[end], float(np.mean(np.exp(logprobs[begin:end])))))
        begin = end
    middle = _middle_length(bare)
    return _short_at_the_edges(_joined(_short_at_sentences(bare, 2 * middle)), middle, seconds)


def _middle_length(words: Sequence[Spoken]) -> float:
    lengths = [word.end - word.start for word in words if word.end > word.start]
    return min(_LONGEST_MIDDLE, float(np.median(lengths))) if lengths else 0.0


def _short_at_sentences(words: Sequence[Spoken], longest: float) -> list[Spoken]:
    """A pause between sentences belongs to neither the full stop nor the word after it."""
    short = list(words[:1])
    for before, word in pairwise(words):
        if longest and word.end - word.start > longest:
            if word.text in _SENTENCE_ENDS:
                word = replace(word, end=word.start + longest)
            elif before.text in _SENTENCE_ENDS:
                word = replace(word, start=word.end - longest)
        short.append(word)
    return short


def _joined(words: Sequence[Spoken]) -> list[Spoken]:
    """Punctuation goes to the word it stands at. Its times and probability do not count."""
    joined: list[Spoken] = []
    opening = ""
    for word in words:
        if word.text.startswith(" ") and word.text.strip() in _OPENING and word.text.strip():
            opening += word.text
        elif joined and not opening and word.text in _CLOSING and not joined[-1].text.endswith(" "):
            joined[-1] = replace(joined[-1], text=joined[-1].text + word.text)
        else:
            joined.append(replace(word, text=opening + word.text))
            opening = ""
    if opening and joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text + opening)
    return joined


def _short_at_the_edges(words: list[Spoken], middle: float, seconds: float) -> list[Spoken]:
    """The first word does not begin with the window, nor does the last end with it, when somebody is silent there."""
    if not words:
        return words
    longest = 2 * middle
    first = words[0]
    if first.end > 2 * longest and first.end - first.start > longest:
        if len(words) > 1 and words[1].end - words[1].start > longest:
            border = max(words[1].end / 2, words[1].end - longest)
            first, words[1] = replace(first, end=border), replace(words[1], start=border)
        words[0] = replace(first, start=max(0.0, first.end - longest))
    last = words[-1]
    if last.start < seconds < last.end - 0.5:
        words[-1] = replace(last, end=max(last.start + middle, seconds))
    return words
