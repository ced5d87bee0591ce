"""Everything the product does with sound: look at it, read it for transcription, copy it for players, cut it.

Every function takes a seekable file object, reads it from its start, and raises EmptyFile, UnsupportedAudio or
AudioDamaged. Times are milliseconds of decoded sound, the same in all of them. Memory stays small however long
the recording is, except for the array that `decode_mono_16k` is asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from io import SEEK_END
from typing import Any, BinaryIO

import numpy as np
from av.audio.frame import AudioFrame

from server.domain.errors import AudioDamaged
from server.media.bleeping import without
from server.media.decode import Opened, frames_of, mono, opened, refuse_beyond_limits
from server.media.facts import AudioFacts
from server.media.mp3 import SAMPLE_RATE, write_mp3
from server.media.pcm import SPEECH_SAMPLE_RATE, to_pcm

_FADE_SAMPLES = SAMPLE_RATE // 100
_TOLD_SAMPLES = 60 * SPEECH_SAMPLE_RATE


def probe(source: BinaryIO) -> AudioFacts:
    """Check that `source` is sound that decodes, and measure it. A recording cut short counts as far as it goes."""
    with opened(source) as sound:
        first = next(sound.frames(), None)
        if first is None:
            raise AudioDamaged
        channels, sample_rate = first.layout.nb_channels, first.sample_rate
        refuse_beyond_limits(channels, sample_rate, 0)
    with opened(source) as sound:
        seconds = _seconds(sound)
        return AudioFacts(
            sound.kind.value, sound.stream.codec_context.name, channels, sample_rate, round(seconds * 1000)
        )


def decode_mono_16k(source: BinaryIO) -> np.ndarray:
    """The whole recording as float32 in [-1, 1], one channel, 16,000 samples a second (4 bytes each)."""
    samples = bytearray()
    for block in mono(frames_of(source), SPEECH_SAMPLE_RATE):
        samples += block.tobytes()
    return np.frombuffer(samples, dtype=np.float32)


def write_mono_16k(source: BinaryIO, sink: BinaryIO, on_share: Callable[[float], None] = lambda _share: None) -> int:
    """Write the whole recording into `sink` as bare sound (see `server.media.pcm`). Returns how many samples.

    `on_share` is told now and then what share of the file was read, 0 to 1.
    """
    size, written, told = source.seek(0, SEEK_END), 0, 0
    for block in mono(frames_of(source), SPEECH_SAMPLE_RATE):
        sink.write(to_pcm(block))
        written += len(block)
        if written - told >= _TOLD_SAMPLES:
            told = written
            on_share(source.tell() / size)
    return written


def playback_copy(source: BinaryIO, sink: BinaryIO, withheld: Sequence[Sequence[Any]] = ()) -> int:
    """Write an MP3 of the whole recording into `sink` (seekable), without its tags. Returns its length in ms.

    It is as long whatever is `withheld` of it (see `server.media.bleeping`).
    """
    return write_mp3(without(mono(frames_of(source), SAMPLE_RATE), withheld), sink)


def cut(source: BinaryIO, sink: BinaryIO, start_ms: int, end_ms: int, withheld: Sequence[Sequence[Any]] = ()) -> int:
    """Write an MP3 of the sound from `start_ms` up to `end_ms` into `sink` (seekable). Returns its length in ms.

    An end after the end of the recording means the end of the recording. Both edges fade over 10 ms, so that no
    click is heard. Stretches `withheld` have their times in the source. Raises ValueError when there is no sound
    between the two.
    """
    if not 0 <= start_ms < end_ms:
        raise ValueError(f"cannot cut from {start_ms} to {end_ms} ms")
    return write_mp3(_faded(without(_between(source, start_ms, end_ms), withheld, start_ms)), sink)


def _seconds(sound: Opened) -> float:
    """Length by adding up packets: headers of recordings in progress have no length, and others lie."""
    seconds = 0.0
    for length in _decoded_lengths(sound) if sound.stream.codec_context.name == "vorbis" else _packet_lengths(sound):
        seconds += length
        refuse_beyond_limits(0, 0, seconds)
    return seconds


def _packet_lengths(sound: Opened) -> Iterator[float]:
    for packet in sound.packets():
        if packet.duration and packet.time_base:
            yield float(packet.duration * packet.time_base)


def _decoded_lengths(sound: Opened) -> Iterator[float]:
    """Vorbis packets do not tell their length exactly."""
    for frame in sound.frames():
        yield frame.samples / frame.sample_rate


def _between(source: BinaryIO, start_ms: int, end_ms: int) -> Iterator[np.ndarray]:
    frames = _frames_between(source, start_ms / 1000, end_ms / 1000)
    begins, first = next(frames, (0.0, None))
    if first is None:
        raise ValueError(f"the recording ends before {start_ms} ms")
    to_skip = round((start_ms / 1000 - begins) * SAMPLE_RATE)
    to_give = (end_ms - start_ms) * SAMPLE_RATE // 1000
    for block in mono(_with_first(first, frames), SAMPLE_RATE):
        part = block[to_skip : to_skip + to_give]
        to_skip -= min(to_skip, len(block))
        to_give -= len(part)
        if len(part):
            yield part


def _frames_between(source: BinaryIO, start_s: float, end_s: float) -> Iterator[tuple[float, AudioFrame]]:
    """The frames that hold any sound of the stretch, each with the second at which it begins.

    Frames are decoded from the start and counted: seeking lands on another sample in every format.
    """
    ends = 0.0
    for frame in frames_of(source):
        begins, ends = ends, ends + frame.samples / frame.sample_rate
        if begins >= end_s:
            return
        if ends > start_s:
            yield begins, frame


def _with_first(first: AudioFrame, rest: Iterator[tuple[float, AudioFrame]]) -> Iterator[AudioFrame]:
    yield first
    for _, frame in rest:
        yield frame


def _faded(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """The same sound, rising over the first 10 ms and falling over the last 10 ms."""
    held = np.empty(0, dtype=np.float32)
    risen = 0
    for block in blocks:
        rise = (np.arange(risen, risen + len(block)) + 1) / _FADE_SAMPLES
        held = np.concatenate([held, block * np.minimum(rise, 1, dtype=np.float32)])
        risen += len(block)
        if len(held) > _FADE_SAMPLES:
            yield held[:-_FADE_SAMPLES]
            held = held[-_FADE_SAMPLES:]
    fall = np.arange(len(held), 0, -1, dtype=np.float32) / _FADE_SAMPLES
    yield held * np.minimum(fall, 1)
