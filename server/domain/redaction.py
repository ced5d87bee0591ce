"""What somebody withholds of a story: words that become "[name]" or a pseudonym, and the sound under them.

Times are whole milliseconds from the start of the recording. How words are withheld is in
`server/domain/withholding.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from server.domain.errors import Invalid
from server.domain.folded_words import folded, words_in
from server.domain.written_words import tidy

# How much more than the words is taken out of the sound, on each side: little, since each millisecond more is one of
# the words beside them (docs/benchmarks.md). Where it was too little a computer hears it, before anybody else does.
MARGIN_MS = 25
# What stands for anything where nothing else can: for what a translation has in other words, and where the usual
# replacement has a withheld word in it.
WITHHELD, NOTHING = "[withheld]", "[…]"

MOST_CHARACTERS, MOST_IN_REPLACEMENT = 200, 80
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


class Category(StrEnum):
    NAME = "name"
    PLACE = "place"
    ORGANISATION = "organisation"
    DATE = "date"
    ADDRESS = "address"
    NUMBER = "number"
    OTHER = "other"

    @property
    def replacement(self) -> str:
        """What stands for words of this sort, unless somebody chose a pseudonym."""
        return WITHHELD if self is Category.OTHER else f"[{self.value}]"


class Sound(StrEnum):
    BLEEP = "bleep"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Term:
    """Words to withhold, and what is shown for them. `id` is of whatever withholds them."""

    id: str
    words: str
    replacement: str
    is_everywhere: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term is said in a recording."""

    start_ms: int
    end_ms: int
    term: Term


def stretches(places: Iterable[tuple[int, int, Sound]], margin_ms: int = MARGIN_MS) -> list[tuple[int, int, Sound]]:
    """What is taken out of the sound, apart from each other and in order: each place with a margin on both sides. Where
    two touch they are one, with a bleep if either has one."""
    found: list[tuple[int, int, Sound]] = []
    for start, end, sound in sorted((max(0, start - margin_ms), end + margin_ms, sound)
                                    for start, end, sound in places):
        if found and start <= found[-1][1]:
            first, last, before = found.pop()
            either = sound if before == sound else Sound.BLEEP
            found.append((first, max(last, end), either))
        else:
            found.append((start, end, sound))
    return found


def checked_words(words: str) -> str:
    """The words to withhold, tidied and without a possessive at their end. Raises Invalid."""
    tidied = _POSSESSIVE.sub("", tidy(words))
    if not folded(tidied):
        raise Invalid(fields={"words": "Write the words to withhold."})
    if len(tidied) > MOST_CHARACTERS:
        raise Invalid(fields={"words": f"Withhold no more than {MOST_CHARACTERS} characters at once."})
    return tidied


def checked_replacement(replacement: str, category: Category, words: str) -> str:
    """What is to stand for the words; the usual one where nothing was written. Raises Invalid, also where it has one of
    the words in it."""
    tidied = tidy(replacement) or category.replacement
    if len(tidied) > MOST_IN_REPLACEMENT:
        raise Invalid(fields={"replacement": f"This may have {MOST_IN_REPLACEMENT} characters at most."})
    if not tidied.startswith("[") and words_in(tidied) & words_in(words):
        raise Invalid(fields={"replacement": "Choose a replacement without the words that you withhold."})
    if "[" in tidied[1:] or ("[" in tidied) != tidied.endswith("]"):
        raise Invalid(fields={"replacement": "Put both brackets around all of it, or none."})
    return tidied
