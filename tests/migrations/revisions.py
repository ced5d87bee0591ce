"""Databases without a row as they were at each revision: each is made once, from the one before it, and copied."""

import shutil
from dataclasses import replace
from pathlib import Path

from alembic.script import ScriptDirectory

from server.app import create_app
from server.cli.database import alembic_config, migrate
from server.config import Settings
from server.db import db
from tests.databases import PostgresServer

_FILE = "earshot.sqlite3"


def before(revision: str) -> str | None:
    """The revision that comes before this one; None before the first."""
    found = ScriptDirectory.from_config(alembic_config()).get_revision(revision).down_revision
    return str(found) if found else None


class Revisions:
    """Those of one kind of database: on this server, or on SQLite."""

    def __init__(self, folder: Path, postgres: PostgresServer | None) -> None:
        self._folder, self._postgres = folder, postgres
        self._made: dict[str, Settings] = {}

    def at(self, revision: str | None, folder: Path) -> Settings:
        """An installation in this folder whose database is at this revision; None is before the first."""
        settings = Settings.from_environment({"EARSHOT_DATA": str(folder)})
        like = self._like(revision) if revision else None
        if self._postgres:
            return replace(settings, database_url=self._postgres.copy_of(like.database_url) if like
                           else self._postgres.blank())
        if like:
            shutil.copy(like.data_dir / _FILE, folder / _FILE)
        return settings

    def give_back(self, settings: Settings) -> None:
        if self._postgres:
            self._postgres.drop(settings.database_url)

    def _like(self, revision: str) -> Settings:
        """What is copied."""
        if revision not in self._made:
            folder = self._folder / revision
            folder.mkdir()
            settings = self.at(before(revision), folder)
            with create_app(settings).app_context():
                migrate(revision)
                db.engine.dispose()
            self._made[revision] = settings
        return self._made[revision]
