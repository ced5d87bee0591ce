"""What was heard goes from one process to another as plain values."""

import json

import pytest

from server.domain.hearing import (
    Heard,
    HeardWindow,
    Hints,
    from_json,
    hints_from_json,
    hints_to_json,
    model_name,
    to_json,
)
from server.domain.transcript import Word

HEARD = Heard((HeardWindow(3, 100, 900, (Word("We", 100, 300, 0.5), Word(" waited.", 300, 900)), "en", 0.9),
               HeardWindow(4, 1000, 2000)))


def test_what_was_heard_comes_back_as_it_went() -> None:
    assert from_json(json.loads(json.dumps(to_json(HEARD)))) == HEARD


def test_hints_come_back_as_they_went() -> None:
    hints = Hints(("en", "cy"), ("Siobhán", "Ysbyty Gwynedd"))
    assert hints_from_json(json.loads(json.dumps(hints_to_json(hints)))) == hints


def test_what_lacks_a_field_is_not_taken() -> None:
    with pytest.raises(KeyError):
        from_json({"language": "en"})


def test_a_window_is_told_by_where_it_is_and_not_by_its_words() -> None:
    assert HEARD.windows[0].place == HeardWindow(3, 100, 900).place


@pytest.mark.parametrize(("model", "name"), [("base", "base"), ("tiny.en", "tiny.en"), ("/models/ours.pt", "ours")])
def test_a_model_from_a_file_is_called_by_the_name_of_its_file(model: str, name: str) -> None:
    assert model_name(model) == name
