"""What a project says of its recordings, as somebody ticks and types it."""

import pytest

from server.domain.errors import Invalid
from server.domain.speech_settings import SPOKEN, USUAL, SpeechSettings, read_speech_settings


def test_languages_are_read_by_code_and_by_name_and_kept_in_order() -> None:
    assert read_speech_settings(["cy", "en"], "").languages == ("en", "cy")
    assert read_speech_settings(["Welsh", " english ", "en"], "").languages == ("en", "cy")
    assert read_speech_settings([], "") == SpeechSettings()


def test_each_line_is_a_name_once_without_spaces_around_it() -> None:
    typed = "  Ysbyty  Gwynedd \r\n\nCAMHS\nCAMHS\n"
    assert read_speech_settings([], typed).vocabulary == ("Ysbyty Gwynedd", "CAMHS")


@pytest.mark.parametrize(("languages", "vocabulary", "wrong"), [
    (["Klingon"], "", "languages"), (["xx"], "", "languages"), ([], "a" * 61, "vocabulary"),
    ([], "\n".join(map(str, range(101))), "vocabulary"), ([], "a\0b", "vocabulary"), ([], "\ud800", "vocabulary"),
])
def test_anything_else_is_refused_with_what_to_do(languages: list[str], vocabulary: str, wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_speech_settings(languages, vocabulary)
    assert list(refusal.value.fields) == [wrong]


def test_as_much_as_is_allowed_is_taken() -> None:
    assert len(read_speech_settings(SPOKEN, "\n".join(f"{n:060}" for n in range(100))).vocabulary) == 100


def test_languages_are_offered_by_the_alphabet() -> None:
    assert list(SPOKEN.values()) == sorted(SPOKEN.values())
    assert {"en", "cy", "ur", "zh"} <= set(USUAL)
