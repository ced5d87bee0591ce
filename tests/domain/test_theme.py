"""What a theme may be called."""

import pytest

from server.domain.errors import Invalid
from server.domain.theme import checked_name, checked_words, name_key


def test_a_name_is_one_line_without_stray_spaces() -> None:
    assert checked_name("  Waiting \n\t for   a bed ") == "Waiting for a bed"


@pytest.mark.parametrize("name", ["", "   ", "\x00\x07", "x" * 81])
def test_an_empty_or_overlong_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked_name(name)


def test_a_name_that_grows_too_long_when_folded_is_refused() -> None:
    with pytest.raises(Invalid):
        checked_name("ﬃ" * 80)


@pytest.mark.parametrize(("one", "other"), [("Waiting", "WAITING"), ("Straße", "STRASSE"), ("Café", "Cafe\u0301")])
def test_names_that_read_the_same_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_markup_in_a_name_is_kept_as_text() -> None:
    assert checked_name("<b>Night</b> {{7*7}}") == "<b>Night</b> {{7*7}}"


def test_control_characters_never_reach_the_database() -> None:
    assert checked_words("description", "Long\r\nwaits\x00") == "Long\nwaits"


def test_an_overlong_description_is_refused() -> None:
    with pytest.raises(Invalid):
        checked_words("description", "x" * 1001)
