"""The name in a story, typed again."""

import pytest

from server.domain.receipt_name import is_the_name


@pytest.mark.parametrize(("typed", "name"), [
    ("amal", "Amal"), (" AMAL ", "Amal"), ("siân o neill", "Sian O’Neill"), ("Zoe", "Zoë"), ("ŁUKASZ", "Lukasz"),
    ("mrs.quill-feather", "Mrs Quillfeather"), ("عائشة", "عائشه"), ("علي", "علی"), ("💬", " 💬"), ("Ⅳ", "iv"),
    ("STRASSE", "Straße"), ("ΣΊΣΥΦΟΣ", "Σίσυφος")])
def test_capitals_accents_and_spaces_make_no_difference(typed: str, name: str) -> None:
    assert is_the_name(typed, name)


@pytest.mark.parametrize(("typed", "name"), [
    ("", "Amal"), (" ", "Amal"), ("Ama", "Amal"), ("Amal2", "Amal"), ("", " "), ("कि", "का"), ("💬", "💭"),
    ("Rose", "Amal")])
def test_another_name_is_another(typed: str, name: str) -> None:
    assert not is_the_name(typed, name)
