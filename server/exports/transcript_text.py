"""A transcript as plain text, a time and the speaker before each paragraph: what MAXQDA, ATLAS.ti and NVivo read."""

from collections.abc import Iterator, Sequence

from server.domain.cleared import ClearedTranscript
from server.domain.transcript import Segment, Transcription
from server.exports.clock import clock_seconds
from server.exports.script import plain, script_of, who

_PARAGRAPH_MS = 30_000
_PAUSE_MS = 2_000


def write_text(source: Transcription | ClearedTranscript) -> str:
    """Lines of `[hh:mm:ss] Speaker: words`, an empty line between them. The first says what was not checked."""
    script = script_of(source)
    segments = [segment for segment in script.segments if plain(segment.text)]
    first = [script.caution] if segments and script.caution else []
    return "\n".join(f"{line}\n" for line in [*first, *map(_line, _paragraphs(segments))])


def _line(paragraph: Sequence[Segment]) -> str:
    speaker = f"{name}: " if (name := who(paragraph[0])) else ""
    words = " ".join(plain(segment.text) for segment in paragraph)
    return f"[{clock_seconds(paragraph[0].start_ms // 1000)}] {speaker}{words}"


def _paragraphs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """A new one where somebody else speaks, after half a minute, or when the speaker stops for two seconds."""
    paragraph: list[Segment] = []
    for segment in segments:
        if paragraph and (
            who(segment) != who(paragraph[-1])
            or segment.start_ms - paragraph[-1].end_ms >= _PAUSE_MS
            or segment.end_ms - paragraph[0].start_ms > _PARAGRAPH_MS
        ):
            yield paragraph
            paragraph = []
        paragraph.append(segment)
    if paragraph:
        yield paragraph
