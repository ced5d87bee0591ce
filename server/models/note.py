"""What the team writes beside the stories, for itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class Note(Row):
    """A note of one person on a thing: `kind` says what sort of thing, `subject_id` which. On a story or a part of one
    it goes with the story, `story_id`."""

    __tablename__ = "note"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    story_id: Mapped[str | None] = mapped_column(ForeignKey("story.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(Id, index=True)
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __table_args__ = (
        Index("ix_note_project_id_made_at_id", "project_id", "made_at", "id"),
        Index("ix_note_project_id_made_by_made_at_id", "project_id", "made_by", "made_at", "id"))
