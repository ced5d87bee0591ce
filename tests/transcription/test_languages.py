"""The languages that a project can say are spoken are those that the model knows."""

from whisper.tokenizer import LANGUAGES

from server.domain.speech_settings import SPOKEN


def test_every_language_of_the_multilingual_models_can_be_chosen_and_no_other() -> None:
    only_in_large_models = {"yue"}
    assert set(SPOKEN) == set(LANGUAGES) - only_in_large_models
