"""How the state of work is said."""

import pytest

from server.domain.work import State, in_words


def test_after_a_failure_the_reason_comes_first_and_then_what_is_safe() -> None:
    words = in_words(State.FAILED, "audio_damaged")
    assert words.startswith("The recording is damaged")
    assert words.endswith("The file itself is safe.")


def test_a_file_that_is_not_there_is_not_called_safe() -> None:
    assert "safe" not in in_words(State.FAILED, "media_missing")


def test_work_without_the_speech_model_says_so() -> None:
    assert "speech model" in in_words(State.BLOCKED, "weights_missing")


def test_work_without_the_voice_model_says_which_model_and_what_waits_for_it() -> None:
    words = in_words(State.BLOCKED, "voices_missing")
    assert words.startswith("The voice model is not on this server yet.")
    assert "who speaks" in words
    assert "speech model" not in words


@pytest.mark.parametrize("state", list(State))
def test_an_unknown_reason_still_gives_a_sentence(state: State) -> None:
    assert in_words(state, "something_new").endswith(".")
