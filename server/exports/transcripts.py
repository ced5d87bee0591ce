"""The ways to write a transcript down, by the ends of file names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.domain.cleared import ClearedTranscript
from server.domain.transcript import Transcription
from server.exports.srt import write_srt
from server.exports.transcript_json import write_json
from server.exports.transcript_text import write_text
from server.exports.vtt import write_vtt


@dataclass(frozen=True)
class Form:
    """What a file of this form is sent as, what it is called where people choose one, and what writes it."""

    content_type: str
    name: str
    write: Callable[[Transcription | ClearedTranscript], str]


FORMS: Mapping[str, Form] = {
    "txt": Form("text/plain", "Text", write_text),
    "vtt": Form("text/vtt", "WebVTT captions", write_vtt),
    "srt": Form("application/x-subrip", "SubRip captions", write_srt),
    "json": Form("application/json", "JSON", write_json),
}
