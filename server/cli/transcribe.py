"""Transcribe a file to standard output, in the same processes as the worker: the file is decoded where it can do no
harm."""

import sys
import time
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from server.domain import hearing, remaining
from server.domain.hearing import HeardWindow, Hints, Outline
from server.domain.transcript import Transcription
from server.domain.work import State, in_words
from server.exports.transcripts import FORMS
from server.isolation.limits import Decoding
from server.isolation.supervision import ChildFailed, Watch, do_in_child, nameless_file
from server.parts import parts
from server.transcription.segments import transcription_of

_LOOK_SECONDS = 0.5
_LINES = 10
_ERASED_LINE = "\r\x1b[K"


@click.command("transcribe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", help="A model's name, or a path to a .pt file. WHISPER_MODEL if left out.")
@click.option("--language", help="A code such as en or pl, or an English name. Detected if left out.")
@click.option("--languages", default="", help="What may be spoken, where it may be several: en,cy,ur.")
@click.option("--vocabulary", default="", help="Names and words that are hard to spell, with commas between them.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="txt", show_default=True)
@with_appcontext
def transcribe_command(file: Path, model: str | None, language: str | None, languages: str, vocabulary: str,
                       form: str) -> None:
    """Write the words of a recording, FILE, to standard output. How far it is goes to standard error."""
    settings = parts().settings
    hints = Hints((language,) if language else _listed(languages), _listed(vocabulary))
    details = {"model": model or settings.whisper_model, "weights_dir": str(settings.whisper_dir), "done": None,
               "hints": hearing.hints_to_json(hints)}
    try:
        transcription = _transcribed(file, details)
    except ChildFailed as failed:
        raise click.ClickException(failed.message or in_words(State.BLOCKED, failed.code)) from failed
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from error
    click.echo(FORMS[form].write(transcription), nl=False)
    if not transcription.segments:
        click.echo("Nobody speaks in this recording.", err=True)


def _transcribed(file: Path, details: dict[str, Any]) -> Transcription:
    windows: list[HeardWindow] = []
    with nameless_file(parts().settings.data_dir) as sound:
        with file.open("rb") as source:
            do_in_child(Decoding.SAMPLES, {}, source, sound, Watch())
        shown = _Shown()
        watch = Watch(beat=shown.share, beat_seconds=_LOOK_SECONDS,
                      keep=lambda part: windows.extend(hearing.from_json(part).windows))
        try:
            outline = Outline(**do_in_child(Decoding.TRANSCRIBE, details, sound, None, watch))
            shown.share(1.0)
        finally:
            shown.end()
    return transcription_of(outline, windows)


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(filter(None, (item.strip() for item in typed.split(","))))


class _Shown:
    """How far it is: a line that changes on a terminal, and elsewhere a line for each tenth."""

    def __init__(self) -> None:
        self._began, self._is_terminal, self._told = time.monotonic(), sys.stderr.isatty(), 0

    def share(self, share: float) -> None:
        left = remaining.left_seconds(0.0, share, time.monotonic() - self._began) if share < 1 else None
        words = ". ".join(filter(None, (f"{share:.0%} done", remaining.in_words(left))))
        if self._is_terminal:
            click.echo(f"{_ERASED_LINE}{words}", nl=False, err=True)
        elif int(share * _LINES) > self._told:
            self._told = int(share * _LINES)
            click.echo(words, err=True)

    def end(self) -> None:
        if self._is_terminal:
            click.echo(_ERASED_LINE, nl=False, err=True)
