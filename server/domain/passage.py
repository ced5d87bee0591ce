"""Finding where something was said, although a transcript may have misheard a word of it."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from server.domain.transcript import Word

_LIKE_ENOUGH = 0.7
_EXTRA_WORDS = 2


def find(words: Sequence[Word], wanted: str) -> tuple[int, int] | None:
    """Start and end in milliseconds of the stretch of words most like `wanted`, or None where nothing is like it."""
    plain = [_plain(word.text) for word in words]
    asked = [_plain(word) for word in wanted.split()]
    best, place = _LIKE_ENOUGH, None
    for begin in range(len(plain)):
        for length in range(max(1, len(asked) - _EXTRA_WORDS), len(asked) + _EXTRA_WORDS + 1):
            likeness = SequenceMatcher(None, plain[begin:begin + length], asked, autojunk=False).ratio()
            if likeness > best and begin + length <= len(plain):
                best, place = likeness, (words[begin].start_ms, words[begin + length - 1].end_ms)
    return place


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", word).casefold()
