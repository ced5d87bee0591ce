"""A transcript as plain text."""

import re

from hypothesis import given

from server.domain.transcript import Segment, SpokenBy, Transcription
from server.exports.script import NOT_CHECKED
from server.exports.transcript_text import write_text
from tests.exports.hostile import segments

HEAD = f"{NOT_CHECKED}\n\n"


def transcription(*spoken: Segment) -> Transcription:
    return Transcription("en", 0.9, "base", 4_000_000, spoken)


def written(*spoken: Segment) -> str:
    """The file after what it says first: that nobody checked it."""
    text = write_text(transcription(*spoken))
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD)


def test_a_time_stands_before_each_paragraph() -> None:
    text = written(Segment("We waited.", 1_500, 4_000), Segment("Nobody came.", 3_661_000, 3_663_000))
    assert text == "[00:00:01] We waited.\n\n[01:01:01] Nobody came.\n"


def test_what_is_said_without_a_pause_is_one_paragraph() -> None:
    text = written(Segment("We waited.", 0, 1_000), Segment("Nobody came.", 1_200, 3_000))
    assert text == "[00:00:00] We waited. Nobody came.\n"


def test_a_paragraph_lasts_half_a_minute_at_most() -> None:
    text = written(*(Segment(f"Sentence {n}.", n * 10_000, n * 10_000 + 9_900) for n in range(6)))
    assert [line[:10] for line in text.splitlines() if line] == ["[00:00:00]", "[00:00:30]"]


def test_a_line_break_in_the_words_does_not_end_the_paragraph() -> None:
    assert written(Segment("We\n\nwaited.", 0, 1_000)) == "[00:00:00] We waited.\n"


def test_where_nobody_speaks_nothing_is_written() -> None:
    assert write_text(transcription()) == ""


def test_the_speaker_stands_after_the_time_and_somebody_else_begins_a_paragraph() -> None:
    text = written(Segment("We waited.", 0, 1_000, speaker=SpokenBy("1", "Amal")),
                   Segment("All night.", 1_000, 2_000, speaker=SpokenBy("1", "Amal")),
                   Segment("Why?", 2_000, 3_000, speaker=SpokenBy("2", "Speaker 2", is_suggested=True)))
    assert text == "[00:00:00] Amal: We waited. All night.\n\n[00:00:02] Speaker 2 (suggested): Why?\n"


@given(spoken=segments())
def test_every_line_begins_with_a_time_whatever_was_said(spoken: tuple[Segment, ...]) -> None:
    lines = write_text(transcription(*spoken)).removeprefix(HEAD).split("\n")
    assert all(line == "" or re.match(r"\[\d\d:\d\d:\d\d\] .", line) for line in lines)
