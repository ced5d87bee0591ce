"""A transcript as SubRip captions."""

from server.domain.transcript import Segment, Transcription
from server.exports.srt import write_srt


def written(*segments: Segment) -> str:
    return write_srt(Transcription("en", 0.9, "base", 4_000_000, segments))


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
