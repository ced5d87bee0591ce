"""A transcript as WebVTT captions (https://www.w3.org/TR/webvtt1/), with a voice tag where it is known who speaks."""

from server.domain.cleared import ClearedExcerpt, ClearedTranscript
from server.domain.transcript import Transcription
from server.exports.clock import clock
from server.exports.cues import Cue, cues_of
from server.exports.script import Script, script_of, script_of_excerpt


def write_vtt(source: Transcription | ClearedTranscript) -> str:
    """Markup in the words is shown as it is written, never followed. A comment says what was not checked."""
    return _written(script_of(source))


def write_excerpt_vtt(excerpt: ClearedExcerpt) -> str:
    """Captions for an excerpt's own sound, which starts at 0."""
    return _written(script_of_excerpt(excerpt))


def _written(script: Script) -> str:
    blocks = ["WEBVTT\n", *([f"NOTE\n{script.caution}\n"] if script.caution else []), *map(_cue, cues_of(script))]
    return "\n".join(blocks)


def _cue(cue: Cue) -> str:
    text = "\n".join(map(_escaped, cue.lines))
    text = f"<lang {_escaped(cue.language_tag)}>{text}</lang>" if cue.language_tag else text
    voice = f"<v {_escaped(cue.who)}>" if cue.who else ""
    return f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}\n{voice}{text}\n"


def _escaped(text: str) -> str:
    """Escaping `>` also breaks up `-->`, which may not stand in a cue."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
