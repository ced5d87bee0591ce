"""What a transcript says now in the stretch of an excerpt, against the excerpt's own words.

Words that were kept have the times they had, so the first and the last word of an excerpt are found again by text and
times, whatever was put in beside them. Where one of them is gone, the stretch ends by the clock there: a word belongs
to it where its middle lies in it. Nothing here moves an excerpt.
"""

from collections.abc import Sequence
from dataclasses import replace

from server.domain.hashes import sha256_of
from server.domain.transcript import Word


def words_now(spoken: Sequence[Word], own: Sequence[Word], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Of the words that are spoken around an excerpt now, in order, those in its place. `own` are its words as kept."""
    inside = [number for number, word in enumerate(spoken)
              if 2 * start_ms <= word.start_ms + word.end_ms <= 2 * end_ms]
    if not inside:
        return ()
    first = _place_of(own[0], spoken) if own else None
    last = _place_of(own[-1], spoken) if own else None
    begin = inside[0] if first is None else first
    end = inside[-1] if last is None else last
    found = spoken[begin:end + 1]
    return (replace(found[0], text=found[0].text.lstrip()), *found[1:]) if found else ()


def others_among(now: Sequence[Word], own: Sequence[Word]) -> tuple[Word, ...]:
    """The words said now that are not an excerpt's own, by what they say and when."""
    there = {(word.text.strip(), word.start_ms, word.end_ms) for word in own}
    return tuple(word for word in now if (word.text.strip(), word.start_ms, word.end_ms) not in there)


def text_of(words: Sequence[Word]) -> str:
    """What the words say, with one space where there are any."""
    return " ".join("".join(word.text for word in words).split())


def is_same(now: Sequence[Word], text: str) -> bool:
    """Whether these words say what the text says. How they are split up makes no difference, nor do spaces."""
    return text_of(now) == " ".join(text.split())


def hash_of(text: str) -> str:
    """SHA-256 of the text with one space where there are any."""
    return sha256_of(" ".join(text.split()))


def _place_of(word: Word, spoken: Sequence[Word]) -> int | None:
    same = (number for number, other in enumerate(spoken)
            if (other.text.strip(), other.start_ms, other.end_ms) == (word.text.strip(), word.start_ms, word.end_ms))
    return next(same, None)
