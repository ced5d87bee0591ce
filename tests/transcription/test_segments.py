"""Words in order, and the segments they make."""

from server.domain.hearing import HeardWindow, Outline
from server.domain.transcript import Word
from server.transcription.segments import MAX_SEGMENT_MS, in_order, segments_of, transcription_of


def spoken(*texts: str, start: int = 0, each: int = 500, pause: int = 0) -> list[Word]:
    """Words of one length, one after another."""
    return [
        Word(text, start + place * (each + pause), start + place * (each + pause) + each)
        for place, text in enumerate(texts)
    ]


def texts(words: list[Word]) -> list[str]:
    return [segment.text for segment in segments_of(words)]


def test_no_words_make_no_segments() -> None:
    assert segments_of([]) == ()


def test_a_segment_ends_with_its_sentence() -> None:
    words = spoken(" We", " waited", " long.", " Then", " they", " came.")
    assert texts(words) == ["We waited long.", "Then they came."]


def test_the_words_of_a_segment_joined_are_its_text() -> None:
    words = spoken(" We", " waited,", " and", " nobody", " came.", " Nobody.")
    for segment in segments_of(words):
        assert "".join(word.text for word in segment.words) == segment.text
        assert (segment.start_ms, segment.end_ms) == (segment.words[0].start_ms, segment.words[-1].end_ms)


def test_a_very_short_sentence_stays_with_the_next() -> None:
    assert texts(spoken(" No.", " Never", " again.")) == ["No. Never again."]


def test_a_title_does_not_end_a_sentence() -> None:
    assert texts(spoken(" I", " saw", " Dr.", " Patel.")) == ["I saw Dr. Patel."]


def test_a_sentence_may_end_inside_quotation_marks() -> None:
    assert texts(spoken(" She", " said", ' "wait."', " We", " did.")) == ['She said "wait."', "We did."]


def test_a_pause_of_a_second_ends_a_segment() -> None:
    words = [*spoken(" We", " waited"), *spoken(" and", " waited", start=2_000)]
    assert texts(words) == ["We waited", "and waited"]


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    words = spoken(*[" word"] * 15, " word,", *[" word"] * 20)
    first, second = segments_of(words)
    assert (first.text[-5:], len(first.words)) == ("word,", 16)
    assert len(second.words) == 20


def test_no_segment_is_longer_than_twelve_seconds() -> None:
    words = spoken(*[" word"] * 200)
    segments = segments_of(words)
    assert all(segment.end_ms - segment.start_ms <= MAX_SEGMENT_MS for segment in segments)
    assert sum(len(segment.words) for segment in segments) == 200


def test_words_neither_overlap_nor_run_past_the_end() -> None:
    words = [Word("a", 0, 900), Word("b", 500, 700), Word("c", 600, 2_500), Word("d", 2_600, 2_700)]
    times = [(word.start_ms, word.end_ms) for word in in_order(words, 2_000)]
    assert times == [(0, 900), (900, 900), (900, 2_000), (2_000, 2_000)]


def test_a_segment_is_in_one_language_and_says_so_where_it_is_not_that_of_most_speech() -> None:
    said = [(" We", " waited"), (" for",), (" Aethon",), (), (" adref.",), (" They", " left.")]
    windows = [
        HeardWindow(place, place * 1000, place * 1000 + 1000, tuple(spoken(*words, start=place * 1000, each=400)), code)
        for place, (words, code) in enumerate(zip(said, ["en", "en", "cy", "cy", "cy", "en"], strict=True))
    ]
    found = transcription_of(Outline("base", 6000, 6, "en", 0.9), windows).segments
    assert [(segment.text, segment.language) for segment in found] == [
        ("We waited for", ""), ("Aethon", "cy"), ("adref.", "cy"), ("They left.", "")]


def test_words_do_not_overlap_where_the_language_changes() -> None:
    windows = [HeardWindow(0, 0, 1000, (Word(" Long", 0, 1500),), "en"),
               HeardWindow(1, 1000, 2000, (Word(" hir", 1000, 2000),), "cy")]
    first, second = transcription_of(Outline("base", 2000, 2, "en", None), windows).segments
    assert (first.end_ms, second.start_ms) == (1500, 1500)
