"""A consent wording: the texts of one version, each in one language and one reading, and the hash that names a text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.domain.consent import Use
from server.domain.hashes import sha256_of
from server.domain.languages import in_order

# The longest that a yes may be said to last, short of for good.
MOST_MONTHS = 600


class Reading(StrEnum):
    """How a text is written: in full, or in short sentences of one idea each, beside pictures."""

    FULL = "full"
    EASY = "easy"


@dataclass(frozen=True)
class Question:
    """What is asked about one use, and what the words under it explain."""

    question: str
    explanation: str


@dataclass(frozen=True)
class Wording:
    """A text to agree to: one question for each use, asked in the order of `Use`."""

    title: str
    introduction: str
    questions: Mapping[Use, Question]


@dataclass(frozen=True)
class Text:
    """A wording in one language and reading."""

    language: str
    reading: Reading
    wording: Wording

    @property
    def sha256(self) -> str:
        """What a consent record names the very words by: SHA-256 of one line of JSON, in the order asked."""
        wording = self.wording
        uses = [[use.value, asked.question, asked.explanation] for use, asked in wording.questions.items()]
        content = [self.language, self.reading.value, wording.title, wording.introduction, uses]
        return sha256_of(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class Difference:
    """A piece of a text that is not as it was, by the name of its field. Nothing before: it is new."""

    name: str
    before: str
    after: str


def differences(before: Wording | None, after: Wording | None) -> list[Difference]:
    """What a text says otherwise than before, piece by piece, in the order it is read."""
    old, new = _pieces(before), _pieces(after)
    return [Difference(name, old.get(name, ""), new.get(name, "")) for name in (new or old)
            if old.get(name, "") != new.get(name, "")]


def sort_texts(texts: Iterable[Text], main: str) -> list[Text]:
    """The main language first, then the others by their order; in each the full reading first."""
    return sorted(texts, key=lambda text: (text.language != main, in_order(text.language),
                                           text.reading is not Reading.FULL))


def _pieces(wording: Wording | None) -> dict[str, str]:
    if wording is None:
        return {}
    found = {"title": wording.title, "introduction": wording.introduction}
    for use, asked in wording.questions.items():
        found[f"question_{use.value}"] = asked.question
        found[f"explanation_{use.value}"] = asked.explanation
    return found
