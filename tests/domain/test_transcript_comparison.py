"""Where two machine versions of a recording say the same, and that what differs can be taken over."""

from dataclasses import replace

from hypothesis import given, note
from hypothesis import strategies as st

from server.domain.corrected_segments import adopt
from server.domain.correction_log import SegmentState, put
from server.domain.transcript import Word
from server.domain.transcript_comparison import compare


@st.composite
def heard(draw: st.DrawFn) -> list[SegmentState]:
    """A transcript of the same few seconds: some words, in order, now and then without a pause."""
    said = draw(st.lists(st.sampled_from(["a", "b", "c", "B,", "well-known", "好"]), max_size=10))
    moments = sorted(draw(st.lists(st.integers(0, 4000), min_size=2 * len(said), max_size=2 * len(said))))
    words = [Word(f" {one}", moments[2 * place], moments[2 * place + 1]) for place, one in enumerate(said)]
    ends = sorted({len(words), *draw(st.lists(st.integers(0, len(words)), max_size=3))})
    found, first = [], 0
    for end in ends:
        own = words[first:end]
        if own:
            text = "".join(word.text for word in own).strip()
            found.append(SegmentState(first, own[0].start_ms, own[-1].end_ms, text,
                                      (replace(own[0], text=own[0].text.strip()), *own[1:])))
        first = end
    return found


def words_of(states: list[SegmentState]) -> list[Word]:
    return [replace(word, text=f" {word.text.strip()}") for one in states for word in one.timed_words]


def letters(states: list[SegmentState]) -> str:
    return "".join("".join(one.text.split()) for one in states)


@given(heard(), heard())
def test_taking_over_every_passage_makes_the_other_version(now: list[SegmentState], other: list[SegmentState]) -> None:
    for _ in range(20):
        different = [one for one in compare(words_of(now), words_of(other)) if not one.is_same]
        if not different:
            break
        passage = different[0]
        edit = adopt(now, other, (passage.start_ms, passage.end_ms))
        assert edit is not None
        note(f"{passage} {edit.before} -> {edit.after}")
        now = put(now, edit)
    assert letters(now) == letters(other)


@given(heard(), heard())
def test_passages_hold_every_word_of_both_once(now: list[SegmentState], other: list[SegmentState]) -> None:
    passages = compare(words_of(now), words_of(other))
    for states, sides in ((now, [one.now for one in passages]), (other, [one.other for one in passages])):
        assert "".join("".join(sides).split()) == letters(states)
    assert all(one.start_ms <= one.end_ms and one.is_same == (one.now == one.other) for one in passages)


def test_a_long_recording_is_compared_by_its_words_wherever_they_are() -> None:
    now = [Word(f" w{place % 700}", 300 * place, 300 * place + 250) for place in range(3000)]
    other = [replace(word, start_ms=word.start_ms + 40, end_ms=word.end_ms + 40) for word in now]
    other[1500:1503] = [Word(" something", other[1500].start_ms, other[1502].end_ms)]
    del other[100]
    found = [(one.now, one.other) for one in compare(now, other) if not one.is_same]
    assert found == [("w100", ""), ("w100 w101 w102", "something")]
