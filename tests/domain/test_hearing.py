"""What was heard goes from one process to another as plain values."""

import json

import pytest

from server.domain.hearing import Heard, HeardWindow, from_json, model_name, to_json
from server.domain.transcript import Word

HEARD = Heard("en", 0.9, (HeardWindow(3, 100, 900, (Word("We", 100, 300, 0.5), Word(" waited.", 300, 900))),
                          HeardWindow(4, 1000, 2000)))


def test_what_was_heard_comes_back_as_it_went() -> None:
    assert from_json(json.loads(json.dumps(to_json(HEARD)))) == HEARD


def test_what_lacks_a_field_is_not_taken() -> None:
    with pytest.raises(KeyError):
        from_json({"windows": []})


def test_a_window_is_told_by_where_it_is_and_not_by_its_words() -> None:
    assert HEARD.windows[0].place == HeardWindow(3, 100, 900).place


@pytest.mark.parametrize(("model", "name"), [("base", "base"), ("tiny.en", "tiny.en"), ("/models/ours.pt", "ours")])
def test_a_model_from_a_file_is_called_by_the_name_of_its_file(model: str, name: str) -> None:
    assert model_name(model) == name
