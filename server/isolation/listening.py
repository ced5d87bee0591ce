"""What is done with bare sound in the process that keeps the speech model. Importing this loads torch."""

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from server.domain import hearing, turns
from server.transcription.samples import Samples
from server.transcription.transcriber import Transcriber
from server.transcription.voices import Voices

Details = dict[str, Any]
Tell = Callable[[Details], None]


def transcribe(details: Details, sound: BinaryIO, tell: Tell) -> Details:
    """Tells each batch of windows as a part; the answer is an outline."""
    def on_heard(heard: hearing.Heard, share: float) -> None:
        tell({"part": hearing.to_json(heard), "progress": share})

    done = hearing.from_json(details["done"]) if details["done"] else None
    return asdict(_transcriber(details["model"], details["weights_dir"]).hear(
        Samples(sound), hints=hearing.hints_from_json(details["hints"]), on_heard=on_heard, done=done))


def translate(details: Details, sound: BinaryIO, tell: Tell) -> Details:
    """`spans` are lists of [start_ms, end_ms] by language; the answer has as many texts of each language."""
    samples, texts = Samples(sound), dict[str, list[str]]()
    spans: dict[str, list[tuple[int, int]]] = details["spans"]
    total, before = sum(map(len, spans.values())), 0
    for language, some in spans.items():
        def on_done(share: float, before: int = before, here: int = len(some)) -> None:
            tell({"progress": (before + share * here) / total})

        texts[language] = _transcriber(details["model"], details["weights_dir"]).translate(
            samples, [(start, end) for start, end in some], language, on_done)
        before += len(some)
    return {"texts": texts}


def speakers(details: Details, sound: BinaryIO, tell: Tell) -> Details:
    """The answer is turns."""
    return turns.to_json(_voices(details["weights_dir"]).turns(
        Samples(sound), lambda share: tell({"progress": share})))


@cache
def _transcriber(model: str, weights_dir: str) -> Transcriber:
    """With the model that it loads when it is first asked: a process is started for one model alone."""
    return Transcriber(model, Path(weights_dir))


@cache
def _voices(weights_dir: str) -> Voices:
    return Voices(Path(weights_dir))
