"""Each stretch of a conversation in its own language."""

from pathlib import Path

import numpy as np
import pytest

from server.domain.errors import Invalid
from server.domain.hearing import HeardWindow, Hints
from server.transcription.languages import FirstLook, Language, most_spoken, settle
from server.transcription.samples import Samples
from server.transcription.transcriber import Transcriber
from tests.transcription.conftest import sound_of


def look(**odds: float) -> FirstLook:
    return FirstLook(odds, 0.0)


def codes(looks: list[FirstLook], seconds: list[float], possible: tuple[str, ...] = (), **before: float) -> list[str]:
    return [language.code for language in settle(looks, seconds, possible, before)]


def test_an_unclear_window_goes_with_the_rest_of_the_conversation() -> None:
    clear, unclear = look(en=0.97, cy=0.02), look(en=0.4, cy=0.5)
    assert codes([clear, unclear, clear], [28, 20, 28]) == ["en", "en", "en"]
    assert codes([unclear], [20], en=300.0) == ["en"]
    assert codes([unclear], [20], cy=300.0) == ["cy"]


def test_a_clear_window_keeps_its_language_whatever_the_others_are_in() -> None:
    english, spanish = look(en=0.98, es=0.01), look(en=0.01, es=0.98)
    assert codes([english, spanish, english, english], [28, 15, 28, 28], en=900.0) == ["en", "es", "en", "en"]


def test_a_word_or_two_say_little_about_their_language() -> None:
    english, spanish = look(en=0.98, es=0.01), look(en=0.1, es=0.8)
    assert codes([english, spanish], [28, 1]) == ["en", "en"]


def test_only_languages_that_the_project_names_are_heard() -> None:
    assert codes([look(en=0.1, nn=0.6, cy=0.2)], [20], ("en", "cy")) == ["cy"]
    assert settle([look(en=0.9)], [20], ("cy",), {}) == [Language("cy")]


def test_the_language_of_most_speech_is_that_of_the_recording() -> None:
    english, spanish = Language("en", 0.9), Language("es", 0.6)
    assert most_spoken([(english, 10), (spanish, 30), (english, 5), (Language("es", 0.8), 10)]) == Language("es", 0.65)
    assert most_spoken([(Language("fr"), 10)]) == Language("fr")
    assert most_spoken([]) == Language("")


@pytest.mark.slow
def test_two_languages_within_half_a_minute_each_come_out_in_their_own(transcriber: Transcriber, speech: Path) -> None:
    """Left to itself, the model passes over all that is in the other language."""
    english, spanish = sound_of(speech / "fleurs-en-000.ogg"), sound_of(speech / "fleurs-es-000.ogg")
    both = Samples.of(np.concatenate([spanish, np.zeros(16_000, dtype=np.float32), english]))
    heard: list[HeardWindow] = []
    outline = transcriber.hear(both, on_heard=lambda each, _: heard.extend(each.windows))
    assert [window.language for window in heard] == ["es", "en"]
    assert [window.position for window in heard] == list(range(outline.windows))
    texts = ["".join(word.text for word in window.words) for window in heard]
    assert "los viajeros" in texts[0]
    assert "communication channels" in texts[1]
    assert heard[0].end_ms <= heard[1].start_ms + 1


def test_a_hint_of_an_unknown_language_is_refused(transcriber: Transcriber) -> None:
    with pytest.raises(Invalid, match="klingon"):
        transcriber.hear(Samples.of(np.zeros(16_000)), hints=Hints(("klingon",)), on_heard=lambda *_: None)


def test_what_was_said_is_told_in_english(transcriber: Transcriber, speech: Path) -> None:
    samples, shares = Samples.of(sound_of(speech / "fleurs-es-000.ogg")), list[float]()
    [whole] = transcriber.translate(samples, [(0, samples.duration_ms)], "es", shares.append)
    assert "travel" in whole
    assert "viajeros" not in whole
    assert shares == [1.0]
