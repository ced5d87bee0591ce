"""Installations that stand ready, empty: to make an app takes longer than most of these tests."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
    config: dict[str, Any]
    tables: str


class Installations:
    """Each test has one to itself. It is emptied for the next one, unless its tables were changed."""

    def __init__(self, folder: Path, empty_sqlite: Path) -> None:
        self._folder, self._empty_sqlite = folder, empty_sqlite
        self._numbers = itertools.count(1)
        self._on_sqlite: list[_Ready] = []
        self._on_postgres: list[_Ready] = []
        self._lent: dict[Settings, Flask] = {}

    @contextmanager
    def lent(self, postgres: PostgresServer | None) -> Iterator[Settings]:
        """Settings of an installation on this server, or on SQLite."""
        waiting = self._on_postgres if postgres else self._on_sqlite
        ready = waiting.pop() if waiting else self._made(postgres)
        settings = ready.settings
        self._lent[settings] = ready.app
        yield settings
        del self._lent[settings]
        shutil.rmtree(settings.data_dir)
        if postgres and postgres.tables_of(settings.database_url) != ready.tables:
            return postgres.drop(settings.database_url)
        if postgres:
            postgres.empty(settings.database_url)
        self._furnish(ready)
        waiting.append(ready)

    def app_of(self, settings: Settings) -> Flask:
        """The app of an installation that is lent now, or one for settings that a test changed."""
        return self._lent[settings] if settings in self._lent else create_app(settings)

    def _made(self, postgres: PostgresServer | None) -> _Ready:
        found, tables = Settings.from_environment({"EARSHOT_DATA": str(self._folder / str(next(self._numbers)))}), ""
        settings = replace(found, whisper_dir=Settings.from_environment().whisper_dir)
        if postgres:
            settings = replace(settings, database_url=postgres.fresh())
            tables = postgres.tables_of(settings.database_url)
        app = create_app(settings)
        ready = _Ready(settings, app, dict(app.config), tables)
        self._furnish(ready)
        return ready

    def _furnish(self, ready: _Ready) -> None:
        """Put into the folder what an app finds there when it starts, and let the app start anew."""
        app, settings = ready.app, ready.settings
        settings.data_dir.mkdir(mode=0o700, exist_ok=True)
        if settings.database_url.startswith("sqlite"):
            shutil.copy(self._empty_sqlite, settings.data_dir / "earshot.sqlite3")
        store = FilesystemStore(settings.media_dir)
        app.extensions["earshot"] = Parts(settings=settings, store=store, brief_store=store)
        attach(app)
        caught_up = app.extensions["earshot_catching_up"]
        caught_up.done, caught_up.waiting = False, []
        app.config.clear()
        app.config.update(ready.config)
