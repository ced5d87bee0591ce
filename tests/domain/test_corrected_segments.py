"""What each change makes of segments, and that the log of changes gives back every version."""

from dataclasses import replace

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from server.domain.corrected_segments import adopt, merge, split, write
from server.domain.correction_log import (
    Edit,
    Logged,
    SegmentState,
    Standing,
    from_json,
    put,
    put_back,
    rebuilt,
    standing,
    to_json,
)
from server.domain.errors import Invalid
from server.domain.transcript import Word


def state(id: int | None, at: int, text: str, **more: object) -> SegmentState:
    """A second for each word, with a fifth of it silent; in Chinese for each character."""
    parts = [f" {one}" for one in text.split()] if " " in text or text.isascii() else list(text)
    words = tuple(Word(one if place else one.strip(), at + 1000 * place, at + 1000 * place + 800, 0.9)
                  for place, one in enumerate(parts))
    return SegmentState(id, at, at + 1000 * len(parts), text, words, **more)


NIGHT, NOBODY = state(1, 0, "We waited all night."), state(2, 4000, "Nobody came.")
HOME = state(3, 7000, "We went home.")
TALK = [NIGHT, NOBODY, HOME]


def texts(states: list[SegmentState] | tuple[SegmentState, ...]) -> list[str]:
    return [one.text for one in states]


def test_a_segment_that_says_nothing_any_more_goes() -> None:
    assert write(NIGHT, "") == ()
    assert write(NIGHT, "We waited all night.") == (NIGHT,)


def test_a_split_leaves_the_id_the_times_and_the_speaker_where_the_words_are() -> None:
    first, second = split(replace(NIGHT, speaker_id="her", language="cy"), 2)
    assert (first.id, first.text, first.start_ms, first.end_ms) == (1, "We waited", 0, 1800)
    assert (second.id, second.text, second.start_ms, second.end_ms) == (None, "all night.", 2000, 4000)
    assert first.spoken_by == second.spoken_by == ("her", False)
    assert second.language == "cy"
    assert [word.start_ms for word in (*first.words, *second.words)] == [word.start_ms for word in NIGHT.words]


@pytest.mark.parametrize("word", [0, 4, 99])
def test_a_split_is_inside(word: int) -> None:
    with pytest.raises(Invalid) as refusal:
        split(NIGHT, word)
    assert "word" in refusal.value.fields


def test_a_merge_keeps_the_first_id_and_every_time() -> None:
    both = merge(NIGHT, NOBODY)
    assert (both.id, both.text, both.start_ms, both.end_ms) == (1, "We waited all night. Nobody came.", 0, 6000)
    assert [(word.start_ms, word.probability) for word in both.words] == [
        (word.start_ms, word.probability) for word in (*NIGHT.words, *NOBODY.words)]


def test_a_merge_of_chinese_puts_no_space_in() -> None:
    assert merge(state(1, 0, "你好"), state(2, 2000, "世界")).text == "你好世界"


def test_a_merge_takes_whoever_is_known_to_speak() -> None:
    assert merge(NIGHT, replace(NOBODY, speaker_id="her", speaker_suggested=True)).spoken_by == ("her", True)


def test_a_merge_that_is_too_long_is_refused() -> None:
    with pytest.raises(Invalid):
        merge(state(1, 0, "word " * 300), state(2, 300_000, "word " * 300))


def test_what_stays_of_two_segments_stays_with_whoever_says_it() -> None:
    mine = [state(1, 0, "We waited.", speaker_id="amal"), state(2, 2000, "Nobody came.", speaker_id="bo")]
    theirs = [state(8, 0, "He waited nobody came.")]
    edit = adopt(mine, theirs, (0, 2900))
    assert edit is not None
    assert [(one.text, one.speaker_id) for one in edit.after] == [("He waited nobody", "amal"), ("came.", "bo")]


def test_words_of_another_version_are_taken_over_inside_a_segment() -> None:
    other = [state(None, 0, "We waited half night. Nobody came.")]
    edit = adopt(TALK, other, (1900, 2900))
    assert edit is not None
    assert (edit.position, edit.before) == (0, (NIGHT,))
    assert (edit.after[0].id, edit.after[0].text) == (1, "We waited half night.")
    assert edit.after[0].words[:2] == NIGHT.words[:2]
    assert [word.text for word in edit.new_words] == [" half"]


def test_words_that_only_another_version_has_are_put_into_the_pause() -> None:
    apart = [replace(NIGHT, words=(*NIGHT.words[:2], NIGHT.words[3]), text="We waited night.")]
    edit = adopt(apart, [NIGHT], (1900, 2900))
    assert edit is not None
    assert texts(edit.after) == ["We waited all night."]


def test_words_between_two_segments_are_a_segment_of_their_own() -> None:
    edit = adopt([NIGHT, HOME], [replace(NOBODY, speaker_id="him")], (4000, 6000))
    assert edit is not None
    assert (edit.position, edit.before) == (1, ())
    assert (edit.after[0].id, edit.after[0].text, edit.after[0].spoken_by) == (None, "Nobody came.", ("him", True))


