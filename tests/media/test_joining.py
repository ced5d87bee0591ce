"""Several recordings become one by their sound, and never by their bytes."""

from io import BytesIO

import numpy as np
import pytest

from server.media.audio import decode_mono_16k, playback_copy, probe
from server.media.joining import join, parts_of
from tests.media.sounds import encoded, loudest_pitch, note_of, notes, shared_sound


def end_to_end(*contents: bytes) -> tuple[BytesIO, list[int]]:
    return BytesIO(b"".join(contents)), [len(content) for content in contents]


def joined(*contents: bytes) -> tuple[BytesIO, list[int | None]]:
    sink = BytesIO()
    return sink, join(parts_of(*end_to_end(*contents)), sink)


def test_each_part_is_decoded_by_itself_whatever_it_is_kept_in() -> None:
    tune = notes(3)
    sink, lengths = joined(encoded("webm", tune[:48_000]), encoded("mp4", tune[48_000:96_000]),
                           encoded("ogg", tune[96_000:]))
    heard = decode_mono_16k(sink)
    assert sum(length or 0 for length in lengths) == pytest.approx(len(heard) / 16, abs=60)
    assert all(length == pytest.approx(1000, abs=60) for length in lengths)
    begins = 0
    for second, length in enumerate(lengths):
        middle = heard[(begins + 300) * 16:(begins + 700) * 16]
        assert loudest_pitch(middle) == pytest.approx(note_of(second), abs=5)
        begins += length or 0


def test_a_part_without_sound_is_left_out_and_the_others_are_heard() -> None:
    """fault 30"""
    sound = encoded("webm", notes(1))
    sink, lengths = joined(sound, bytes(700), sound[:300], sound)
    assert lengths[1:3] == [None, None]
    assert probe(sink).duration_ms == pytest.approx(sum(length or 0 for length in lengths), abs=60)


def test_without_any_sound_there_is_no_length() -> None:
    """fault 30"""
    assert joined(bytes(700), bytes(900))[1] == [None, None]


def test_a_part_cut_short_counts_as_far_as_it_goes() -> None:
    """fault 37"""
    sound = encoded("webm", notes(3))
    _, lengths = joined(sound[:len(sound) * 2 // 3], sound)
    assert 1000 < (lengths[0] or 0) < 2900
    assert lengths[1] == pytest.approx(3000, abs=60)


def test_how_much_is_done_is_told_part_by_part() -> None:
    shares: list[float] = []
    sound = encoded("ogg", notes(1))
    join(parts_of(*end_to_end(sound, sound)), BytesIO(), shares.append)
    assert shares == [0.5, 1.0]


def test_real_segments_of_a_phone_are_as_long_together_as_each_by_itself() -> None:
    speech, other = shared_sound("mediarecorder-opus-12s.webm").read(), shared_sound("p001.mp4").read()
    sink, lengths = joined(speech, other, speech)
    alone = [playback_copy(BytesIO(content), BytesIO()) for content in (speech, other, speech)]
    assert lengths == pytest.approx(alone, abs=1)
    assert len(decode_mono_16k(sink)) / 16 == pytest.approx(sum(alone), abs=60)
    again = decode_mono_16k(BytesIO(speech))
    first = decode_mono_16k(sink)[:len(again)]
    assert np.corrcoef(first[1600:160_000], again[1600:160_000])[0, 1] > 0.9


def test_files_end_to_end_are_read_as_files_of_their_own() -> None:
    first, second = parts_of(*end_to_end(b"abc", b"defgh"))
    assert (second.read(2), first.read(), second.read()) == (b"de", b"abc", b"fgh")
    assert (second.seek(-2, 2), second.read(9), second.seek(0), second.read()) == (3, b"gh", 0, b"defgh")
