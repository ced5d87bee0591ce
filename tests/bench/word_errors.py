"""How many words were wrong: spelling as openai-whisper's own normalisers see it, errors counted by jiwer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import jiwer
from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer


@dataclass(frozen=True)
class Errors:
    """Words put in, left out or replaced, of so many that were said."""

    wrong: int
    said: int

    @property
    def per_cent(self) -> float:
        return 100 * self.wrong / self.said


def errors(said: str, heard: str, language: str) -> Errors:
    """In English case, punctuation and the writing of numbers do not count; elsewhere case and punctuation."""
    counted = jiwer.process_words(_plain(said, language), _plain(heard, language))
    return Errors(counted.substitutions + counted.deletions + counted.insertions,
                  counted.hits + counted.substitutions + counted.deletions)


def added(said: str, heard: str) -> int:
    """Words of English that were heard beyond those that were said."""
    plain = _plain(heard, "en")
    return int(jiwer.process_words(_plain(said, "en"), plain).insertions) if said else len(plain.split())


def together(each: Iterable[Errors]) -> Errors:
    counted = list(each)
    return Errors(sum(one.wrong for one in counted), sum(one.said for one in counted))


def _plain(text: str, language: str) -> str:
    """Without what is left of three dots, which is no word."""
    return " ".join(word for word in _normaliser(language == "en")(text).split() if any(map(str.isalnum, word)))


@cache
def _normaliser(english: bool) -> EnglishTextNormalizer | BasicTextNormalizer:
    return EnglishTextNormalizer() if english else BasicTextNormalizer()
