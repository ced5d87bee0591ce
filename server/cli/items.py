"""Bring in a file that was saved on a phone, from the command line."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from server.domain.errors import Invalid, Refusal
from server.domain.ids import checked_id
from server.domain.item import Became
from server.importing import bring_in

_NAMES = {Became.CAME_IN: "came in", Became.WAS_HERE: "was here already",
          Became.WAITS: "waits for what it belongs to", Became.NOT_OF_HERE: "is of no story of this project",
          Became.LATER: "could not be taken in just now: bring the file in again", Became.REFUSED: "was not taken in"}


@click.command("import-item")
@click.argument("project_id")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def import_item_command(project_id: str, file: Path) -> None:
    """Take in FILE, which a phone saved, for the project with this id. Ends with 1 when anything was not taken in."""
    try:
        with file.open("rb") as source:
            outcomes = bring_in(source, checked_id(project_id), None)
    except Invalid as refusal:
        raise click.BadParameter("Give the id from the address of the project's pages.") from refusal
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    for outcome in outcomes:
        click.echo(f"{outcome.kind} {outcome.id} {_NAMES[outcome.became]}. {outcome.why}".rstrip())
    if any(outcome.became in (Became.REFUSED, Became.LATER, Became.NOT_OF_HERE) for outcome in outcomes):
        raise click.exceptions.Exit(1)
