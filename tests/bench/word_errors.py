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
    normal = _normaliser(language == "en")
    counted = jiwer.process_words(normal(said), normal(heard))
    return Errors(counted.substitutions + counted.deletions + counted.insertions,
                  counted.hits + counted.substitutions + counted.deletions)


def added(said: str, heard: str) -> int:
    """Words of English that were heard beyond those that were said."""
    normal = _normaliser(True)
    if not normal(said).strip():
        return len(normal(heard).split())
    return int(jiwer.process_words(normal(said), normal(heard)).insertions)


def together(each: Iterable[Errors]) -> Errors:
    counted = list(each)
    return Errors(sum(one.wrong for one in counted), sum(one.said for one in counted))


@cache
def _normaliser(english: bool) -> EnglishTextNormalizer | BasicTextNormalizer:
    return EnglishTextNormalizer() if english else BasicTextNormalizer()
