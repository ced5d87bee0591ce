"""The made-up project, and what stands on the screen after `make run`."""

import os
import time
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click
from flask import current_app
from flask.cli import with_appcontext

from server.db import db
from server.domain.access import ROLE_NAMES
from server.parts import parts
from server.services import demo
from server.storage.staging import Staging

_PATIENCE_SECONDS = 60


@click.command("demo")
@click.option("--links/--no-links", default=True, help="Print a one-time sign-in link for each demo person.")
@with_appcontext
def demo_command(links: bool) -> None:
    """Fill an empty database with a made-up project. A database with anything in it is left as it is."""
    session = db.session()
    receipt = demo.fill(session, Staging(parts().settings.uploads_dir))
    session.commit()
    if receipt:
        click.echo("The made-up project is filled. Its transcripts and excerpts come minutes after the first start.")
        _print_receipt(receipt)
    if links:
        _print_links()


@click.command("welcome")
@with_appcontext
def welcome_command() -> None:
    """Wait until the web server answers, then print its address and a sign-in link for each demo person."""
    here = _here()
    until = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(here):
        if time.monotonic() > until:
            raise click.ClickException(f"Nothing answers at {here} yet. Look at the messages above.")
        time.sleep(0.2)
    click.echo(f"\nEarshot is running at {_address()}\n")
    _print_links()


def _print_links() -> None:
    made = demo.sign_in_links(db.session())
    db.session.commit()
    if not made:
        return
    click.echo("Look around as somebody made up. Each link signs in once:")
    for link in made:
        path = _path("sign_in.link", token=link.token)
        click.echo(f"  {ROLE_NAMES[link.role]:<14} {link.name:<18} {_address()}{path}")
    click.echo("")


def _print_receipt(receipt: demo.ReceiptToTry) -> None:
    """Once, as whoever tells a story gets their code: nobody can print it again."""
    click.echo("\nOne story's receipt, as the person who told it keeps it. It is shown only now:")
    click.echo(f"  {_address()}{_path('receipts.show', code=receipt.code)}")
    click.echo(f"  It opens with the name {receipt.name}. Change an answer there, or delete the story.\n")


def _path(endpoint: str, **values: Any) -> str:
    with current_app.test_request_context():
        return current_app.url_for(endpoint, **values)


def _address() -> str:
    return parts().settings.public_url or _here()


def _here() -> str:
    """Where the web server of the Procfile listens."""
    return f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310
            return b'"earshot"' in answer.read()
    except (URLError, OSError):
        return False
