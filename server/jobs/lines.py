"""Huey's three ways to carry work, by one address: a SQLite file, PostgreSQL, or Redis."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from redis import ConnectionPool, RedisError
from sqlalchemy.engine import make_url

_ANSWER_SECONDS = 5
# A machine that vanished is noticed, instead of being listened to for ever.
_POSTGRES = {"connect_timeout": _ANSWER_SECONDS, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
             "tcp_user_timeout": 20_000, "application_name": "earshot queue"}

# What Huey makes where it is not there yet, each by itself. "If not exists" does not keep two processes apart: which of
# these the later one is told depends on how far the other was.
_TABLES_AND_INDEXES = 6
_MADE_AT_THE_SAME_MOMENT = (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject,
                            psycopg.errors.DuplicateTable)


class Readable(Serializer):  # type: ignore[misc]
    """Messages as JSON. Whoever can write to the queue can name jobs, and not run code as with Huey's own pickles."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


@dataclass(frozen=True)
class Carrier:
    """`open` gives the line of a name; whatever it and its line raise, when they cannot carry, is one of `failures`."""

    open: Callable[[str], Huey]
    failures: tuple[type[Exception], ...]


def carrier(url: str) -> Carrier:
    """Who carries work at `sqlite:///file`, `postgresql://…` or `redis://…`. Raises ValueError for other addresses."""
    scheme = url.partition(":")[0].partition("+")[0]
    match scheme:
        case "sqlite":
            return Carrier(_sqlite(url), (sqlite3.Error, OSError))
        case "postgres" | "postgresql":
            return Carrier(_postgres(url), (psycopg.Error, OSError))
        case "redis" | "rediss" | "unix":
            return Carrier(_redis(url), (RedisError, OSError))
    raise ValueError("QUEUE_URL begins with sqlite:///, postgresql:// or redis://")


def _sqlite(url: str) -> Callable[[str], Huey]:
    path = Path(make_url(url).database or "queue.sqlite3").resolve()

    def opened(name: str) -> Huey:
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(name, filename=str(path), results=False, serializer=Readable())

    return opened


def _postgres(url: str) -> Callable[[str], Huey]:
    dsn = "postgresql:" + url.partition(":")[2]

    def opened(name: str) -> Huey:
        for _ in range(_TABLES_AND_INDEXES):
            with suppress(*_MADE_AT_THE_SAME_MOMENT):
                return PostgresHuey(name, dsn=dsn, results=False, serializer=Readable(), **_POSTGRES)
        return PostgresHuey(name, dsn=dsn, results=False, serializer=Readable(), **_POSTGRES)

    return opened


def _redis(url: str) -> Callable[[str], Huey]:
    pool = ConnectionPool.from_url(url, socket_connect_timeout=_ANSWER_SECONDS, socket_timeout=_ANSWER_SECONDS,
                                   health_check_interval=30)
    return lambda name: RedisHuey(name, connection_pool=pool, results=False, serializer=Readable())
