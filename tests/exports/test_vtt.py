"""A transcript as WebVTT."""

from server.domain.transcript import Segment, Transcription
from server.exports.vtt import write_vtt


def written(*segments: Segment) -> str:
    return write_vtt(Transcription("en", 0.9, "base", 4_000_000, segments))


def test_each_segment_is_a_cue() -> None:
    assert written(Segment("We waited.", 0, 1_050), Segment("Nobody came.", 3_661_002, 3_663_000)) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.050\nWe waited.\n\n"
        "01:01:01.002 --> 01:01:03.000\nNobody came.\n"
    )


def test_markup_and_arrows_are_shown_and_not_followed() -> None:
    cue = written(Segment("<c>Salt & vinegar</c> --> &lt;", 0, 1_000)).splitlines()[3]
    assert cue == "&lt;c&gt;Salt &amp; vinegar&lt;/c&gt; --&gt; &amp;lt;"


def test_an_empty_line_in_the_words_does_not_end_the_cue() -> None:
    assert "\nWe waited.\n" in written(Segment("We\n\nwaited.", 0, 1_000))


def test_no_cue_ends_where_it_starts() -> None:
    assert "00:00:05.000 --> 00:00:05.001" in written(Segment("Oh", 5_000, 5_000))


def test_where_nobody_speaks_there_are_no_cues() -> None:
    assert written() == "WEBVTT\n"
