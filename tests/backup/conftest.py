"""An installation with something of everything, and empty places to bring it back to, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import Settings
from server.db import db
from tests.backup.holdings import Holdings

Places = Callable[[str], Settings]


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """Settings of a new installation in a folder of its own, its database made and empty."""

    def settings(engine: str) -> Settings:
        folder = tmp_path / f"{engine}-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        found = Settings.from_environment({"EARSHOT_DATA": str(folder)})
        if engine == "postgresql":
            return replace(found, database_url=request.getfixturevalue("new_postgres")())
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "earshot.sqlite3")
        return found

    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """The installation, with nobody else connected before or afterwards."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def run(settings: Settings, *arguments: str):
    """A command of an operator."""
    with opened(settings) as app:
        return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture(params=["sqlite", "postgresql"])
def holdings(request: pytest.FixtureRequest, places: Places) -> Iterator[Holdings]:
    """What is backed up, with nobody connected to it."""
    settings = places(request.param)
    with opened(settings) as app:
        found = Holdings(app, db.session())
    return found


@pytest.fixture
def other_engine(holdings: Holdings) -> str:
    return "postgresql" if holdings.settings.database_url.startswith("sqlite") else "sqlite"


def session_of(app: Flask) -> Session:
    return db.session()
