"""A transcript as plain text."""

from server.domain.transcript import Segment, Transcription
from server.exports.transcript_text import write_text


def transcription(*segments: Segment) -> Transcription:
    return Transcription("en", 0.9, "base", 4_000_000, segments)


def test_a_time_stands_before_each_paragraph() -> None:
    segments = Segment("We waited.", 1_500, 4_000), Segment("Nobody came.", 3_661_000, 3_663_000)
    assert write_text(transcription(*segments)) == "[00:00:01] We waited.\n\n[01:01:01] Nobody came.\n"


def test_what_is_said_without_a_pause_is_one_paragraph() -> None:
    written = write_text(transcription(Segment("We waited.", 0, 1_000), Segment("Nobody came.", 1_200, 3_000)))
    assert written == "[00:00:00] We waited. Nobody came.\n"


def test_a_paragraph_lasts_half_a_minute_at_most() -> None:
    segments = [Segment(f"Sentence {n}.", n * 10_000, n * 10_000 + 9_900) for n in range(6)]
    written = write_text(transcription(*segments))
    assert [line[:10] for line in written.splitlines() if line] == ["[00:00:00]", "[00:00:30]"]


def test_a_line_break_in_the_words_does_not_end_the_paragraph() -> None:
    assert write_text(transcription(Segment("We\n\nwaited.", 0, 1_000))) == "[00:00:00] We waited.\n"


def test_where_nobody_speaks_nothing_is_written() -> None:
    assert write_text(transcription()) == ""
