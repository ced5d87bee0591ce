import io
import tracemalloc
from collections import deque
from collections.abc import Iterator

import av
import numpy as np
import pytest

from server.domain.errors import UnsupportedAudio
from server.media import decode
from server.media.audio import decode_mono_16k, probe
from tests.media.sounds import encoded, loudest_pitch, note_of, notes, silence, wav


def film() -> io.BytesIO:
    """A film with a sound track."""
    sink = io.BytesIO()
    with av.open(sink, "w", format="matroska") as container:
        picture = container.add_stream("mjpeg", rate=5, width=64, height=64, pix_fmt="yuvj420p")
        sound = container.add_stream("libopus", rate=48_000, layout="mono")
        grey = np.full((64, 64, 3), 128, dtype=np.uint8)
        for _ in range(5):
            container.mux(picture.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        frame = av.AudioFrame.from_ndarray(notes(1).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return io.BytesIO(sink.getvalue())


def test_eight_channels_at_96_khz_decode():
    """fault 37"""
    source = wav(8, 96_000, 96_000)
    assert (probe(source).channels, probe(source).sample_rate, probe(source).duration_ms) == (8, 96_000, 1000)
    assert len(decode_mono_16k(source)) == 16_000


@pytest.mark.parametrize(
    ("channels", "rate", "says"), [(9, 48_000, decode.TOO_MANY_CHANNELS), (1, 192_001, decode.TOO_HIGH_RATE)]
)
def test_a_shape_beyond_the_limits_is_refused_with_its_reason(channels: int, rate: int, says: str):
    """fault 37"""
    for act in (probe, decode_mono_16k):
        with pytest.raises(UnsupportedAudio) as refusal:
            act(wav(channels, rate, 4800))
        assert refusal.value.message == says


def test_fifty_hours_are_refused_with_their_reason_and_without_much_memory():
    """fault 37"""
    source = silence(50)
    tracemalloc.start()
    try:
        for act in (probe, lambda sound: deque(decode.frames_of(sound), maxlen=1)):
            with pytest.raises(UnsupportedAudio) as refusal:
                act(source)
            assert refusal.value.message == decode.TOO_LONG
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_film_is_refused_since_nobody_was_asked_about_pictures():
    with pytest.raises(UnsupportedAudio) as refusal:
        probe(film())
    assert refusal.value.message == decode.IS_VIDEO


def test_a_cover_picture_in_a_sound_file_is_no_film():
    sink = io.BytesIO()
    with av.open(sink, "w", format="mp3") as container:
        sound = container.add_stream("libmp3lame", rate=48_000, layout="mono")
        cover = container.add_stream("mjpeg", rate=1, width=16, height=16, pix_fmt="yuvj420p")
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), dtype=np.uint8), format="rgb24")
        frame = av.AudioFrame.from_ndarray(notes(1).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        container.mux(sound.encode(frame))
        container.mux(cover.encode(picture))
        container.mux(sound.encode(None))
    assert probe(sink).duration_ms == pytest.approx(1000, abs=100)


def test_two_recordings_joined_are_heard_one_after_the_other():
    joined = io.BytesIO(encoded("webm", notes(2)) + encoded("webm", notes(3)))
    assert probe(joined).duration_ms == pytest.approx(5000, abs=100)
    assert loudest_pitch(decode_mono_16k(joined)[36_000:44_000]) == pytest.approx(note_of(0), abs=4)


def test_frames_whose_shape_changes_become_one_sound():
    def frames() -> Iterator[av.AudioFrame]:
        for layout, rate in (("mono", 48_000), ("stereo", 44_100), ("mono", 8_000)):
            planes = np.zeros((av.AudioLayout(layout).nb_channels, rate), dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
            frame.sample_rate = rate
            yield frame

    assert sum(map(len, decode.mono(frames(), 16_000))) == pytest.approx(48_000, abs=100)


def test_a_codec_that_is_not_on_the_list_is_refused():
    sink = io.BytesIO()
    with av.open(sink, "w", format="matroska") as container:
        stream = container.add_stream("ac3", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 48_000), dtype=np.float32), format="fltp", layout="stereo")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(UnsupportedAudio):
        probe(sink)
