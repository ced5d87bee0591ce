"""Where each moment is in a recording of several segments, whatever the phone and the decoder count."""

import json
import os
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from server.domain.errors import Invalid
from server.domain.ids import checked_id, new_id
from server.domain.manifest import (
    LEFT_OUT,
    MAY_GO_ON,
    NOT_KNOWN,
    UNPLAYABLE,
    UNREADABLE,
    Came,
    Ended,
    Gap,
    ListedSegment,
    Stretch,
    fits,
    from_json,
    gaps,
    laid_end_to_end,
    list_of_what_came,
    missing,
    position,
    recording_of_its_own,
    to_json,
    told_after_all,
)
from server.domain.sent_manifest import read_manifest
from tests.makers import NOON
from tests.segments import Run, manifest_body, marker

SEED = int(os.environ.get("MANIFEST_SEED") or random.SystemRandom().getrandbits(32))


def listed(*runs: tuple[int, int], ended: Ended = Ended.STOPPED) -> list[ListedSegment]:
    """Segments of (duration, stop after it), in ms."""
    found, offset = [], 0
    for number, (duration, stop) in enumerate(runs):
        found.append(ListedSegment(f"id{number}", number, f"{number:064x}", 10 + number, offset, duration, ended))
        offset += duration + stop
    return found


def test_a_stop_is_where_the_sound_before_it_ends_and_as_long_as_the_phone_measured() -> None:
    segments = listed((1000, 42_000), (2000, 0), (500, 7), ended=Ended.SILENCE)
    assert gaps(segments, laid_end_to_end([990, 2010, 500])) == [Gap(990, 42_000, "silence")]


def test_segments_that_overlap_by_the_phones_clock_leave_no_gap() -> None:
    """fault 31"""
    first, second = listed((1000, 0), (1000, 0))
    overlapping = [first, ListedSegment("b", 1, second.sha256, 9, 400, 1000, Ended.STOPPED)]
    assert gaps(overlapping, laid_end_to_end([1000, 1000])) == []


def test_a_segment_without_sound_is_a_gap_of_its_own_between_the_stops_around_it() -> None:
    """fault 30"""
    segments = listed((1000, 300), (800, 200), (1000, 0))
    assert gaps(segments, laid_end_to_end([1010, None, 1000])) == [
        Gap(1010, 300, "stopped"), Gap(1010, 800, UNPLAYABLE, 1), Gap(1010, 200, "stopped")]
    assert gaps(segments, laid_end_to_end([None, 800, None]))[0] == Gap(0, 1000, UNPLAYABLE, 0)
    assert gaps(segments, laid_end_to_end([None, 800, None]))[-1] == Gap(800, 1000, UNPLAYABLE, 2)


def test_a_segment_that_was_left_out_is_a_gap_that_says_why() -> None:
    """fault 30"""
    heard = laid_end_to_end([1000, None, None])
    found = gaps(listed((1000, 0), (800, 0), (500, 0)), heard, {"id1": LEFT_OUT})
    assert found == [Gap(1000, 800, LEFT_OUT, 1), Gap(1000, 500, UNPLAYABLE, 2)]


def test_a_segment_that_can_be_read_only_in_part_is_a_gap_at_its_end_before_the_stop_that_followed() -> None:
    """fault 30"""
    segments = listed((900_000, 300), (60_000, 0))
    assert gaps(segments, laid_end_to_end([180_000, 60_000])) == [
        Gap(180_000, 720_000, UNREADABLE, 0), Gap(180_000, 300, "stopped")]


@pytest.mark.parametrize(("counted", "heard", "unread"), [
    (10_000, 8000, 0), (10_000, 7999, 2001), (10_000, 11_000, 0), (60_000, 57_000, 0), (60_000, 56_999, 3001),
    (3_600_000, 3_420_000, 0), (3_600_000, 3_419_999, 180_001), (1500, 0, 0)])
def test_phone_and_decoder_may_differ_by_two_seconds_or_a_twentieth(counted: int, heard: int, unread: int) -> None:
    found = gaps(listed((counted, 0)), laid_end_to_end([heard]))
    assert found == ([Gap(heard, unread, UNREADABLE, 0)] if unread else [])


def test_what_was_marked_where_nothing_can_be_read_is_at_that_gap_and_on_no_other_words() -> None:
    """fault 30"""
    segments, heard = listed((900_000, 0), (60_000, 0)), laid_end_to_end([180_000, 60_000])
    assert [position(segments, heard, at) for at in (179_000, 200_000, 899_999, 900_000)] == [
        179_000, 180_000, 180_000, 180_000]
    assert position(segments, heard, 905_000) == 185_000


def came(name: str, number: int, began_s: int = 0, duration_ms: int | None = 1000) -> Came:
    return Came(name, number, f"{number:064x}", 10, NOON + timedelta(seconds=began_s), duration_ms)


def test_what_came_is_listed_by_number_then_by_time_and_no_number_is_given_twice() -> None:
    found = list_of_what_came([came("d", 4, 90), came("c", 1, 20), came("a", 0), came("b", 1, 10)])
    assert [(segment.id, segment.number) for segment in found] == [("a", 0), ("b", 1), ("c", 2), ("d", 4)]


def test_what_came_had_stopped_for_as_long_as_the_wall_clock_says_where_its_neighbour_came() -> None:
    """fault 31"""
    found = list_of_what_came([came("a", 0), came("b", 1, 42), came("c", 2, 30), came("d", 9, 500)])
    heard = dict(zip([0, 1, 2, 9], laid_end_to_end([1000] * 4).values(), strict=True))
    assert gaps(found, heard, may_go_on=True) == [
        Gap(1000, 41_000, "stopped"), Gap(3000, 0, NOT_KNOWN), Gap(4000, 0, MAY_GO_ON)]


