"""What a transcription is."""

import json

import pytest

from server.domain.transcript import Segment, Transcription, Word, from_json, to_json

HEARD = Transcription(
    language="en",
    language_probability=0.97,
    model="base",
    duration_ms=9_000,
    segments=(
        Segment("We waited.", 0, 1_500, (Word("We", 0, 500, 0.9), Word(" waited.", 500, 1_500))),
        Segment("Näiden jälkeen 🙂", 2_000, 3_000, ()),
    ),
)


def test_its_text_is_its_segments_with_spaces_between() -> None:
    assert HEARD.text == "We waited. Näiden jälkeen 🙂"


def test_where_nobody_speaks_there_is_no_text() -> None:
    assert Transcription("", None, "base", 60_000).text == ""


def test_it_survives_the_way_through_json() -> None:
    assert from_json(json.loads(json.dumps(to_json(HEARD)))) == HEARD


def test_json_without_a_field_is_refused() -> None:
    incomplete = {name: value for name, value in to_json(HEARD).items() if name != "segments"}
    with pytest.raises(KeyError, match="segments"):
        from_json(incomplete)
