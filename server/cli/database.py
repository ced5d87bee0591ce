"""Bring the database up to the newest migration."""

import click
from alembic import command
from alembic.config import Config
from flask.cli import with_appcontext

from server.config import ROOT
from server.db import db


def alembic_config() -> Config:
    """Alembic, told where our migrations are."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def migrate() -> None:
    """Apply every migration that has not been applied, in one transaction each."""
    config = alembic_config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Create or update the tables."""
    migrate()
    click.echo("The database is up to date.")