def test_how_long_it_had_stopped_after_a_segment_that_cannot_be_played_is_not_known() -> None:
    first, second = list_of_what_came([came("a", 1, 0, None), came("b", 2, 60)])
    assert gaps([first, second], {1: None, 2: Stretch(0, 1000)}) == [
        Gap(0, 0, NOT_KNOWN), Gap(0, 0, UNPLAYABLE, 1)]


def test_the_phones_list_says_more_of_what_came_and_changes_no_number() -> None:
    """fault 24"""
    made = list_of_what_came([came("id0", 0), came("id2", 2)])
    sent = [replace(segment, ended=Ended.HIDDEN) for segment in listed((1100, 50), (700, 0), (1200, 0), (300, 0))]
    assert told_after_all(made, sent) == sent
    numbered_anew = [replace(sent[2], number=0), replace(sent[0], number=1), replace(sent[3], number=2)]
    assert [(segment.id, segment.number) for segment in told_after_all(made, numbered_anew)] == [
        ("id0", 0), ("id2", 2), ("id3", 3)]
    assert [segment.id for segment in told_after_all(made, sent[2:])] == ["id0", "id2", "id3"]


def test_the_recording_that_a_segment_becomes_has_always_the_same_id_and_never_its_own() -> None:
    one, other = new_id(), new_id()
    assert recording_of_its_own(one) == recording_of_its_own(one) == checked_id(recording_of_its_own(one))
    assert len({one, other, recording_of_its_own(one), recording_of_its_own(other)}) == 4


@pytest.mark.parametrize(("saved_at", "heard_at"), [
    (0, 0), (999, 985), (1000, 985), (1500, 1485), (3000, 2985), (9999, 3015)])
def test_a_marker_is_in_the_segment_in_which_it_was_set(saved_at: int, heard_at: int) -> None:
    heard = laid_end_to_end([985, 2030])
    assert position(listed((1000, 60_000), (2000, 0)), heard, saved_at) == heard_at


def test_a_marker_in_a_segment_without_sound_is_where_that_would_begin() -> None:
    """fault 30"""
    segments, heard = listed((1000, 0), (800, 0), (1000, 0)), laid_end_to_end([1000, None, 1000])
    assert [position(segments, heard, at) for at in (900, 1100, 1799, 1800, 2000)] == [900, 1000, 1000, 1000, 1200]
    assert position(segments, laid_end_to_end([None, 800, 1000]), 500) == 0


def test_markers_keep_their_order_and_stay_within_the_sound() -> None:
    print(f"MANIFEST_SEED={SEED}")
    chance = random.Random(SEED)
    for _ in range(300):
        runs = [(chance.randint(0, 5000), chance.randint(0, 9000)) for _ in range(chance.randint(1, 6))]
        segments = listed(*runs)
        heard = laid_end_to_end([None if chance.random() < 0.2 else max(0, run[0] + chance.randint(-60, 60))
                                 for run in runs])
        end = max([stretch.end_ms for stretch in heard.values() if stretch], default=0)
        found = [position(segments, heard, at) for at in range(0, sum(run[0] for run in runs) + 200, 37)]
        assert found == sorted(found)
        assert all(0 <= at <= end for at in found)
        stops = [gap.at_ms for gap in gaps(segments, heard)]
        assert stops == sorted(stops)
        assert all(0 <= at <= end for at in stops)


def test_what_is_missing_is_what_was_listed_and_has_not_come() -> None:
    segments = listed((1, 0), (1, 0), (1, 0))
    assert [segment.number for segment in missing(segments, ["id1", "other"])] == [0, 2]
    assert fits(segments, ("id1", segments[1].sha256, 11))
    for other in (("id2", segments[1].sha256, 11), ("id1", segments[0].sha256, 11), ("id1", segments[1].sha256, 12)):
        assert not fits(segments, other)


def test_lengths_that_were_heard_follow_each_other() -> None:
    assert laid_end_to_end([5, None, 7]) == {0: Stretch(0, 5), 1: None, 2: Stretch(5, 12)}


def test_a_segment_is_the_same_after_it_was_kept() -> None:
    [segment] = listed((10, 0), ended=Ended.RECOVERED)
    assert from_json(json.loads(json.dumps(to_json(segment)))) == segment


def test_everything_that_is_wrong_with_a_manifest_is_said_at_once() -> None:
    body = manifest_body(new_id(), [Run(b"a", 1), Run(b"b", 2)], markers=[marker(1)])
    body["segments"][1] |= {"number": 5, "sha256": "short", "bytes": 0, "ended": "because", "id": "x"}
    body["markers"][0]["at_ms"] = -1
    with pytest.raises(Invalid) as refusal:
        read_manifest(body, body["id"])
    assert set(refusal.value.fields) == {
        "segments.1.number", "segments.1.sha256", "segments.1.bytes", "segments.1.ended", "segments.1.id",
        "markers.0.at_ms"}


def test_ids_that_are_there_twice_are_refused() -> None:
    run = Run(b"a", 1)
    body = manifest_body(new_id(), [run, run])
    with pytest.raises(Invalid) as refusal:
        read_manifest(body, body["id"])
    assert set(refusal.value.fields) == {"segments.1.id"}
