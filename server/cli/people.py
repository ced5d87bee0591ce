"""People, from the command line: the first account of an installation."""

import click
from flask.cli import with_appcontext

from server.db import db
from server.domain.errors import Invalid
from server.services import operators


@click.command("create-admin")
@click.option("--name", prompt="Name", help="What other people see.")
@click.option("--email", prompt="Email", help="What you sign in with.")
@click.password_option(prompt="Password, 12 letters or more", help="Asked for, unseen, when left out.")
@with_appcontext
def create_admin_command(name: str, email: str, password: str) -> None:
    """Make an account that may start projects and looks after every project there is."""
    session = db.session()
    try:
        projects = operators.create(session, name, email, password)
    except Invalid as error:
        session.rollback()
        raise click.ClickException(" ".join(error.fields.values()) or error.message) from error
    session.commit()
    click.echo(f"{email} can sign in now, may start projects, and is an administrator of {projects} so far.")
