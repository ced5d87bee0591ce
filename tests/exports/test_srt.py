"""A transcript as SubRip captions, judged by a reader that nobody here wrote."""

from datetime import timedelta

import srt
from hypothesis import given

from server.domain.transcript import Segment, SpokenBy, Transcription
from server.exports.cues import cues_of
from server.exports.script import script_of
from server.exports.srt import write_srt
from tests.exports.hostile import segments


def heard(*spoken: Segment) -> Transcription:
    return Transcription("en", 0.9, "base", 4_000_000, spoken)


def written(*spoken: Segment) -> str:
    return write_srt(heard(*spoken))


def test_captions_are_numbered_and_use_a_comma_before_thousandths() -> None:
    assert written(Segment("We waited.", 0, 1_050), Segment("Nobody came.", 3_661_002, 3_663_000)) == (
        "1\n00:00:00,000 --> 00:00:01,050\nWe waited.\n\n2\n01:01:01,002 --> 01:01:03,000\nNobody came.\n"
    )


def test_an_arrow_in_the_words_is_not_taken_for_times() -> None:
    assert written(Segment("home --> ward", 0, 1_000)).splitlines()[2] == "home → ward"


def test_an_empty_line_in_the_words_does_not_end_the_caption() -> None:
    assert written(Segment("We\n\n2\nwaited.", 0, 1_000)).splitlines()[2] == "We 2 waited."


def test_where_nobody_speaks_nothing_is_written() -> None:
    assert written() == ""


def test_the_speaker_stands_before_the_words_and_a_guess_says_that_it_is_one() -> None:
    text = written(Segment("We waited.", 0, 1_000, speaker=SpokenBy("1", "Amal")),
                   Segment("Who?", 1_000, 2_000, speaker=SpokenBy("2", "Speaker 2", is_suggested=True)))
    assert [one.content for one in srt.parse(text)] == ["Amal: We waited.", "Speaker 2 (suggested): Who?"]


@given(spoken=segments())
def test_a_reader_finds_exactly_our_captions_whatever_was_said(spoken: tuple[Segment, ...]) -> None:
    read = list(srt.parse(written(*spoken)))
    ours = list(cues_of(script_of(heard(*spoken))))
    assert [(one.start, one.end) for one in read] == [
        (timedelta(milliseconds=cue.start_ms), timedelta(milliseconds=cue.end_ms)) for cue in ours]
    for one, cue in zip(read, ours, strict=True):
        speaker = f"{cue.who}: " if cue.who else ""
        assert "→" in one.content or one.content == speaker + "\n".join(cue.lines)
