"""A transcript as plain text, a time before each paragraph: what MAXQDA, ATLAS.ti and NVivo read."""

from collections.abc import Iterator

from server.domain.transcript import Segment, Transcription
from server.exports.clock import clock_seconds

_PARAGRAPH_MS = 30_000
_PAUSE_MS = 2_000


def write_text(transcription: Transcription) -> str:
    """Lines of `[hh:mm:ss] words`, an empty line between them."""
    return "\n".join(f"{_line(paragraph)}\n" for paragraph in _paragraphs(transcription.segments))


def _line(paragraph: list[Segment]) -> str:
    words = " ".join(" ".join(segment.text.split()) for segment in paragraph)
    return f"[{clock_seconds(paragraph[0].start_ms // 1000)}] {words}"


def _paragraphs(segments: tuple[Segment, ...]) -> Iterator[list[Segment]]:
    """A new one after half a minute, or when the speaker stops for two seconds."""
    paragraph: list[Segment] = []
    for segment in segments:
        if paragraph and (
            segment.start_ms - paragraph[-1].end_ms >= _PAUSE_MS
            or segment.end_ms - paragraph[0].start_ms > _PARAGRAPH_MS
        ):
            yield paragraph
            paragraph = []
        paragraph.append(segment)
    if paragraph:
        yield paragraph
