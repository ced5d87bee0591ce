"""What may be written of who answers for a project."""

import pytest

from server.domain.errors import Invalid
from server.domain.processing import FIELDS, Processing, read_processing


def test_lines_end_in_one_way_and_spaces_around_go() -> None:
    assert read_processing({"controller": "  Northgate NHS Trust\r\nThe Square  "}) == Processing(
        controller="Northgate NHS Trust\nThe Square")


def test_any_of_it_may_be_missing_and_is_named() -> None:
    assert read_processing({}).missing == FIELDS
    assert read_processing(dict.fromkeys(FIELDS, "x")).missing == ()


def test_what_is_too_long_or_cannot_be_saved_is_said_of_each() -> None:
    with pytest.raises(Invalid) as refused:
        read_processing({"controller": "x" * 2001, "ethics_reference": "x" * 201, "complaints": "a\x00b"})
    assert set(refused.value.fields) == {"controller", "ethics_reference", "complaints"}
