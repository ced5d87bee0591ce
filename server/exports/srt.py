"""A transcript as SubRip captions, which have no standard; this is what players and `srt` readers agree on."""

import re

from server.domain.cleared import ClearedTranscript
from server.domain.transcript import Transcription
from server.exports.clock import clock
from server.exports.cues import Cue, cues_of
from server.exports.script import script_of

# Readers take any of these for the arrow between two times.
_ARROW = re.compile("-[- ] *>")


def write_srt(source: Transcription | ClearedTranscript) -> str:
    """Numbered captions, the speaker before the words. There is no room to say what was not checked."""
    return "\n".join(_caption(number, cue) for number, cue in enumerate(cues_of(script_of(source)), start=1))


def _caption(number: int, cue: Cue) -> str:
    speaker = f"{cue.who}: " if cue.who else ""
    words = _ARROW.sub("→", speaker + "\n".join(cue.lines))
    return f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{words}\n"
