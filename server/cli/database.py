"""Bring the database up to the newest migration."""

from collections.abc import Iterator
from contextlib import contextmanager

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


def migrate(revision: str = "head") -> None:
    """Apply every migration up to this one that has not been applied, in one transaction each."""
    with _migrating() as config:
        command.upgrade(config, revision)


def migrate_back(revision: str) -> None:
    """Take back every migration after this one; `base` takes back all."""
    with _migrating() as config:
        command.downgrade(config, revision)


@contextmanager
def _migrating() -> Iterator[Config]:
    """SQLite makes a changed table anew, which would break what points at it: it looks at references afterwards."""
    config = alembic_config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        raw = connection.connection.driver_connection
        if raw is None or db.engine.dialect.name != "sqlite":
            yield config
            return
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield config
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows of {sorted({row[0] for row in broken})} point at rows that are not there")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Create or update the tables."""
    migrate()
    click.echo("The database is up to date.")
