"""Installations that stand ready, empty: to make an app takes longer than most of these tests."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from server.app import create_app
from server.config import Settings
from server.jobs.enqueueing import attach
from server.parts import Parts
from server.storage.filesystem import FilesystemStore
from tests.databases import PostgresServer


@dataclass(frozen=True)
class _Ready:
    """`tables` is what the PostgreSQL said of its tables when it was new; empty on SQLite."""

    settings: Settings
    app: Flask
    tables: str


class Installations:
    """Each test has one to itself. It is emptied for the next one, unless its tables were changed."""

    def __init__(self, folder: Path, empty_sqlite: Path) -> None:
        self._folder, self._empty_sqlite = folder, empty_sqlite
        self._numbers = itertools.count(1)
        self._on_sqlite: list[_Ready] = []
        self._on_postgres: list[_Ready] = []
        self._lent: dict[Path, Flask] = {}

    @contextmanager
    def lent(self, postgres: PostgresServer | None) -> Iterator[Settings]:
        """An installation on this server, or on SQLite."""
        waiting = self._on_postgres if postgres else self._on_sqlite
        ready = waiting.pop() if waiting else self._made(postgres)
        settings = ready.settings
        self._lent[settings.data_dir] = ready.app
        yield settings
        del self._lent[settings.data_dir]
        shutil.rmtree(settings.data_dir)
        if postgres and postgres.tables_of(settings.database_url) != ready.tables:
            return postgres.drop(settings.database_url)
        if postgres:
            postgres.empty(settings.database_url)
        self._furnish(ready.app, settings)
        waiting.append(ready)

    def app_of(self, settings: Settings) -> Flask:
        """The app of an installation that is lent now."""
        return self._lent[settings.data_dir]

    def _made(self, postgres: PostgresServer | None) -> _Ready:
        settings, tables = Settings.from_environment({"EARSHOT_DATA": str(self._folder / str(next(self._numbers)))}), ""
        if postgres:
            settings = replace(settings, database_url=postgres.fresh())
            tables = postgres.tables_of(settings.database_url)
        app = create_app(settings)
        self._furnish(app, settings)
        return _Ready(settings, app, tables)

    def _furnish(self, app: Flask, settings: Settings) -> None:
        """Put into the folder what an app finds there when it starts."""
        settings.data_dir.mkdir(mode=0o700, exist_ok=True)
        if settings.database_url.startswith("sqlite"):
            shutil.copy(self._empty_sqlite, settings.data_dir / "earshot.sqlite3")
        store = FilesystemStore(settings.media_dir)
        app.extensions["earshot"] = Parts(settings=settings, store=store, brief_store=store)
        attach(app)
