"""Texts of a wording: how each is named, what two of them say otherwise, and the ones we suggest."""

import hashlib
import json
from dataclasses import replace

import pytest

from server.domain.consent import Use
from server.domain.consent_wording import Reading, Text, differences, sort_texts
from server.domain.languages import language_of
from server.domain.suggested_wordings import SUGGESTED, SUGGESTED_TEXTS, needs_a_speaker


def test_a_text_is_named_by_one_line_of_json_in_the_order_it_is_read() -> None:
    questions = [[use.value, asked.question, asked.explanation] for use, asked in SUGGESTED.questions.items()]
    line = json.dumps(["en", "full", SUGGESTED.title, SUGGESTED.introduction, questions], ensure_ascii=False,
                      separators=(",", ":"))
    assert Text("en", Reading.FULL, SUGGESTED).sha256 == hashlib.sha256(line.encode()).hexdigest()


def test_the_same_words_in_another_language_or_reading_have_another_name() -> None:
    texts = [Text(language, reading, SUGGESTED) for language in ("en", "cy") for reading in Reading]
    texts.append(replace(texts[0], wording=replace(SUGGESTED, title="Sharing  your story")))
    assert len({text.sha256 for text in texts}) == len(texts)


def test_what_changed_is_said_piece_by_piece() -> None:
    question = replace(SUGGESTED.questions[Use.BOARD], explanation="In a meeting.")
    after = replace(SUGGESTED, title="Ours", questions={**SUGGESTED.questions, Use.BOARD: question})
    assert [(piece.name, piece.after) for piece in differences(SUGGESTED, after)] == [
        ("title", "Ours"), ("explanation_board", "In a meeting.")]
    assert differences(SUGGESTED, SUGGESTED) == []
    assert len(differences(None, SUGGESTED)) == 2 + 2 * len(Use)


def test_the_main_language_comes_first_and_its_full_text_before_the_easy_one() -> None:
    texts = [Text(language, reading, SUGGESTED) for language in ("ur", "cy", "en") for reading in (Reading.EASY,
                                                                                                  Reading.FULL)]
    assert [(text.language, text.reading.value) for text in sort_texts(texts, "cy")] == [
        ("cy", "full"), ("cy", "easy"), ("en", "full"), ("en", "easy"), ("ur", "full"), ("ur", "easy")]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_easy_text_has_short_sentences(language: str) -> None:
    wording = SUGGESTED_TEXTS[language, Reading.EASY]
    words = [wording.introduction, *(asked.explanation for asked in wording.questions.values())]
    sentences = [sentence for text in words for sentence in text.rstrip(".").split(". ")]
    assert max(len(sentence.split()) for sentence in sentences) <= 14


def test_words_that_we_suggest_in_another_language_are_for_a_speaker_to_check() -> None:
    welsh = SUGGESTED_TEXTS["cy", Reading.FULL]
    assert needs_a_speaker("cy", Reading.FULL, welsh)
    assert not needs_a_speaker("cy", Reading.FULL, replace(welsh, title="Wedi’i wirio"))
    assert not needs_a_speaker("en", Reading.FULL, SUGGESTED)


def test_languages_know_their_direction_and_one_that_is_not_listed_is_called_by_its_code() -> None:
    assert [language_of(code).direction for code in ("en", "cy", "ur", "ar")] == ["ltr", "ltr", "rtl", "rtl"]
    assert language_of("xx").name == "xx"
