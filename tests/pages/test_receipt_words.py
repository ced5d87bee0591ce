"""Every language says all that a receipt's pages say, in both readings."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

import pytest

from server.domain.consent import Given, Scope, Use
from server.domain.consent_wording import Reading
from server.pages.receipt_words import WORDS
from server.pages.receipt_words.shape import Words
from server.services.uses_made import Used

BRACES = re.compile(r"\{\w+\}")


def sentences(said: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence of these words, with where it is."""
    if isinstance(said, str):
        yield name, said
    elif is_dataclass(said):
        for field in fields(said):
            yield from sentences(getattr(said, field.name), f"{name}.{field.name}")
    elif isinstance(said, tuple):
        for number, one in enumerate(said):
            yield from sentences(one, f"{name}.{number}")
    else:
        for key, one in said.items():
            yield from sentences(one, f"{name}.{key}")


ALL = [(code, reading, words) for code, readings in WORDS.items() for reading, words in readings.items()]


@pytest.mark.parametrize(("code", "reading", "words"), ALL)
def test_every_word_is_there(code: str, reading: Reading, words: Words) -> None:
    assert set(WORDS[code]) == set(Reading)
    said = dict(sentences(words))
    assert [name for name, sentence in said.items() if not sentence.strip() or "<" in sentence] == []
    for mapping, kinds in ((words.uses, Use), (words.said, Given), (words.used, Used), (words.scopes, Scope)):
        every: type[StrEnum] = kinds
        assert list(mapping) == list(every)
    assert len(words.months) == 12


@pytest.mark.parametrize(("code", "reading", "words"), ALL)
def test_each_sentence_has_what_the_page_puts_in(code: str, reading: Reading, words: Words) -> None:
    english = dict(sentences(WORDS["en"][Reading.FULL]))
    for name, sentence in sentences(words):
        # Easy words may be more sentences, or fewer, that hold nothing.
        wanted = BRACES.findall(english.get(name, ""))
        assert sorted(BRACES.findall(sentence)) == sorted(wanted), name
        assert "!" not in sentence


@pytest.mark.parametrize("code", WORDS)
def test_the_easy_words_are_others_and_as_many_in_every_language(code: str) -> None:
    def changed(of: str) -> set[str]:
        full, easy = (getattr(WORDS[of][reading], "__dict__", {}) for reading in (Reading.FULL, Reading.EASY))
        return {name for name in full if full[name] != easy[name]}

    assert changed("en") - changed(code) <= {"next_done"}
    assert len(changed(code)) > 30


@pytest.mark.parametrize("code", sorted(set(WORDS) - {"en"}))
def test_nothing_is_left_in_english(code: str) -> None:
    english = dict(sentences(WORDS["en"][Reading.FULL]))
    same = [name for name, sentence in sentences(WORDS[code][Reading.FULL]) if sentence == english[name]]
    assert same == [".day"]
