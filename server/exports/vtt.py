"""A transcript as WebVTT captions (https://www.w3.org/TR/webvtt1/)."""

from server.domain.transcript import Segment, Transcription
from server.exports.clock import clock


def write_vtt(transcription: Transcription) -> str:
    """A cue for each segment. Markup in the words is shown as it is written, never followed."""
    return "\n".join(["WEBVTT\n", *(_cue(segment) for segment in transcription.segments)])


def _cue(segment: Segment) -> str:
    end_ms = max(segment.end_ms, segment.start_ms + 1)  # a cue may not end where it starts
    return f"{clock(segment.start_ms)} --> {clock(end_ms)}\n{_escaped(segment.text)}\n"


def _escaped(text: str) -> str:
    """On one line, since an empty line ends a cue. Escaping `>` also breaks up `-->`, which may not stand in a cue."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
