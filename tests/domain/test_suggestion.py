"""What was said is cut into passages that somebody would choose: of one speaker, without a pause, by sentences."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.domain.suggestion import overlap, passages_of
from server.domain.transcript import Segment, SpokenBy, Word

LONG = "We waited eleven months for the first appointment, and in all that time nobody rang to say why."


def said(text: str, at: int = 0, speaker: str = "one") -> Segment:
    """A segment from this second on, three words in each second."""
    words = tuple(Word((" " if number else "") + word, at * 1000 + number * 333, at * 1000 + number * 333 + 300)
                  for number, word in enumerate(text.split()))
    return Segment(text, words[0].start_ms, words[-1].end_ms, words, speaker=SpokenBy(speaker, speaker))


def texts(*segments: Segment) -> list[str]:
    return [passage.text for passage in passages_of(segments)]


def test_a_passage_ends_with_a_sentence_once_it_says_enough() -> None:
    assert texts(said(f"They said six weeks. {LONG} By then she had stopped eating.")) == [
        f"They said six weeks. {LONG}", "By then she had stopped eating."]


def test_sentences_in_segments_of_their_own_are_put_together_with_a_space() -> None:
    assert texts(said("They said six weeks."), said("It was a year.", 2)) == ["They said six weeks. It was a year."]


def test_what_goes_on_without_a_full_stop_is_cut_where_it_is_long() -> None:
    assert [len(text.split()) for text in texts(said(" ".join(["and"] * 120)))] == [50, 50, 20]


def test_a_pause_and_another_speaker_end_a_passage() -> None:
    assert texts(said("They said six weeks."), said("It was a year.", 20)) == ["They said six weeks.", "It was a year."]
    assert texts(said("They said six weeks."), said("It was a year.", 2, "two")) == [
        "They said six weeks.", "It was a year."]


def test_a_word_or_two_belong_to_what_was_said_before_them_or_are_no_passage() -> None:
    assert texts(said(f"{LONG} I know.")) == [f"{LONG} I know."]
    assert texts(said("Yes, indeed.")) == []


def test_stretches_share_the_time_in_which_both_go_on_and_a_quote_is_whole() -> None:
    assert [overlap((0, 500), (400, 900)), overlap((0, 500), (500, 900)), overlap((0, 0), (0, 0))] == [100, 0, 1]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 4000), st.booleans()), max_size=8))
def test_passages_lie_beside_each_other_and_leave_out_only_scraps(parts: list[tuple[int, int, bool]]) -> None:
    segments, at = [], 0
    for count, pause, is_other in parts:
        words = tuple(Word(f" w{number}{'.' if number % 9 == 0 else ''}", at + number * 300, at + number * 300 + 250)
                      for number in range(count))
        by = SpokenBy("two", "Two") if is_other else SpokenBy("one", "One")
        segments.append(Segment("".join(word.text for word in words), at, words[-1].end_ms, words, speaker=by))
        at = words[-1].end_ms + pause
    found = passages_of(segments)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(found))
    spoken = sum(len(segment.words) for segment in segments)
    kept = sum(len(passage.text.split()) for passage in found)
    assert spoken - 3 * len(parts) <= kept <= spoken
