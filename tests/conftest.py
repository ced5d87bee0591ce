"""An app on a real database in a folder of its own, and people who can sign in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.app import create_app
from server.auth import COOKIE
from server.cli.database import migrate
from server.config import Settings
from server.db import db
from server.models.people import Person
from server.services import sign_in
from tests.buckets import S3Server
from tests.databases import PostgresServer
from tests.installations import Installations
from tests.redises import RedisServer

# A failure prints what repeats it. Machines differ in speed, so no example has a deadline.
hypothesis.settings.register_profile("usual", deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("usual")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL `make test` runs the first of a test's examples, since they seldom differ in what they ask of a
    database, and none of a test that is `slow_on_postgresql`. `make check` runs them all."""
    seen = set()
    for item in items:
        if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
            continue
        if "postgresql" in item.callspec.params.values():
            test = item.path, item.originalname
            if test in seen or item.get_closest_marker("slow_on_postgresql"):
                item.add_marker(pytest.mark.slow)
            seen.add(test)


class Browser(FlaskClient):
    """A client that sends what a browser on our own pages sends."""

    csrf_token = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Origin", "http://localhost")
        if self.csrf_token:
            headers.setdefault("X-CSRF-Token", self.csrf_token)
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, to copy."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(Settings.from_environment({"EARSHOT_DATA": str(folder)}))
    with app.app_context():
        migrate()
        db.engine.dispose()
    return folder / "earshot.sqlite3"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL with a migrated database to copy."""
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture
def new_postgres(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """Gives the URL of an empty, migrated database of its own, as often as it is called."""
    given: list[str] = []

    def new() -> str:
        given.append(postgres.fresh())
        return given[-1]

    yield new
    for url in given:
        postgres.drop(url)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A real Redis. Whoever stops it starts it again."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server. Tests that use it belong to the xdist group "s3", so that there is one for the whole run."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def installations(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Installations:
    return Installations(tmp_path_factory.mktemp("installations"), empty_sqlite)


@pytest.fixture
def settings(installations: Installations) -> Iterator[Settings]:
    """Settings of an installation in a folder of this test, on SQLite."""
    with installations.lent(None) as settings:
        yield settings


@pytest.fixture
def data_dir(settings: Settings) -> Path:
    """The folder of the installation, for another process to use too."""
    return settings.data_dir


@pytest.fixture
def app(settings: Settings, installations: Installations) -> Iterator[Flask]:
    """The app on a fresh database."""
    app = installations.app_of(settings)
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The app's session, to prepare and look at rows. Commit what a request should see."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in_as(app: Flask) -> Callable[[Person], Browser]:
    """A browser in which this person is signed in."""

    def signed_in(person: Person) -> Browser:
        token = sign_in.start(db.session(), person)
        found = sign_in.who_is(db.session(), token)
        db.session.commit()
        browser = app.test_client()
        browser.set_cookie(COOKIE, token)
        browser.csrf_token = found.csrf_token
        return browser

    return signed_in
