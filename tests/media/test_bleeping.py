"""What is withheld is not in the copy, not even a trace of it, and nothing else moves."""

import io

import numpy as np
import pytest

from server.media.audio import cut, decode_mono_16k, playback_copy
from server.media.bleeping import without
from tests.media.sounds import ENCODINGS, encoded, loudest_pitch, note_of, notes, shared_sound

RATE = 48_000
SECOND = [[1000, 2000, "bleep"]]


def copied(source: bytes, withheld: list[list[object]]) -> bytes:
    sink = io.BytesIO()
    playback_copy(io.BytesIO(source), sink, withheld)
    return sink.getvalue()


def clip_of(source: bytes, start_ms: int, end_ms: int, withheld: list[list[object]]) -> bytes:
    sink = io.BytesIO()
    cut(io.BytesIO(source), sink, start_ms, end_ms, withheld)
    return sink.getvalue()


def in_blocks(sound: np.ndarray, size: int) -> list[np.ndarray]:
    return [sound[at : at + size] for at in range(0, len(sound), size)]


@pytest.mark.parametrize("how", ["bleep", "silence"])
@pytest.mark.parametrize("size", [1, 7, 960, 100_000])
def test_no_sample_of_the_stretch_has_any_part_in_what_is_left(how: str, size: int):
    chance = np.random.default_rng(1)
    sounds = [chance.uniform(-1, 1, 4000).astype(np.float32) for _ in range(2)]
    sounds[1][960:2400] = np.nan  # whatever it is, also where it is no number
    sounds[1][:960], sounds[1][2400:] = sounds[0][:960], sounds[0][2400:]
    made = [np.concatenate(list(without(iter(in_blocks(sound, size)), [[20, 50, how]]))) for sound in sounds]
    assert np.array_equal(*made)
    assert len(made[0]) == 4000
    assert np.abs(made[0][960:2400]).max() == (0 if how == "silence" else pytest.approx(0.05, abs=0.001))


def test_what_is_further_from_it_than_the_fade_is_as_it_was():
    sound = np.random.default_rng(2).uniform(-1, 1, 4000).astype(np.float32)
    [made] = without(iter([sound]), [[40, 50, "bleep"]])
    same = np.flatnonzero(made == sound)
    assert set(range(40 * 48 - 384)) | set(range(50 * 48 + 384, 4000)) <= set(same)
    assert np.abs(made).max() <= 1


def test_it_begins_and_ends_without_a_click():
    sound = np.full(8000, 0.8, dtype=np.float32)
    [made] = without(iter([sound]), [[50, 100, "silence"]])
    assert np.abs(np.diff(made)).max() < 0.01


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_second_that_is_withheld_is_a_tone_and_the_others_are_where_they_were(name: str):
    source = encoded(name, notes(3))
    samples = decode_mono_16k(io.BytesIO(copied(source, SECOND)))
    assert len(samples) == len(decode_mono_16k(io.BytesIO(copied(source, []))))
    for second, pitch in ((0, note_of(0)), (1, 1000), (2, note_of(2))):
        assert loudest_pitch(samples[second * 16_000 + 800 : second * 16_000 + 15_200]) == pytest.approx(pitch, abs=4)


def test_two_recordings_that_differ_only_in_what_is_withheld_have_the_same_copy_to_the_byte():
    """Nothing that comes after can bring it back."""
    said, other = notes(3), notes(3)
    other[RATE : 2 * RATE] = np.random.default_rng(3).uniform(-1, 1, RATE)
    sources = [encoded("wav", sound) for sound in (said, other)]
    assert copied(sources[0], []) != copied(sources[1], [])
    assert copied(sources[0], SECOND) == copied(sources[1], SECOND)
    passage = [clip_of(source, 500, 2500, SECOND) for source in sources]
    assert passage[0] == passage[1]


def test_real_speech_leaves_nothing_in_the_stretch():
    source = shared_sound("jfk.flac").getvalue()
    plain, bleeped = (decode_mono_16k(io.BytesIO(copied(source, withheld)))
                      for withheld in ([], [[3000, 4200, "bleep"]]))
    assert len(plain) == len(bleeped)
    inside = slice(3005 * 16, 4195 * 16)
    tone = np.sin(2 * np.pi * 1000 / 16_000 * np.arange(inside.start, inside.stop))
    fit = np.stack([tone, np.cos(2 * np.pi * 1000 / 16_000 * np.arange(inside.start, inside.stop))])
    rest = bleeped[inside] - fit.T @ np.linalg.lstsq(fit.T, bleeped[inside], rcond=None)[0]
    said = plain[inside]
    assert np.abs(rest @ said / (said @ said)) < 0.001
    assert np.sqrt(np.mean(rest**2)) < 0.002
    for outside in (slice(0, 2980 * 16), slice(4220 * 16, len(plain))):
        assert np.corrcoef(bleeped[outside], plain[outside])[0, 1] > 0.99


def test_silence_is_silent():
    samples = decode_mono_16k(io.BytesIO(copied(encoded("flac", notes(3)), [[1000, 2000, "silence"]])))
    assert np.sqrt(np.mean(samples[17_000:31_000] ** 2)) < 1e-4


def test_in_a_clip_the_stretch_is_where_it_is_in_the_recording():
    source = encoded("webm", notes(5))
    samples = decode_mono_16k(io.BytesIO(clip_of(source, 1500, 4500, [[0, 2000, "bleep"], [4000, 9000, "bleep"]])))
    assert len(samples) == 3 * 16_000
    assert loudest_pitch(samples[1000:7000]) == pytest.approx(1000, abs=6)
    assert loudest_pitch(samples[8800:23_200]) == pytest.approx(note_of(2), abs=4)
    assert loudest_pitch(samples[41_000:47_000]) == pytest.approx(1000, abs=6)


def test_a_stretch_may_be_all_there_is_and_go_beyond_it():
    samples = decode_mono_16k(io.BytesIO(copied(encoded("flac", notes(1)), [[-500, 90_000, "silence"]])))
    assert len(samples) == 16_000
    assert np.abs(samples).max() < 1e-3


def test_a_way_to_withhold_that_nobody_knows_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="mumble"):
        copied(encoded("wav", notes(1)), [[0, 100, "mumble"]])
