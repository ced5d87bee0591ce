"""A transcript as SubRip captions, which have no standard; this is what players and `srt` readers agree on."""

from server.domain.transcript import Segment, Transcription
from server.exports.clock import clock


def write_srt(transcription: Transcription) -> str:
    """A numbered caption for each segment."""
    return "\n".join(_caption(number, segment) for number, segment in enumerate(transcription.segments, start=1))


def _caption(number: int, segment: Segment) -> str:
    end_ms = max(segment.end_ms, segment.start_ms + 1)
    return f"{number}\n{clock(segment.start_ms, ',')} --> {clock(end_ms, ',')}\n{_plain(segment.text)}\n"


def _plain(text: str) -> str:
    """On one line. SubRip has no escapes, so an arrow that would look like times becomes one character."""
    return " ".join(text.split()).replace("-->", "→")
