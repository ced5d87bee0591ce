"""The process in which files of unknown origin are decoded: `python -m server.jobs.child TASK`.

It is given open files and never a name, knows no database, works under limits, and ends when its parent does.
TASK is JSON: the kind of work, its details, and the numbers of the open files. What it has to say goes through
a pipe, as one JSON object a message: {"progress"}, then {"result"} or {"error", "where"}.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO

from server.domain.errors import Refusal
from server.domain.work import Kind
from server.jobs.limits import LIMITS, impose
from server.tracebacks import where

Details = dict[str, Any]
Progress = Callable[[float], None]


def main() -> None:
    """Do one task and say how it went."""
    task = json.loads(sys.argv[1])
    kind = Kind(task["kind"])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    impose(LIMITS[kind])
    with Connection(task["news"], readable=False) as news, open(task["source"], "rb") as source, \
            open(task["sink"], "w+b") as sink:
        news.send_bytes(json.dumps(_answer(kind, task["details"], source, sink, news)).encode())


def _answer(kind: Kind, details: Details, source: BinaryIO, sink: BinaryIO, news: Connection) -> Details:
    def progress(share: float) -> None:
        news.send_bytes(json.dumps({"progress": share}).encode())

    try:
        result = _DOING[kind](details, source, sink, progress)
        sink.flush()
        return {"result": result}
    except Refusal as refusal:
        return {"error": refusal.code, "where": ""}
    except MemoryError:
        return {"error": "out_of_memory", "where": ""}
    except Exception as error:
        return {"error": "failed", "where": where(error)}


def _transcribe(details: Details, source: BinaryIO, sink: BinaryIO, progress: Progress) -> Details:
    from server.domain.transcript import to_json
    from server.transcription.transcriber import Transcriber

    transcriber = Transcriber(details["model"], Path(details["weights_dir"]))
    return to_json(transcriber.transcribe(source, on_progress=progress))


def _playback(details: Details, source: BinaryIO, sink: BinaryIO, progress: Progress) -> Details:
    from server.media import audio

    return {"duration_ms": audio.playback_copy(source, sink)}


def _clip(details: Details, source: BinaryIO, sink: BinaryIO, progress: Progress) -> Details:
    from server.media import audio

    return {"duration_ms": audio.cut(source, sink, details["start_ms"], details["end_ms"])}


def _photo(details: Details, source: BinaryIO, sink: BinaryIO, progress: Progress) -> Details:
    from server.media import photos

    derived = photos.derive(source)
    sink.write(derived.data)
    return {"width": derived.width, "height": derived.height}


# Each imports what it needs when it runs: a photo has no use for the speech model's libraries.
_DOING: dict[Kind, Callable[[Details, BinaryIO, BinaryIO, Progress], Details]] = {
    Kind.TRANSCRIBE: _transcribe, Kind.PLAYBACK: _playback, Kind.CLIP: _clip, Kind.PHOTO: _photo,
}


def _end_with_parent() -> None:
    """The parent holds the other end of standard input open for as long as it lives."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
