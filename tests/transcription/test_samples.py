"""The speech model gets the stretches it asks for, and nothing else of a recording is in memory."""

import tracemalloc
from tempfile import TemporaryFile

import numpy as np
import pytest

from server.media.audio import decode_mono_16k, write_mono_16k
from server.transcription.samples import Samples
from tests.media.sounds import notes, shared_sound, silence

A_STEP = 1 / 32_768


@pytest.mark.parametrize("name", ["jfk.flac", "mediarecorder-opus-12s.webm", "p001.mp4"])
def test_every_stretch_of_a_recording_is_what_decoding_it_whole_gives(name: str) -> None:
    whole = decode_mono_16k(shared_sound(name))
    with TemporaryFile() as file:
        assert write_mono_16k(shared_sound(name), file) == len(whole)
        file.flush()
        samples = Samples(file)
        assert len(samples) == len(whole)
        assert samples.duration_ms == len(whole) // 16
        for start, end in ((0, len(whole)), (0, 1), (12_345, 54_321), (len(whole) - 7, len(whole))):
            stretch = samples.stretch(start, end)
            assert stretch.dtype == np.float32
            assert np.abs(stretch - whole[start:end]).max() <= A_STEP


def test_beyond_its_ends_a_recording_has_no_sound() -> None:
    samples = Samples.of(notes(1, 16_000))
    assert len(samples) == 16_000
    assert len(samples.stretch(-100, 100)) == 100
    assert len(samples.stretch(15_900, 17_000)) == 100
    assert len(samples.stretch(17_000, 18_000)) == len(samples.stretch(9, 3)) == len(samples.stretch(-9, -3)) == 0


def test_sound_as_loud_as_can_be_stays_within_one() -> None:
    stretch = Samples.of(np.array([1.0, -1.0, 0.0, 2.0, -2.0])).stretch(0, 5)
    assert stretch.tolist() == [1 - A_STEP, -1.0, 0.0, 1 - A_STEP, -1.0]


def test_reading_takes_no_memory_for_what_is_not_asked_for() -> None:
    with TemporaryFile() as file:
        file.truncate(12 * 3600 * 16_000 * 2)
        samples = Samples(file)
        tracemalloc.start()
        assert len(samples.stretch(6 * 3600 * 16_000, 6 * 3600 * 16_000 + 16_000)) == 16_000
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 1_000_000


def test_the_share_that_was_decoded_is_told_on_the_way() -> None:
    shares: list[float] = []
    with TemporaryFile() as file:
        written = write_mono_16k(silence(0.1), file, shares.append)
        assert file.tell() == 2 * written
    assert len(shares) == 5
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1
