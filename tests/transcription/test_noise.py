"""Where nobody speaks there are no words, and clear speech keeps its own."""

from functools import partial

import numpy as np
import pytest

from server.domain.hearing import HeardWindow
from server.transcription.doubt import Take
from server.transcription.noise import Voice, is_noise, without_noise
from server.transcription.samples import Samples
from server.transcription.search import Guess
from server.transcription.transcriber import Transcriber
from server.transcription.words import Spoken
from tests import non_speech

SOUNDS: dict[str, non_speech.Maker] = {
    "silence": non_speech.silence,
    "hum": partial(non_speech.hum, level=-20),
    "hiss": partial(non_speech.hiss, level=-20),
    "music": partial(non_speech.music, level=-15),
    "crying": partial(non_speech.crying, level=-12),
}
CLEAR, FAINT = Voice(np.full(300, 0.9)), Voice(np.full(300, 0.4))


def take(text: str, *, logprob: float = -0.2, no_speech: float = 0.02) -> Take:
    return Take(Guess((1,), (2 * logprob,)), text, no_speech)


@pytest.mark.parametrize("sound", SOUNDS)
def test_half_a_minute_without_speech_has_no_words(transcriber: Transcriber, sound: str) -> None:
    print(f"seed {non_speech.SEED}")
    heard: list[HeardWindow] = []
    outline = transcriber.hear(Samples.of(SOUNDS[sound](30)), on_heard=lambda each, _: heard.extend(each.windows))
    assert [word for window in heard for word in window.words] == []
    assert outline.duration_ms == 30_000


@pytest.mark.parametrize("text", ["Thank you.", "Thanks for watching!", "¡Gracias por ver el video!", "Merci.",
                                  "Vielen Dank.", "Obrigado.", "Untertitel der Amara.org-Community"])
def test_what_the_model_likes_to_say_into_silence_counts_when_it_was_clearly_heard(text: str) -> None:
    assert not is_noise(take(text), CLEAR)
    assert is_noise(take(text), FAINT)
    assert is_noise(take(text, no_speech=0.4), CLEAR)
    assert is_noise(take(text, logprob=-0.8), CLEAR)


@pytest.mark.parametrize("text", ["Bye bye bye!", "Waa, waa, waa.", "랩 랩 랩"])
def test_a_wail_is_no_word_said_over_and_over(text: str) -> None:
    assert is_noise(take(text, no_speech=0.4), FAINT)
    assert is_noise(take(text, logprob=-0.8), FAINT)
    assert not is_noise(take(text), CLEAR)
    assert not is_noise(take("No, no, no, I said.", no_speech=0.4), FAINT)


def test_the_same_word_over_and_over_counts_unless_several_signs_agree() -> None:
    assert not is_noise(take("No, no, no."), FAINT)
    assert not is_noise(take("No, no, no.", no_speech=0.4), CLEAR)


def test_other_words_are_dropped_only_when_several_signs_agree() -> None:
    words = "We waited for hours."
    assert not is_noise(take(words), FAINT)
    assert not is_noise(take(words, no_speech=0.7), CLEAR)
    assert not is_noise(take(words, logprob=-1.2), CLEAR)
    assert is_noise(take(words, no_speech=0.7), FAINT)
    assert is_noise(take(words, logprob=-1.2), FAINT)
    assert is_noise(take(words, logprob=-1.2, no_speech=0.4), CLEAR)


def test_a_word_that_stands_where_nobody_speaks_is_dropped_unless_the_model_is_sure_of_it() -> None:
    voice = Voice(np.concatenate([np.full(60, 0.9), np.full(90, 0.02)]))  # speech up to about two seconds
    said, made_up, sure = (Spoken(" We", 0.5, 0.9, 0.3), Spoken(" you", 3.0, 3.4, 0.3), Spoken(" go", 3.5, 3.9, 0.9))
    assert without_noise([said, made_up, sure], voice) == [said, sure]
