"""The database handle, how each connection is opened, and the one commit of a successful request."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

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

# A database that vanished is given up after 20 seconds, instead of being waited for as long as TCP does.
_POSTGRES_ANSWERS = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2,
                     "tcp_user_timeout": 20_000}
# And when one of several machines vanishes, what it has locked is free for the others as soon.
_POSTGRES_NOTICES = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 2",
                     "tcp_user_timeout = 20000")


def engine_options(database_url: str) -> dict[str, Any]:
    """SQLAlchemy engine options for the database behind the URL."""
    # A failed statement is logged without its parameters, which are people's words.
    options = {"hide_parameters": True}
    if database_url.startswith("sqlite"):
        return options
    return options | {"pool_pre_ping": True, "connect_args": _POSTGRES_ANSWERS}


def normal_url(database_url: str) -> str:
    """The URL with the driver we ship: psycopg 3 for `postgres://` and `postgresql://`."""
    for prefix in ("postgres://", "postgresql://"):
        if database_url.startswith(prefix):
            return "postgresql+psycopg://" + database_url.removeprefix(prefix)
    return database_url


def prepare_engine(engine: Engine) -> None:
    """Give connections the settings they need. A writer takes SQLite's lock at BEGIN, so that none fails half-way."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _notice_when_we_vanish)
        return
    event.listen(engine, "do_connect", partial(_make_private, engine.url.database))

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


def _make_private(path: str | None, *_: Any) -> None:
    """Make the file of a new database so that its owner alone reads it; what SQLite puts beside it follows suit.

    A file that is there is never opened: closing it would give up the locks that SQLite has on it in this process.
    """
    if not path or path == ":memory:" or path.startswith("file:"):
        return
    with suppress(OSError):  # it is there, or SQLite says what is wrong
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _notice_when_we_vanish(connection: Any, _record: Any) -> None:
    for setting in _POSTGRES_NOTICES:
        connection.execute(f"SET {setting}")
    connection.commit()


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
        if response.status_code >= 400:
            db.session.rollback()
            return response
        try:
            db.session.commit()
        except SQLAlchemyError as error:
            # What was going to be answered is not so.
            db.session.rollback()
            return app.make_response(app.handle_user_exception(error))
        return response
