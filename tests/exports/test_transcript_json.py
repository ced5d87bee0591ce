"""A transcript as JSON."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from jsonschema import Draft202012Validator

from server.domain.cleared import ClearedTranscript
from server.domain.transcript import Segment, SpokenBy, Transcription, Word, from_json
from server.exports.transcript_json import write_json
from tests.exports.hostile import segments

SCHEMA = Path(__file__).parents[2] / "docs" / "transcript.schema.json"
WORDS = (Word("Tŷ", 0, 400, 0.5), Word(" bach", 400, 900))
HEARD = Transcription("cy", None, "base", 9_000, (Segment("Tŷ bach", 0, 900, WORDS),))


def judged(source: Transcription | ClearedTranscript) -> Any:
    """What the file says, as its description has it."""
    content = json.loads(write_json(source))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(content)
    return content


def test_every_word_and_time_can_be_read_back() -> None:
    assert from_json(judged(HEARD)) == HEARD


def test_letters_are_written_as_they_are() -> None:
    assert "Tŷ bach" in write_json(HEARD)


def test_what_nobody_listened_to_says_so() -> None:
    content = judged(HEARD)
    assert (content["checked"], content["heard"], content["version"]) == (False, [], 0)


def test_a_segment_in_the_language_of_the_recording_says_which_that_is() -> None:
    [segment] = judged(HEARD)["segments"]
    assert (segment["language"], segment["speaker"]) == ("cy", None)


@given(spoken=segments())
def test_whatever_was_said_comes_back(spoken: tuple[Segment, ...]) -> None:
    content = judged(Transcription("en", 0.9, "base", 4_000_000, spoken))
    assert from_json(content).segments == tuple(replace(one, speaker=None, language="") for one in spoken)
    assert [one["language"] for one in content["segments"]] == [one.language or "en" for one in spoken]
    assert [one["speaker"] for one in content["segments"]] == [
        one.speaker and {"name": one.speaker.name, "suggested": one.speaker.is_suggested} for one in spoken]


def test_a_stored_transcript_says_what_people_did_to_it() -> None:
    segment = Segment("Tŷ bach", 0, 900, WORDS, speaker=SpokenBy("1", "Speaker 2", is_suggested=True))
    content = judged(ClearedTranscript("1", "2", "cy", "base", (segment,), number=3, version=14, heard=((0, 900),)))
    assert (content["number"], content["version"], content["checked"], content["heard"]) == (3, 14, True, [[0, 900]])
    assert content["segments"][0]["speaker"] == {"name": "Speaker 2", "suggested": True}
