"""Names that a project gives are heard as it writes them."""

from pathlib import Path

import numpy as np
import pytest
from whisper.tokenizer import Tokenizer, get_tokenizer

from server.domain.hearing import HeardWindow, Hints
from server.transcription.samples import Samples
from server.transcription.transcriber import Transcriber
from server.transcription.vocabulary import MAX_TOKENS, prompt
from tests.transcription.conftest import sound_of


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return get_tokenizer(multilingual=True, language="de")


def _text(transcriber: Transcriber, samples: Samples, *vocabulary: str) -> str:
    heard: list[HeardWindow] = []
    transcriber.hear(samples, hints=Hints(("de",), vocabulary), on_heard=lambda each, _: heard.extend(each.windows))
    return "".join(word.text for window in heard for word in window.words)


def test_a_name_that_is_misheard_is_right_once_the_project_gives_it(transcriber: Transcriber, speech: Path) -> None:
    samples = Samples.of(sound_of(speech / "fleurs-de-000.ogg"))
    without, given = _text(transcriber, samples), _text(transcriber, samples, "Kowloon", "Aussichten")
    assert "Kowloon" not in without
    assert "Kowloon fahren" in given
    assert given.split()[:6] == without.split()[:6]


def test_a_name_is_not_heard_where_nobody_speaks(transcriber: Transcriber) -> None:
    hiss = np.random.default_rng(5).normal(scale=0.05, size=10 * 16_000)
    assert _text(transcriber, Samples.of(hiss), "Kowloon", "Siobhán") == ""


def test_as_many_names_are_given_as_there_is_room_for_and_the_first_go_first(tokenizer: Tokenizer) -> None:
    names = [f"Llanfairpwll {number}" for number in range(40)]
    tokens = prompt(tokenizer, names)
    assert tokens[0] == tokenizer.sot_prev
    assert len(tokens) <= MAX_TOKENS + 1
    assert tokenizer.decode(tokens[1:]).startswith(" Llanfairpwll 0, Llanfairpwll 1")


def test_a_name_too_long_leaves_room_for_the_others(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(prompt(tokenizer, ["x" * 2000, "Siobhán"])[1:]) == " Siobhán"


def test_without_a_vocabulary_nothing_goes_before(tokenizer: Tokenizer) -> None:
    assert prompt(tokenizer, ()) == []
