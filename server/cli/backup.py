"""A copy of everything in a folder, and the way back."""

from pathlib import Path

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask.cli import with_appcontext

from server.backup.folder import BackupRefused
from server.backup.restoring import Installation, restore
from server.backup.saving import Saving
from server.cli.database import alembic_config, migrate
from server.db import db
from server.domain.errors import Refusal
from server.parts import parts
from server.storage.staging import Staging


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--despite-missing", is_flag=True, help="Go on when the store lacks files that the database names.")
@with_appcontext
def backup_command(folder: Path, despite_missing: bool) -> None:
    """Copy everything into a new FOLDER while people go on working. It is complete once it has a manifest.json."""
    revision = _revision()
    if revision != _scripts().get_current_head():
        raise click.ClickException("The database is not of this version. Run: flask --app server migrate")
    try:
        saving = Saving(db.engine, parts().store, _here(), folder)
        manifest = saving.save(str(revision), despite_missing=despite_missing)
    except (BackupRefused, Refusal) as refusal:
        raise click.ClickException(f"{refusal or type(refusal).__name__} There is no backup in {folder}.") from refusal
    rows = sum(table["rows"] for table in manifest.tables.values())
    click.echo(f"{folder}: {rows} rows, {manifest.media} files and {manifest.staged} that wait to be stored.")
    if manifest.elsewhere:
        click.echo(f"{manifest.elsewhere} files wait on other machines. Their phones keep them until they are stored.")
    for sha256 in manifest.missing:
        click.echo(f"Missing: {sha256}", err=True)
    click.echo(f"The newest entry of the audit, to note elsewhere: {manifest.audit_head}")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--over", is_flag=True,
              help="Give up what is in the database now, but for its withdrawals and answers that agree to less.")
@click.option("--withdrawals", "notes", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with notes of those that were kept elsewhere. May be given several times.")
@with_appcontext
def restore_command(folder: Path, over: bool, notes: tuple[Path, ...]) -> None:
    """Bring back the backup in FOLDER, without the stories that were withdrawn since. Stop web and worker first."""
    target = Installation(db.engine, parts().store, _here(), migrate, _is_known)
    try:
        replayed = restore(folder, target, over=over, notes=notes)
    except (BackupRefused, Refusal) as refusal:
        raise click.ClickException(str(refusal) or type(refusal).__name__) from refusal
    click.echo(f"Everything is back. Withdrawals that came after the backup and were replayed: {replayed.withdrawals}. "
               f"Answers that agree to less: {replayed.narrowings}. "
               f"Stories held back, since something of them was withheld after it: {replayed.held_back}.")
    click.echo("Start web and worker. Everybody signs in again. Make new keys and invitations: none is brought back. "
               "Roles, passwords and passkeys are those of the day of the backup: look through them.")


def _here() -> Staging:
    return Staging(parts().settings.uploads_dir)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _is_known(revision: str) -> bool:
    try:
        return _scripts().get_revision(revision) is not None
    except CommandError:
        return False
