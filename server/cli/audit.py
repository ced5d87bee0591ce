"""Look through the audit for entries that were altered, removed or moved."""

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from server.db import db
from server.domain.audit import read_head
from server.services import audit


@click.command("verify-audit")
@click.option("--expect", metavar="SEQUENCE:HASH", help="A head that was noted elsewhere, and must still be there.")
@with_appcontext
def verify_audit_command(expect: str | None) -> None:
    """Walk the whole audit. Ends with 1 and names the first entry where it does not hold."""
    expected = read_head(expect) if expect else None
    if expect and expected is None:
        raise click.BadParameter("Write a number, a colon and 64 letters and digits.", param_hint="--expect")
    with Session(db.engine.execution_options(only_reads=True)) as session:
        verdict = audit.verify(session, expected)
    if verdict.problem is not None:
        click.echo(f"{verdict.count} entries hold. The last of them: {verdict.head}")
        raise click.ClickException(f"The audit was tampered with: {verdict.problem}.")
    click.echo(f"{verdict.count} entries hold. Note the newest where nobody here can change it:")
    click.echo(str(verdict.head))
