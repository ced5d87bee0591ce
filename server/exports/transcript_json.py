"""A transcript as JSON, with every word and its times, as `docs/transcript.schema.json` describes it."""

import json
from typing import Any

from server.domain.cleared import ClearedTranscript
from server.domain.transcript import Segment, Transcription
from server.exports.script import script_of

FORMAT = "earshot-transcript-1"


def write_json(source: Transcription | ClearedTranscript) -> str:
    """Indented, letters as they are. `checked` says whether a person heard all of it, `heard` what they heard."""
    script = script_of(source)
    content = {
        "format": FORMAT,
        "language": script.language,
        "language_probability": script.language_probability,
        "model": script.model,
        "number": script.number,
        "version": script.version,
        "duration_ms": script.duration_ms,
        "checked": script.is_checked,
        "heard": [list(stretch) for stretch in script.heard],
        "segments": [_segment(segment, script.language) for segment in script.segments],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _segment(segment: Segment, language: str) -> dict[str, Any]:
    return {
        "text": segment.text,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "language": segment.language or language,
        "speaker": {"name": segment.speaker.name, "suggested": segment.speaker.is_suggested}
        if segment.speaker else None,
        "words": [
            {"text": word.text, "start_ms": word.start_ms, "end_ms": word.end_ms, "probability": word.probability}
            for word in segment.words
        ],
    }
