"""Print the words of a recording as they are stored now."""

import click
from flask.cli import with_appcontext

from server.db import db
from server.domain.errors import Invalid, NotFound
from server.domain.ids import checked_id
from server.exports.transcripts import FORMS
from server.services import spoken_words


@click.command("transcript")
@click.argument("recording")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="txt", show_default=True)
@with_appcontext
def transcript_command(recording: str, form: str) -> None:
    """Write the stored words of RECORDING, an id, to standard output, where commissioners may have them. The audit says
    so."""
    session = db.session()
    try:
        found = spoken_words.for_operator(session, checked_id(recording), form)
    except (Invalid, NotFound) as error:
        raise click.ClickException("There are no words under this id that commissioners may have.") from error
    session.commit()
    click.echo(FORMS[form].write(found.transcript), nl=False)
    if not found.transcript.is_checked:
        click.echo("Not all of it was checked by a person.", err=True)
