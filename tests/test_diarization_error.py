"""The measure by which voices are told apart counts what it says."""

import pytest

from tests.bench.diarization import Error, Stretch, diarization_error, pairing

TALK: list[Stretch] = [(0, 1000, "Rose"), (1000, 3000, "Amal"), (3500, 4000, "Rose")]


def test_labels_may_be_called_anything() -> None:
    assert diarization_error(TALK, [(0, 1000, 2), (1000, 3000, 1), (3500, 4000, 2)]) == Error(0, 0, 0, 3500)


def test_speech_that_nobody_found_is_missed_and_silence_with_a_label_is_made_up() -> None:
    error = diarization_error(TALK, [(200, 1000, 1), (1000, 3300, 2)])
    assert error == Error(missed=200 + 500, made_up=300, confused=0, speech=3500)
    assert error.rate == pytest.approx(100 * 1000 / 3500)


def test_one_label_for_two_voices_stands_for_the_one_that_speaks_longer() -> None:
    assert diarization_error(TALK, [(0, 3000, 1), (3500, 4000, 1)]).confused == 1500


def test_two_labels_for_one_voice_leave_one_of_them_wrong() -> None:
    assert diarization_error([(0, 3000, "Rose")], [(0, 1000, 1), (1000, 3000, 2)]).confused == 1000


def test_who_talks_at_once_counts_each() -> None:
    error = diarization_error([(0, 1000, "Rose"), (500, 1500, "Amal")], [(0, 500, 1), (500, 1500, 2)])
    assert error == Error(missed=500, made_up=0, confused=0, speech=2000)


def test_near_a_change_nothing_counts() -> None:
    assert diarization_error(TALK, [(0, 1200, 1), (1200, 3200, 2), (3500, 4000, 1)], 250).rate == 0
    assert diarization_error(TALK, [(0, 1300, 1), (1300, 3000, 2), (3500, 4000, 1)], 250).confused == 50


def test_the_best_pairing_is_found_where_the_first_choice_is_a_trap() -> None:
    truth: list[Stretch] = [(0, 100, "a"), (100, 190, "a"), (190, 280, "b")]
    assert pairing(truth, [(0, 100, 1), (100, 190, 2), (190, 280, 1)]) == {1: "b", 2: "a"}


def test_nothing_said_and_nothing_suggested_is_right() -> None:
    assert diarization_error([], []).rate == 0
    assert diarization_error(TALK, []).rate == 100
