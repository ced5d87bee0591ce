"""Rows as JSON that either database can take back: moments as ISO 8601, bytes as base64, all else as JSON has it."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    column,
    func,
    insert,
    select,
    table,
    type_coerce,
)
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import TypeEngine

from server.backup.folder import Backup
from server.models.row import Instant, Row

# What lets somebody in is not brought back, since it may have been taken away after the backup: people sign in again,
# and get keys and invitations anew. Nor is it said which machines stage files now. Vectors, and what
# looks words up, are made of words that are in the backup, and the sweep makes them again.
LEFT_OUT = frozenset({"signed_in", "sign_in_link", "sign_in_challenge", "sign_in_attempt", "access_key", "invitation",
                      "staging_place", "device_use", "receipt_visit", "passage_vectors", "search_story",
                      "search_passage"})
_TYPES: dict[str, TypeEngine[Any]] = {
    "instant": Instant(), "bytes": LargeBinary(), "json": JSON(), "boolean": Boolean(), "integer": BigInteger(),
    "float": Float(), "text": String()}
_AT_ONCE = 500


def tables() -> list[Table]:
    """What is kept in a backup, those first that others point at."""
    return [found for found in Row.metadata.sorted_tables if found.name not in LEFT_OUT]


def kinds(found: Table) -> dict[str, str]:
    """What kind of value each column holds."""
    return {item.name: _kind(item) for item in found.columns}


def lines(connection: Connection, found: Table) -> Iterator[bytes]:
    """Every row of a table, one line of JSON each, in the order of its key."""
    columns: list[ColumnElement[Any]] = [
        type_coerce(item, JSON()).label(item.name) if _kind(item) == "json" else item for item in found.columns]
    query = select(*columns).order_by(*found.primary_key.columns)
    known = kinds(found)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        content = {name: _to_json(known[name], value) for name, value in row._mapping.items()}
        yield json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(connection: Connection, backup: Backup) -> None:
    """Put every row back into tables that are there and empty, then have numbers go on after the highest."""
    there = MetaData()
    there.reflect(connection, only=list(backup.manifest.tables))
    for found in there.sorted_tables:
        _load(connection, backup, found.name)
    if connection.dialect.name == "postgresql":
        for found in there.sorted_tables:
            _go_on_counting(connection, found)


def _load(connection: Connection, backup: Backup, name: str) -> None:
    known: dict[str, str] = backup.manifest.tables[name]["columns"]
    into = insert(table(name, *(column(item, _TYPES[kind]) for item, kind in known.items())))
    waiting: list[dict[str, Any]] = []
    for row in backup.lines(name):
        waiting.append({item: _from_json(known[item], value) for item, value in row.items()})
        if len(waiting) == _AT_ONCE:
            connection.execute(into, waiting)
            waiting = []
    if waiting:
        connection.execute(into, waiting)


def _go_on_counting(connection: Connection, found: Table) -> None:
    for item in found.primary_key.columns:
        if isinstance(item.type, Integer) and "nextval" in str(getattr(item.server_default, "arg", "")):
            highest = select(func.max(item)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(f'"{found.name}"', item.name)
            connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def _kind(item: Column[Any]) -> str:
    found = item.type
    if isinstance(found, Instant):
        return "instant"
    if isinstance(found, TypeDecorator):
        found = found.impl_instance
    for kind in ("bytes", "json", "boolean", "float"):
        if isinstance(found, type(_TYPES[kind])):
            return kind
    return "integer" if isinstance(found, Integer) else "text"


def _to_json(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "instant":
        return value.isoformat()
    return base64.b64encode(value).decode() if kind == "bytes" else value


def _from_json(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "instant":
        return datetime.fromisoformat(value)
    return base64.b64decode(value) if kind == "bytes" else value
