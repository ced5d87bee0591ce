"""A transcript as WebVTT, judged by a reader that nobody here wrote."""

import html
from datetime import date

import pytest
import webvtt
from hypothesis import given

from server.domain.cleared import ClearedExcerpt, ClearedTranscript
from server.domain.transcript import Segment, SpokenBy, Transcription, Word
from server.exports.cues import cues_of
from server.exports.script import NOT_CHECKED, PARTLY_CHECKED, script_of
from server.exports.vtt import write_excerpt_vtt, write_vtt
from tests.exports.hostile import segments

HEAD = f"WEBVTT\n\nNOTE\n{NOT_CHECKED}\n\n"


def heard(*spoken: Segment) -> Transcription:
    return Transcription("en", 0.9, "base", 4_000_000, spoken)


def written(*spoken: Segment) -> str:
    return write_vtt(heard(*spoken))


def cue(text: str) -> str:
    """What is written of one short segment, after its times."""
    return written(Segment(text, 0, 1_000)).removeprefix(HEAD).split("\n", 1)[1]


def test_each_segment_is_a_cue_and_the_file_says_that_nobody_checked_it() -> None:
    assert written(Segment("We waited.", 0, 1_050), Segment("Nobody came.", 3_661_002, 3_663_000)) == (
        f"{HEAD}"
        "00:00:00.000 --> 00:00:01.050\nWe waited.\n\n"
        "01:01:01.002 --> 01:01:03.000\nNobody came.\n"
    )


def test_markup_and_arrows_are_shown_and_not_followed() -> None:
    assert cue("<c>Salt & vinegar</c> --> &lt;") == "&lt;c&gt;Salt &amp; vinegar&lt;/c&gt; --&gt; &amp;lt;\n"


def test_an_empty_line_in_the_words_does_not_end_the_cue() -> None:
    assert cue("We\n\nwaited.") == "We waited.\n"


def test_no_cue_ends_where_it_starts() -> None:
    assert "00:00:05.000 --> 00:00:05.001" in written(Segment("Oh", 5_000, 5_000))


def test_where_nobody_speaks_there_are_no_cues() -> None:
    assert written() == "WEBVTT\n"


@pytest.mark.parametrize(("speaker", "tag"), [
    (SpokenBy("1", "Amal"), "<v Amal>"),
    (SpokenBy("1", "Speaker 2", is_suggested=True), "<v Speaker 2 (suggested)>"),
    (SpokenBy("1", "Ann > B & \n--> C"), "<v Ann &gt; B &amp; --&gt; C>"),
    (SpokenBy("1", " "), ""),
    (None, ""),
])
def test_a_voice_is_named_and_a_guess_says_that_it_is_one(speaker: SpokenBy | None, tag: str) -> None:
    text = written(Segment("We waited.", 0, 1_000, speaker=speaker))
    assert text.endswith(f"00:00:01.000\n{tag}We waited.\n")


def test_a_name_turns_no_letters_around() -> None:
    assert "<v Amal>" in written(Segment("We waited.", 0, 1_000, speaker=SpokenBy("1", "\u202eAmal\u2066")))


def test_words_in_another_language_say_so() -> None:
    spoken = Segment("Bore da.", 0, 900, language="cy"), Segment("Good morning.", 900, 1_800, language="en")
    assert "<lang cy>Bore da.</lang>\n" in written(*spoken)
    assert "\nGood morning.\n" in written(*spoken)


def test_javanese_has_the_tag_of_bcp_47() -> None:
    assert "<lang jv>Wengi.</lang>\n" in written(Segment("Wengi.", 0, 900, language="jw"))


def stored(heard: tuple[tuple[int, int], ...]) -> str:
    """A transcript of two words of which this was heard."""
    words = Word("We", 0, 400), Word(" waited.", 400, 900)
    return write_vtt(ClearedTranscript("1", "2", "en", "base", (Segment("We waited.", 0, 900, words),), heard=heard))


def test_a_stored_transcript_says_how_much_of_it_was_checked() -> None:
    assert NOT_CHECKED in stored(())
    assert PARTLY_CHECKED in stored(((0, 400),))
    assert stored(((0, 900),)) == "WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nWe waited.\n"


def excerpt(**changes: object) -> ClearedExcerpt:
    words = Word("We", 61_000, 61_400), Word(" waited.", 61_400, 62_000)
    values = {"start_ms": 61_000, "end_ms": 62_000, "text": "We waited.", "words": words, "may_play": True} | changes
    rest = dict.fromkeys(("id", "story_id", "project_id", "recording_id", "pseudonym", "place", "clip_sha256"), "x")
    return ClearedExcerpt(**rest, themes=(), told_on=date(2026, 5, 4), **values)  # type: ignore[arg-type]


def test_an_excerpts_captions_start_where_its_own_sound_does() -> None:
    assert write_excerpt_vtt(excerpt()) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nWe waited.\n"


def test_a_drafts_captions_say_that_nobody_checked_it() -> None:
    assert NOT_CHECKED in write_excerpt_vtt(excerpt(is_draft=True))


@given(spoken=segments())
def test_a_reader_finds_exactly_our_cues_whatever_was_said(spoken: tuple[Segment, ...]) -> None:
    text = written(*spoken)
    read = webvtt.from_string(text, strict=True).captions
    ours = list(cues_of(script_of(heard(*spoken))))
    assert [html.unescape(one.text).split("\n") for one in read] == [list(cue.lines) for cue in ours]
    assert [(one.start_time.in_milliseconds(), one.end_time.in_milliseconds()) for one in read] == [
        (cue.start_ms, cue.end_ms) for cue in ours]
    assert [html.unescape(one.voice or "") for one in read] == [cue.who for cue in ours]
    assert "\r" not in text
