"""How words are told apart in what a person writes, in any script.

In most scripts a word is what stands between spaces, with its punctuation. Chinese, Japanese, Thai, Lao and Burmese put
no spaces between words, and the speech model times their characters: there a word is one character, with the marks and
the vowels that are written around it and the punctuation after it. Something in square brackets, such as "[laughs]" or
"[unclear: Leicester]", is one word whatever is in it.
"""

import re
import unicodedata
from dataclasses import dataclass

from server.domain.errors import Invalid

MOST_CHARACTERS = 2000

# Written without spaces, and timed by the character: first and last code points.
_SPACELESS = (
    (0x0E01, 0x0E4E), (0x0E81, 0x0ECD), (0x0EDC, 0x0EDF), (0x1000, 0x103F), (0x1050, 0x109F),
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3041, 0x30FA), (0x30FC, 0x312F),
    (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)
_LEADING = frozenset("เแโใไເແໂໃໄ")
_TRAILING = frozenset("ะาำๅๆະາຳໆーｰ")
# What only turns the direction of the text around it would turn a whole page.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

# In terms of `_kind`: a space, a spaceless letter, what is written before it and after it, an opening mark, other
# punctuation, square brackets, and anything else.
_UNIT = re.compile(r"o*b[^be]*e[tp]*|o*l*z[tp]*|o*l+[tp]*|(?:(?!b[^be]*e|o*l*z)[^ l])+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word as it is written: `text` without the space before it, from `start` to `end` in the whole."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """The same for the same word in capitals or with other punctuation; a bracketed mark is like nothing else."""
        folded = unicodedata.normalize("NFKC", self.text).casefold()
        said = "".join(char for char in folded if unicodedata.category(char)[0] in "LMNS")
        return f"[{said}]" if "[" in self.text and "]" in self.text else said or folded


def tidy(text: str) -> str:
    """One space where there are any, and no characters that cannot be seen or stored."""
    kept = "".join(" " if char.isspace() else char for char in text
                   if char.isspace() or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _TURNING))
    return " ".join(kept.split())


def checked_text(text: str) -> str:
    """What a segment is to say, tidied; it may be empty. Raises Invalid when it is too long."""
    tidied = tidy(text)
    if len(tidied) > MOST_CHARACTERS:
        message = f"This is too long for one passage. Split it first: it may have {MOST_CHARACTERS} characters at most."
        raise Invalid(message, fields={"text": message})
    return tidied


def units(text: str) -> list[Unit]:
    """The words of a text, in order; every character but spaces between them is in one of them."""
    kinds = "".join(map(_kind, text))
    return [Unit(text[found.start():found.end()], found.start(), found.end()) for found in _UNIT.finditer(kinds)]


def joined(first: str, second: str) -> str:
    """Two texts as one, with a space between them unless both are written without spaces there."""
    ends = [kind for kind in map(_kind, first) if kind not in "op"][-1:]
    begins = [kind for kind in map(_kind, second) if kind not in "op"][:1]
    is_close = ends and begins and ends[0] in "zt" and begins[0] in "zl"
    return f"{first}{'' if is_close else ' '}{second}".strip()


def is_spaceless(char: str) -> bool:
    """Whether its script puts no spaces between words."""
    code = ord(char)
    return code >= _SPACELESS[0][0] and any(first <= code <= last for first, last in _SPACELESS)


def _kind(char: str) -> str:
    """One letter for what part a character has in a word."""
    if char.isspace():
        return " "
    if char in "[]":
        return "b" if char == "[" else "e"
    category = unicodedata.category(char)
    if char in _LEADING:
        return "l"
    if char in _TRAILING or category[0] == "M":
        return "t"
    if category[0] == "L" or category == "Nl" or char in "〇":
        return "z" if is_spaceless(char) else "a"
    if category in ("Ps", "Pi"):
        return "o"
    return "p" if category[0] == "P" else "a"
