"""Who read, heard, exported, changed and withdrew what: ids only, in a chain that shows where it was broken."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class AuditEntry(Row):
    """`hash` covers every other column and the hash before it. Triggers refuse to change or delete a row."""

    __tablename__ = "audit_entry"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(64))
    project_id: Mapped[str | None] = mapped_column(Id)
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(Sha256)
    hash: Mapped[str] = mapped_column(Sha256, unique=True)
    __table_args__ = (
        Index("ix_audit_entry_subject_id", "subject_id"),
        Index("ix_audit_entry_person_id_at", "person_id", "at"),
        {"sqlite_autoincrement": True},
    )
