"""What a word is in what a person writes, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.written_words import MOST_CHARACTERS, checked_text, joined, tidy, units


def written(text: str) -> list[str]:
    return [unit.text for unit in units(text)]


@pytest.mark.parametrize(("text", "words"), [
    ("We waited, all night.", ["We", "waited,", "all", "night."]),
    ("a well-known doctor – don't", ["a", "well-known", "doctor", "–", "don't"]),
    ("so [laughs], she [unclear: Leicester] went", ["so", "[laughs],", "she", "[unclear: Leicester]", "went"]),
    ("so[laughs]then", ["so", "[laughs]", "then"]),
    ("a [ b ] c [", ["a", "[ b ]", "c", "["]),
    ("我们去了医院。", ["我", "们", "去", "了", "医", "院。"]),
    ("他说“好”，OK吧", ["他", "说", "“好”，", "OK", "吧"]),
    ("コーヒーを飲む", ["コー", "ヒー", "を", "飲", "む"]),
    ("เมื่อวานนี้ดี", ["เมื่", "อ", "วา", "น", "นี้", "ดี"]),
    ("שלום, עולם", ["שלום,", "עולם"]),
    ("مرحبا بالعالم، نعم", ["مرحبا", "بالعالم،", "نعم"]),
    ("안녕하세요 여러분", ["안녕하세요", "여러분"]),
    ("", []),
])
def test_words_are_told_apart_as_they_are_timed(text: str, words: list[str]) -> None:
    assert written(text) == words


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_every_character_is_in_a_word_once(text: str) -> None:
    tidied = tidy(text)
    found = units(tidied)
    assert "".join(unit.text for unit in found).replace(" ", "") == tidied.replace(" ", "")
    assert all(tidied[unit.start:unit.end] == unit.text == unit.text.strip() != "" for unit in found)
    assert tidy(tidied) == tidied


def test_the_same_word_in_capitals_or_with_other_punctuation_has_the_same_key() -> None:
    assert {unit.key for unit in units("Night. night “NIGHT”,")} == {"night"}
    assert len({unit.key for unit in units("laughs [laughs] £5 $5 कि की")}) == 6
    assert [unit.key for unit in units("— …")] == ["—", "..."]


def test_the_same_word_in_other_code_points_has_the_same_key() -> None:
    assert units("café")[0].key == units("cafe\u0301")[0].key


def test_spaces_are_one_and_what_cannot_be_seen_or_stored_goes() -> None:
    assert tidy("  We\twaited \n\u2028 all\x00 ni\ud800ght\u202e ") == "We waited all night"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


def test_a_text_has_a_most() -> None:
    assert checked_text("a" * MOST_CHARACTERS)
    with pytest.raises(Invalid) as refusal:
        checked_text("a" * (MOST_CHARACTERS + 1))
    assert "too long for one passage" in refusal.value.fields["text"]


@pytest.mark.parametrize(("first", "second", "both"), [
    ("We waited.", "Nobody came.", "We waited. Nobody came."),
    ("你好。", "“世界”", "你好。“世界”"),
    ("สวัสดี", "ครับ", "สวัสดีครับ"),
    ("你好", "OK", "你好 OK"),
    ("", "Nobody", "Nobody"),
    ("...", "Nobody", "... Nobody"),
])
def test_two_texts_have_a_space_between_them_where_their_script_has(first: str, second: str, both: str) -> None:
    assert joined(first, second) == both
