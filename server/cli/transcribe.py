"""Transcribe a file to standard output, through the same code as the worker."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from server.domain.errors import Refusal
from server.exports.transcripts import FORMS
from server.parts import parts


@click.command("transcribe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", help="A model's name, or a path to a .pt file. WHISPER_MODEL if left out.")
@click.option("--language", help="A code such as en or pl, or an English name. Detected if left out.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="txt", show_default=True)
@with_appcontext
def transcribe_command(file: Path, model: str | None, language: str | None, form: str) -> None:
    """Write the words of a recording, FILE, to standard output."""
    from server.transcription.transcriber import Transcriber  # torch takes seconds to import

    settings = parts().settings
    transcriber = Transcriber(model or settings.whisper_model, settings.whisper_dir)
    try:
        transcription = transcriber.transcribe(file, language=language, on_progress=_show)
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from error
    click.echo(FORMS[form].write(transcription), nl=False)
    if not transcription.segments:
        click.echo("Nobody speaks in this recording.", err=True)


def _show(share: float) -> None:
    if sys.stderr.isatty():
        click.echo(f"{share:.0%} done", err=True)
