"""The database handle, how each connection is opened, and the one commit of a successful request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, text

from server.models import Row

db = SQLAlchemy(metadata=Row.metadata)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_PATIENCE_MS = 15_000
_BRIEF_MS = 3_000
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_PATIENCE_MS}",
    "PRAGMA secure_delete=ON",
)


def engine_options(database_url: str) -> dict[str, Any]:
    """SQLAlchemy engine options for the database behind the URL."""
    # A failed statement is logged without its parameters, which are people's words.
    return {"hide_parameters": True, "pool_pre_ping": not database_url.startswith("sqlite")}


def normal_url(database_url: str) -> str:
    """The URL with the driver we ship: psycopg 3 for `postgres://` and `postgresql://`."""
    for prefix in ("postgres://", "postgresql://"):
        if database_url.startswith(prefix):
            return "postgresql+psycopg://" + database_url.removeprefix(prefix)
    return database_url


def prepare_engine(engine: Engine) -> None:
    """Give SQLite the settings it needs. A writer takes its lock at BEGIN, so that none fails half-way."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        only_reads = connection.get_execution_options().get("only_reads")
        if only_reads is None:
            only_reads = has_request_context() and request.method in SAFE_METHODS
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


@contextmanager
def open_to_write() -> Iterator[Connection]:
    """One transaction beside the request's own. It writes at once, and waits for other writers for seconds only.

    Raises SQLAlchemyError when the database cannot take it.
    """
    with db.engine.connect().execution_options(only_reads=False) as connection:
        raw: Any = connection.connection.driver_connection
        if db.engine.dialect.name != "sqlite":
            with connection.begin():
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_BRIEF_MS}")
                yield connection
            return
        raw.execute(f"PRAGMA busy_timeout={_BRIEF_MS}")
        try:
            with connection.begin():
                yield connection
        finally:
            raw.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")


def require_answer() -> None:
    """Raises SQLAlchemyError when the database does not answer."""
    db.session().execute(text("select 1"))


def init_db(app: Flask) -> None:
    """Attach the handle to the app and commit once after every request that succeeded."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)

    @app.after_request
    def _commit(response: Response) -> Response:
        if response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return response
