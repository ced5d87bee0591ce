"""A transcript as JSON."""

import json

from server.domain.transcript import Segment, Transcription, Word, from_json
from server.exports.transcript_json import write_json

WORDS = (Word("Tŷ", 0, 400, 0.5), Word(" bach", 400, 900))
HEARD = Transcription("cy", None, "base", 9_000, (Segment("Tŷ bach", 0, 900, WORDS),))


def test_every_word_and_time_can_be_read_back() -> None:
    assert from_json(json.loads(write_json(HEARD))) == HEARD


def test_letters_are_written_as_they_are() -> None:
    assert "Tŷ bach" in write_json(HEARD)
