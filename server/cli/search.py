"""Make anew what can be searched."""

import click
from flask.cli import with_appcontext

from server.db import db
from server.services import indexing


@click.command("reindex")
@with_appcontext
def reindex_command() -> None:
    """Have every story looked at again, so that searching finds what is shown of it. A worker does it."""
    count = indexing.ask_for_all(db.session())
    db.session().commit()
    click.echo(f"A worker looks at {count} {'story' if count == 1 else 'stories'} again, a thousand in each round.")
