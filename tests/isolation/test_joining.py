"""Segments are decoded and joined where nothing else can be reached."""

from io import BytesIO
from tempfile import TemporaryFile

import pytest

from server.isolation.limits import Decoding
from server.isolation.supervision import Watch, do_in_child
from server.media.audio import probe
from tests.isolation.conftest import told
from tests.media.sounds import encoded, notes, shared_sound


def joined(*segments: bytes) -> tuple[list[int | None], bytes]:
    """The lengths that a child answers, and what it made."""
    with TemporaryFile() as sink:
        answer = do_in_child(Decoding.JOIN, {"sizes": [len(segment) for segment in segments]},
                             BytesIO(b"".join(segments)), sink, Watch())
        sink.seek(0)
        return answer["lengths_ms"], sink.read()


def test_a_child_joins_what_a_phone_recorded_in_segments() -> None:
    speech, after = shared_sound("mediarecorder-opus-12s.webm").read(), shared_sound("p001.webm").read()
    lengths, made = joined(speech, after)
    assert all(lengths)
    assert probe(BytesIO(made)).duration_ms == pytest.approx(sum(length or 0 for length in lengths), abs=60)


@pytest.mark.parametrize("hostile", [
    b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n", b"\x1a\x45\xdf\xa3" + b"\xff" * 5000,
    b"RIFF\xff\xff\xff\xffWAVEfmt "])
def test_a_segment_that_is_something_else_is_no_sound_and_spoils_no_other(hostile: bytes) -> None:
    """faults 30, 38"""
    sound = encoded("webm", notes(1))
    lengths, made = joined(sound, hostile, sound)
    assert lengths[1] is None
    assert lengths[0] == lengths[2] == pytest.approx(1000, abs=60)
    assert probe(BytesIO(made)).duration_ms == pytest.approx(2000, abs=60)


def test_how_far_a_join_has_come_is_told_on_the_way() -> None:
    sound = encoded("ogg", notes(1))
    heard = told(Decoding.JOIN, sound + sound, {"sizes": [len(sound)] * 2})
    assert heard["progress"] == 1.0
    assert len(heard["made"]) > 4000


def test_sizes_that_go_beyond_the_file_find_no_sound_there() -> None:
    sound = encoded("ogg", notes(1))
    assert told(Decoding.JOIN, sound, {"sizes": [len(sound), 10**9]})["result"]["lengths_ms"][1] is None
