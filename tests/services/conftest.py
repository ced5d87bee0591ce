"""Every service test runs on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.db import db


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    found = Settings.from_environment({"EARSHOT_DATA": str(tmp_path)})
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "earshot.sqlite3")
        return found
    return replace(found, database_url=request.getfixturevalue("postgres").fresh())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
