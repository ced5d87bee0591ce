"""Work to do, and each try at it. The database is the truth about what is left."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.models.row import Id, Row


class Job(Row):
    """`subject_id` is what the work is about: a recording, a photo, an excerpt, a hash.

    `fence` grows with each attempt; a result is written only by the attempt that still holds it. `place` is the staging
    place whose machine alone can do the work.
    """

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    story_id: Mapped[str | None] = mapped_column(Id, index=True)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    place: Mapped[str | None] = mapped_column(Id)
    fence: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.fence", cascade="all, delete-orphan")
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)


class Attempt(Row):
    __tablename__ = "attempt"
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    fence: Mapped[int] = mapped_column(primary_key=True)
    worker: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(Text)
