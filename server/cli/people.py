"""People, from the command line: the first account of an installation, and a way back in."""

import click
from flask import current_app
from flask.cli import with_appcontext

from server.db import db
from server.domain.errors import Invalid, NotFound
from server.parts import parts
from server.services import operators, passwords


@click.command("create-admin")
@click.option("--name", prompt="Name", help="What other people see.")
@click.option("--email", prompt="Email", help="What you sign in with.")
@click.password_option(prompt="Password, 12 letters or more", help="Asked for, unseen, when left out.")
@with_appcontext
def create_admin_command(name: str, email: str, password: str) -> None:
    """Make an account that may start projects and looks after every project there is."""
    session = db.session()
    try:
        projects = operators.create(session, name, email, passwords.choose(password, email))
    except Invalid as error:
        session.rollback()
        raise click.ClickException(" ".join(error.fields.values()) or error.message) from error
    session.commit()
    click.echo(f"{email} can sign in now, may start projects, and is an administrator of {projects} so far.")


@click.command("reset-password")
@click.argument("email")
@with_appcontext
def reset_password_command(email: str) -> None:
    """Take a forgotten password away, and print a link that signs its owner in once to choose another."""
    session = db.session()
    try:
        token = operators.reset_password(session, email)
    except NotFound as error:
        raise click.ClickException(f"Nobody here signs in with {email}.") from error
    session.commit()
    with current_app.test_request_context():
        path = current_app.url_for("sign_in.link", token=token)
    click.echo(f"{parts().settings.public_url or ''}{path}")
    click.echo("It works once, within a day. Give it to them alone. They choose a password under their name.", err=True)


@click.command("remove-second-step")
@click.argument("email")
@with_appcontext
def remove_second_step_command(email: str) -> None:
    """Let somebody in without a code who lost their phone and their recovery codes."""
    session = db.session()
    try:
        operators.remove_second_step(session, email)
    except NotFound as error:
        raise click.ClickException(f"Nobody here signs in with {email}.") from error
    session.commit()
    click.echo(f"{email} signs in without a code now. Be sure that it was they who asked.")
