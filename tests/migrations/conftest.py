"""Each migration is tried on rows that are there already, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from server.app import create_app
from server.cli.database import alembic_config, migrate, migrate_back
from server.config import Settings
from server.db import db
from tests.databases import PostgresServer
from tests.migrations.old_rows import OldDatabase


class Step:
    """One migration, for a test that is named after its file: from the revision before it to its own, and back."""

    def __init__(self, name: str) -> None:
        self.revision = name.removeprefix("test_")
        found = ScriptDirectory.from_config(alembic_config()).get_revision(self.revision)
        self.before = str(found.down_revision) if found.down_revision else None

    def up(self) -> None:
        migrate(self.revision)

    def back(self) -> None:
        migrate_back(self.before or "base")


@pytest.fixture
def blank_postgres(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database without a single table."""
    url = postgres.blank()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OldDatabase]:
    """The database at the revision before the one that the test's file is named after."""
    settings = Settings.from_environment({"EARSHOT_DATA": str(tmp_path)})
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("blank_postgres"))
    with create_app(settings).app_context():
        before = Step(request.path.stem).before
        if before:
            migrate(before)
        yield OldDatabase(db.engine)
        db.engine.dispose()


@pytest.fixture
def step(request: pytest.FixtureRequest) -> Step:
    return Step(request.path.stem)
