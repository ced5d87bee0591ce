"""What is done with bare sound in the process that keeps the speech model. Importing this loads torch."""

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from server.domain import hearing
from server.transcription.samples import Samples
from server.transcription.transcriber import Transcriber

Details = dict[str, Any]
Tell = Callable[[Details], None]


def transcribe(details: Details, sound: BinaryIO, tell: Tell) -> Details:
    """Tells each batch of windows as a part; the answer is an outline."""
    def on_heard(heard: hearing.Heard, share: float) -> None:
        tell({"part": hearing.to_json(heard), "progress": share})

    done = hearing.from_json(details["done"]) if details["done"] else None
    return asdict(_transcriber(details["model"], details["weights_dir"]).hear(
        Samples(sound), on_heard=on_heard, done=done))


@cache
def _transcriber(model: str, weights_dir: str) -> Transcriber:
    """With the model that it loads when it is first asked: a process is started for one model alone."""
    return Transcriber(model, Path(weights_dir))
