"""The order in which shared things changed, for devices that were away."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class Change(Row):
    """Something is not as it was: its newest change alone is kept, under a new number.

    `person_id` is there when the change concerns that person alone.
    """

    __tablename__ = "change"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(80))
    project_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_change_project_id_sequence", "project_id", "sequence"),
        {"sqlite_autoincrement": True},
    )
