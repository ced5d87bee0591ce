"""Inserting a row so that the database alone says whether it is new, however many try at once."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.models.row import Row


def insert_once(session: Session, owner: type[Row], unique: InstrumentedAttribute[str], **values: Any) -> bool:
    """Insert a row unless one with the same `unique` value is there; whether it was inserted.

    Raises IntegrityError for anything else that keeps it out.
    """
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(owner).values(**values).on_conflict_do_nothing(index_elements=[unique]).returning(unique)
    return session.scalar(statement) is not None