def test_words_over_several_segments_leave_what_is_around_them() -> None:
    edit = adopt(TALK, [state(9, 2000, "the night. Nobody came. They")], (2000, 7500))
    assert edit is not None
    assert texts(edit.after) == ["We waited the night. Nobody came. They", "went home."]
    assert [one.id for one in edit.after] == [1, 3]


def test_words_that_only_this_version_has_go() -> None:
    edit = adopt(TALK, [NIGHT, HOME], (4000, 5900))
    assert edit is not None
    assert (edit.before, edit.after) == ((NOBODY,), ())
    assert adopt(TALK, [NIGHT, HOME], (6100, 6500)) is None


def test_a_speaker_that_a_correction_did_not_change_stays_when_it_is_taken_back() -> None:
    edit = Edit(0, (NIGHT,), write(NIGHT, "We waited for hours."))
    back = put_back([replace(edit.after[0], speaker_id="her")], edit)
    assert back.after == (replace(NIGHT, speaker_id="her"),)
    named = Edit(0, (NIGHT,), (replace(NIGHT, speaker_id="her"),))
    assert put_back(named.after, named).after == (NIGHT,)


def test_what_stands_can_be_undone_and_redone_newest_first() -> None:
    log: list[Logged] = []

    def then(kind: str, undoes: int | None = None) -> Standing:
        log.append(Logged(len(log) + 1, kind, undoes))
        return standing(log)

    assert standing(log) == Standing(None, None)
    assert then("words") == Standing(1, None)
    assert then("split") == Standing(2, None)
    assert then("undo", 2) == Standing(1, 3)
    assert then("undo", 1) == Standing(None, 4)
    assert then("redo", 4) == Standing(5, 3)
    assert then("undo", 5) == Standing(None, 6)
    assert then("redo", 6) == Standing(7, 3)
    assert then("redo", 3) == Standing(8, None)
    assert then("undo", 8) == Standing(7, 9)
    assert then("merge") == Standing(10, None)


def test_segments_go_into_the_log_and_come_back() -> None:
    told = [replace(NIGHT, speaker_id="her", speaker_suggested=True, language="cy"), NOBODY]
    assert list(from_json(to_json(told))) == told


def test_an_edit_of_another_version_is_not_put() -> None:
    with pytest.raises(ValueError, match="another version"):
        put(TALK, Edit(1, (NIGHT,), ()))


SAID = st.lists(st.sampled_from(["we", "waited", "all", "Night.", "[laughs]", "好了", "well-known", "—"]), max_size=5)
STEP = st.tuples(st.sampled_from(["words", "split", "merge", "speaker", "adopt", "undo", "redo"]),
                 st.integers(0, 50), st.integers(0, 50), SAID)


def applied(segments: list[SegmentState], step: tuple[str, int, int, list[str]]) -> Edit | None:
    """The edit that a change makes; None where it makes none."""
    kind, one, other, said = step
    if kind == "adopt":
        return adopt(segments, [state(None, 200 * other, " ".join(["They", *said]))], (200 * one, 200 * one + 2000))
    if not segments:
        return None
    place = one % len(segments)
    before = segments[place]
    try:
        if kind == "words":
            return Edit(place, (before,), write(before, " ".join(said)))
        if kind == "split":
            return Edit(place, (before,), split(before, other % 6))
        if kind == "merge" and place + 1 < len(segments):
            return Edit(place, tuple(segments[place:place + 2]), (merge(before, segments[place + 1]),))
    except Invalid:
        return None
    return Edit(place, (before,), (replace(before, speaker_id=str(other)),)) if kind == "speaker" else None


@given(st.lists(STEP, max_size=12))
def test_every_version_comes_back_exactly_after_any_changes(steps: list[tuple[str, int, int, list[str]]]) -> None:
    versions, edits, log = [list(TALK)], [], []
    for step in steps:
        now = versions[-1]
        undoes = None
        if step[0] in ("undo", "redo"):
            stands = standing(log)
            undoes = stands.to_undo if step[0] == "undo" else stands.to_redo
            edit = edits[undoes - 1].inverse if undoes else None
        else:
            edit = applied(now, step)
        if edit is None or edit.changes_nothing:
            continue
        note(f"{step[0]} {texts(edit.before)} -> {texts(edit.after)}")
        log.append(Logged(len(log) + 1, step[0], undoes))
        edits.append(Edit(edit.position, from_json(to_json(edit.before)), from_json(to_json(edit.after))))
        versions.append(put(now, edit))
    for number, version in enumerate(versions):
        assert rebuilt(versions[-1], reversed(edits[number:])) == version
        assert all("".join(word.text for word in one.words) == one.text for one in version)
        moments = [moment for one in version for word in one.words for moment in (word.start_ms, word.end_ms)]
        assert moments == sorted(moments)
    while (last := standing(log).to_undo) is not None:
        versions.append(put(versions[-1], edits[last - 1].inverse))
        edits.append(edits[last - 1].inverse)
        log.append(Logged(len(log) + 1, "undo", last))
    assert versions[-1] == TALK
