"""Opens sound of unknown origin, and yields what can be decoded of it, a little at a time.

FFmpeg gets a file object, never a name, and one demuxer chosen from the content, so a playlist cannot make it
look for another file or address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO, NoReturn

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition

from server.domain.errors import AudioDamaged, EmptyFile, UnsupportedAudio
from server.media.sniff import Container, container_of

MAX_HOURS = 12
MAX_CHANNELS = 8
MAX_SAMPLE_RATE = 192_000
_CODECS = ("opus", "vorbis", "aac", "mp3float", "mp3", "flac", "alac")  # and any PCM

TOO_LONG = f"This recording is longer than {MAX_HOURS} hours. Send it in shorter parts."
TOO_MANY_CHANNELS = f"This recording has more than {MAX_CHANNELS} channels. Send a copy in mono or stereo."
TOO_HIGH_RATE = f"This recording has more than {MAX_SAMPLE_RATE} samples a second. Send a copy with 48000."
IS_VIDEO = "This is a video. Send the sound alone."


@dataclass(frozen=True)
class Opened:
    """Sound that opened: its real container, and the one stream that is read."""

    kind: Container
    container: InputContainer
    stream: AudioStream

    def packets(self) -> "Iterator[Packet[AudioStream]]":
        """Packets in the order of the file, up to where it breaks off; the last, empty one ends decoding."""
        try:
            yield from self.container.demux(self.stream)
        except FFmpegError:
            return

    def frames(self) -> Iterator[AudioFrame]:
        """Decoded frames; packets that are damaged are left out."""
        for packet in self.packets():
            try:
                yield from packet.decode()
            except FFmpegError:
                continue


@contextmanager
def opened(source: BinaryIO) -> Iterator[Opened]:
    """Open a seekable file object. Raises EmptyFile, UnsupportedAudio, AudioDamaged."""
    if source.seek(0, SEEK_END) == 0:
        raise EmptyFile
    kind = container_of(source)
    if kind is None:
        raise UnsupportedAudio
    try:
        container = av.open(
            source,
            mode="r",
            format=kind.value,
            metadata_errors="replace",
            container_options={"codec_whitelist": ",".join(_CODECS), "protocol_whitelist": ""},
            io_open=_refuse_other_files,
        )
    except FFmpegError as error:
        raise AudioDamaged from error
    with container:
        yield Opened(kind, container, _only_sound(container))


def frames_of(source: BinaryIO) -> Iterator[AudioFrame]:
    """Every frame that decodes, within the limits on length, channels and rate; the same errors as `opened`.

    Raises AudioDamaged when not one frame decodes. Bytes that are missing or broken are stepped over, so a
    millisecond here is a millisecond of sound that can be heard, not of the clock in the file.
    """
    seconds = 0.0
    with opened(source) as sound:
        for frame in sound.frames():
            refuse_beyond_limits(frame.layout.nb_channels, frame.sample_rate, seconds)
            seconds += frame.samples / frame.sample_rate
            yield frame
    if not seconds:
        raise AudioDamaged


def mono(frames: Iterator[AudioFrame], sample_rate: int) -> Iterator[np.ndarray]:
    """The frames as float32 arrays in [-1, 1], one channel, at `sample_rate`."""
    resampler, shape = None, None
    for frame in frames:
        if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            if resampler:
                yield from _resampled(resampler, None)
            resampler = AudioResampler(format="flt", layout="mono", rate=sample_rate)
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        frame.pts = None  # the file's clock may jump; samples do not
        yield from _resampled(resampler, frame)
    if resampler:
        yield from _resampled(resampler, None)


def refuse_beyond_limits(channels: int, sample_rate: int, seconds: float) -> None:
    """Raises UnsupportedAudio with words that say which limit it is."""
    if channels > MAX_CHANNELS:
        raise UnsupportedAudio(TOO_MANY_CHANNELS)
    if sample_rate > MAX_SAMPLE_RATE:
        raise UnsupportedAudio(TOO_HIGH_RATE)
    if seconds > MAX_HOURS * 3600:
        raise UnsupportedAudio(TOO_LONG)


def _resampled(resampler: AudioResampler | None, frame: AudioFrame | None) -> Iterator[np.ndarray]:
    for part in resampler.resample(frame) if resampler else []:
        yield np.clip(part.to_ndarray()[0], -1.0, 1.0)


def _only_sound(container: InputContainer) -> AudioStream:
    """The first sound stream. Moving pictures are refused: nobody was asked whether they may be kept."""
    pictures = [stream for stream in container.streams.video if Disposition.attached_pic not in stream.disposition]
    if pictures:
        raise UnsupportedAudio(IS_VIDEO)
    if not container.streams:
        raise AudioDamaged
    if not container.streams.audio:
        raise UnsupportedAudio
    stream = container.streams.audio[0]
    codec = stream.codec_context
    if codec is None or (codec.name not in _CODECS and not codec.name.startswith("pcm_")):
        raise UnsupportedAudio
    refuse_beyond_limits(codec.channels, codec.sample_rate, 0)
    return stream


def _refuse_other_files(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise UnsupportedAudio
