"""Words as they are compared: without capitals and accents, and whatever stands between them, in any script.

"O'Brien", "O’BRIEN" and "obrien" are one name, and so are "0161 496 0000" and "01614960000": words are found where the
letters of some that follow each other are theirs. Only whole words are found, but for the scripts that put no spaces
between words, where each character is one.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from server.domain.written_words import is_spaceless

# Letters with a stroke or two in one, which Unicode does not take apart.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Accents, and the vowel signs of Arabic and Hebrew: by their combining class. Others change the word.
_POINTS, _ACCENTS = range(10, 36), 200
_STRETCH = "\u0640"  # in Arabic it makes a word longer, and is no letter


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, folded, from `start` to `end`. One that stands for something withheld is like no other."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where some words are, and whose: their place in what was looked for."""

    start: int
    end: int
    which: int


def folded(text: str) -> str:
    """The letters of a text, as they are compared."""
    return "".join(token.key for token in tokens(text))


def words_in(text: str) -> set[str]:
    """The words of a text, as they are compared."""
    return {token.key for token in tokens(text)}


def tokens(text: str, marks: Sequence[str] = ()) -> list[Token]:
    """The words of a text in order. What is written exactly like one of the marks, longest first, is a word apart."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        mark = next((one for one in marks if text.startswith(one, place)), "")
        if mark and not _runs_on(text, place, place + len(mark)):
            found.append(Token("", place, place + len(mark)))
            place += len(mark)
            continue
        end = _word_end(text, place)
        key = "".join(map(_fold, text[place:end]))
        if key:
            found.append(Token(key, place, end))
        place = max(end, place + 1)
    return found


def find(said: Sequence[Token], wanted: Mapping[str, int], prefixes: frozenset[str]) -> list[Found]:
    """Every place where the letters of tokens that follow each other are wanted: the longest from each token on."""
    places = []
    for first, token in enumerate(said):
        letters, best = "", None
        for last in range(first, len(said)):
            letters += said[last].key
            if not said[last].key or letters not in prefixes:
                break
            if letters in wanted:
                best = Found(token.start, said[last].end, wanted[letters])
        if best is not None:
            places.append(best)
    return places


def prefixes_of(keys: Iterable[str]) -> frozenset[str]:
    """Every beginning of each of these."""
    return frozenset(key[:length] for key in keys for length in range(1, len(key) + 1))


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether what begins or ends there is part of a longer word."""
    return ((start > 0 and _is_in_word(text[start]) and _goes_on(text[start - 1]))
            or (end < len(text) and _is_in_word(text[end - 1]) and _goes_on(text[end])))


def _word_end(text: str, place: int) -> int:
    """Where the word that begins here ends; here, where none does."""
    if not _is_in_word(text[place]):
        return place
    if is_spaceless(text[place]):
        return place + 1
    end = place
    while end < len(text) and (_goes_on(text[end]) or _is_unseen(text[end])):
        end += 1
    return end


def _goes_on(char: str) -> bool:
    return _is_in_word(char) and not is_spaceless(char)


@lru_cache(maxsize=8192)
def _is_in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _is_unseen(char: str) -> bool:
    """A soft hyphen, or what joins letters; not the space without width."""
    return unicodedata.category(char) == "Cf" and char != "\u200b"


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).translate(_PLAIN)
    return "".join(one for one in apart if _is_in_word(one) and one != _STRETCH and not _is_accent(one))


def _is_accent(char: str) -> bool:
    place = unicodedata.combining(char)
    return place in _POINTS or place >= _ACCENTS
