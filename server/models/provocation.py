"""A question put to a board, and the evidence it rests on, in order."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.models.row import Id, Row
from server.models.theme import ONE_TARGET, OnPart


class Provocation(Row):
    """A board sees it once it is `published_at`."""

    __tablename__ = "provocation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    question: Mapped[str] = mapped_column(String(300))
    introduction: Mapped[str] = mapped_column(Text, default="")
    content_note: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.position", cascade="all, delete-orphan")


class Evidence(OnPart, Row):
    __tablename__ = "evidence"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    provocation_id: Mapped[str] = mapped_column(ForeignKey("provocation.id"), index=True)
    position: Mapped[int]
    __table_args__ = (
        CheckConstraint(ONE_TARGET, name="one_target"),
        UniqueConstraint("provocation_id", "excerpt_id"),
        UniqueConstraint("provocation_id", "quote_id"),
        UniqueConstraint("provocation_id", "photo_id"),
    )
