"""What could point at one family, and who looked at it before it was shown further."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256
from server.models.theme import ONE_TARGET, OnPart


class ReidentificationLook(OnPart, Row):
    """A part that could point at one family for this audience, by the hash of the facts that do so together, and who
    looked at it for these facts. It goes with the part."""

    __tablename__ = "reidentification_look"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    audience: Mapped[str] = mapped_column(String(20))
    facts_sha256: Mapped[str] = mapped_column(Sha256)
    warned_at: Mapped[datetime]
    looked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(ONE_TARGET, name="one_target"),
        UniqueConstraint("excerpt_id", "audience"),
        UniqueConstraint("quote_id", "audience"),
        UniqueConstraint("photo_id", "audience"),
        Index("ix_reidentification_look_project_id_audience_looked_at_id",
              "project_id", "audience", "looked_at", "id"),
    )
