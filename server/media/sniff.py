"""Which kind of sound file this is, from its own first bytes. A name or a declared type is never believed."""

from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO

_LOOK_BYTES = 64 * 1024
_ID3_HEADER_BYTES = 10
_ID3_FOOTER_BYTES = 10


class Container(StrEnum):
    """The containers that are read; the value is the name of the one demuxer that may open it."""

    WEBM = "matroska"
    MP4 = "mov"
    OGG = "ogg"
    FLAC = "flac"
    MP3 = "mp3"
    WAV = "wav"
    ADTS = "aac"


def container_of(source: BinaryIO) -> Container | None:
    """The container that `source` really holds, or None when it is none of ours. Leaves `source` at its start."""
    source.seek(0)
    head = source.read(_LOOK_BYTES)
    if head.startswith(b"ID3"):
        source.seek(_id3_bytes(head))
        found = _kind_after_tag(source.read(_LOOK_BYTES).lstrip(b"\0"))
    else:
        found = _kind(head)
    source.seek(0)
    return found


def _kind(head: bytes) -> Container | None:
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Container.WEBM
    if head[4:8] == b"ftyp":
        return Container.MP4
    if head.startswith(b"OggS"):
        return Container.OGG
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return Container.WAV
    return _kind_after_tag(head)


def _kind_after_tag(head: bytes) -> Container | None:
    """The kinds that may follow an ID3 tag."""
    if head.startswith(b"fLaC"):
        return Container.FLAC
    if _two_frames(head, _adts_frame_bytes):
        return Container.ADTS
    if _two_frames(head, _mp3_frame_bytes):
        return Container.MP3
    return None


def _id3_bytes(head: bytes) -> int:
    """Length of a whole ID3v2 tag; its size field has seven bits in each byte (id3.org, ID3v2.4, section 3.1)."""
    if len(head) < _ID3_HEADER_BYTES:
        return len(head)
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEADER_BYTES + size + (_ID3_FOOTER_BYTES if head[5] & 0x10 else 0)


def _two_frames(head: bytes, frame_bytes: Callable[[bytes], int]) -> bool:
    """Eleven set bits are found in any file by chance; a second frame where the first says it starts is not."""
    first = frame_bytes(head)
    return first > 0 and frame_bytes(head[first:]) > 0


def _adts_frame_bytes(head: bytes) -> int:
    """Length of the ADTS frame at the start of `head` (ISO/IEC 13818-7, 6.2); 0 when there is none."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    length = (head[3] & 0x03) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0


# kbit/s of Layer III by bitrate index: MPEG 1, then MPEG 2 and 2.5 (ISO/IEC 11172-3, 13818-3)
_MPEG1_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG1_HZ = (44100, 48000, 32000)


def _mp3_frame_bytes(head: bytes) -> int:
    """Length of the MPEG Layer III frame at the start of `head`; 0 when there is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 0x03, head[1] >> 1 & 0x03
    bitrate, rate, padding = head[2] >> 4, head[2] >> 2 & 0x03, head[2] >> 1 & 0x01
    if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return 0
    if version == 3:
        return 144_000 * _MPEG1_KBITS[bitrate] // _MPEG1_HZ[rate] + padding
    hz = _MPEG1_HZ[rate] // (2 if version == 2 else 4)
    return 72_000 * _MPEG2_KBITS[bitrate] // hz + padding
