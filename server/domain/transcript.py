"""The words of a recording and when each was said.

Positions are whole milliseconds from the start of the recording. A segment's text is exactly its words joined
together: the spaces belong to the words, so that any passage can be cut out by word without guessing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.languages import tag_of


@dataclass(frozen=True, slots=True)
class Word:
    """One word, with the space before it and the punctuation around it. `probability` runs from 0 to 1."""

    text: str
    start_ms: int
    end_ms: int
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class SpokenBy:
    """Whoever says a segment, by the name that is shown. A machine's guess is `is_suggested`, and never certain."""

    id: str
    name: str
    is_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A timed stretch of one sentence or so.

    Of a stored transcript it has an `id`, and a `speaker` where somebody was named. `language` is the code of what is
    spoken in it, empty where nobody knows better than of the whole transcript.
    """

    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...] = ()
    id: int | None = None
    speaker: SpokenBy | None = None
    language: str = ""

    @property
    def language_tag(self) -> str:
        """The same as BCP 47 has it."""
        return tag_of(self.language)


@dataclass(frozen=True, slots=True)
class Transcription:
    """What a model heard. No segments means that nobody spoke."""

    language: str
    language_probability: float | None
    model: str
    duration_ms: int
    segments: tuple[Segment, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(segment.text.strip() for segment in self.segments if segment.text.strip())


def to_json(transcription: Transcription) -> dict[str, Any]:
    """Plain values, in a fixed order, that `from_json` turns back into an equal transcription."""
    return {
        "language": transcription.language,
        "language_probability": transcription.language_probability,
        "model": transcription.model,
        "duration_ms": transcription.duration_ms,
        "segments": [_segment_to_json(segment) for segment in transcription.segments],
    }


def from_json(value: Mapping[str, Any]) -> Transcription:
    """Raises KeyError where a field is missing."""
    return Transcription(
        language=value["language"],
        language_probability=value["language_probability"],
        model=value["model"],
        duration_ms=value["duration_ms"],
        segments=tuple(_segment_from_json(segment) for segment in value["segments"]),
    )


def _segment_to_json(segment: Segment) -> dict[str, Any]:
    return {
        "text": segment.text,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "words": [
            {"text": word.text, "start_ms": word.start_ms, "end_ms": word.end_ms, "probability": word.probability}
            for word in segment.words
        ],
    }


def _segment_from_json(value: Mapping[str, Any]) -> Segment:
    words = tuple(Word(w["text"], w["start_ms"], w["end_ms"], w["probability"]) for w in value["words"])
    return Segment(value["text"], value["start_ms"], value["end_ms"], words)
