"""The migrations and the models say the same, on both databases."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from server.app import create_app
from server.cli.database import alembic_config, migrate, migrate_back
from server.config import Settings
from server.db import db
from server.models import Row

# On each database something else, which no model can say: `server/models/search.py`.
LOOKS_WORDS_UP = "search_text"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an installation without a single table, or of a migrated PostgreSQL."""
    found = Settings.from_environment({"EARSHOT_DATA": str(tmp_path)})
    if request.param == "sqlite":
        return found
    return replace(found, database_url=request.getfixturevalue("new_postgres")())


def test_after_every_migration_the_tables_are_those_of_the_models(settings: Settings) -> None:
    with create_app(settings).app_context():
        migrate()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={
                "compare_type": True, "include_name": lambda name, *_: not (name or "").startswith(LOOKS_WORDS_UP)})
            assert compare_metadata(context, Row.metadata) == []
        db.engine.dispose()


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    with create_app(settings).app_context():
        migrate()
        before = sorted(inspect(db.engine).get_table_names())
        migrate()
        assert sorted(inspect(db.engine).get_table_names()) == before
        db.engine.dispose()


def test_every_migration_can_be_taken_back(settings: Settings) -> None:
    with create_app(settings).app_context():
        migrate()
        migrate_back("base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        db.engine.dispose()


def test_every_revision_is_called_as_its_file_and_they_form_one_line() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    revisions = list(scripts.walk_revisions())
    assert [Path(revision.path).stem for revision in revisions] == [revision.revision for revision in revisions]
    assert len(scripts.get_heads()) == 1
    numbers = sorted(int(revision.revision.split("_")[0]) for revision in revisions)
    assert numbers == list(range(1, len(numbers) + 1))
