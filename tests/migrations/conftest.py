"""Each migration is tried on rows that are there already, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import create_app
from server.cli.database import migrate, migrate_back
from server.db import db
from tests.migrations.old_rows import OldDatabase
from tests.migrations.revisions import Revisions, before

# Up to here nothing of them changes any more. On PostgreSQL they are tried in `make check`; each installation of a test
# takes all of them.
SETTLED = "test_0019"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name[:len(SETTLED)] <= SETTLED:
            item.add_marker(pytest.mark.slow_on_postgresql)


class Step:
    """One migration, for a test that is named after its file: from the revision before it to its own, and back."""

    def __init__(self, name: str) -> None:
        self.revision = name.removeprefix("test_")
        self.before = before(self.revision)

    def up(self) -> None:
        migrate(self.revision)

    def back(self) -> None:
        migrate_back(self.before or "base")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def revisions(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Revisions:
    postgres = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Revisions(tmp_path_factory.mktemp("revisions"), postgres)


@pytest.fixture
def old(step: Step, revisions: Revisions, tmp_path: Path) -> Iterator[OldDatabase]:
    """The database at the revision before the one that the test's file is named after."""
    settings = revisions.at(step.before, tmp_path)
    with create_app(settings).app_context():
        yield OldDatabase(db.engine)
        db.engine.dispose()
    revisions.give_back(settings)


@pytest.fixture
def step(request: pytest.FixtureRequest) -> Step:
    return Step(request.path.stem)
