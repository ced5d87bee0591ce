"""What was carried away, and by whom, so that somebody can be told when it should not be used any more."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class ExportMade(Row):
    """A file that somebody was given. Nobody: the server's command line. `kind` is as in the audit."""

    __tablename__ = "export_made"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class ExportPart(Row):
    """A part of a story that was in it, by ids alone: they say nothing once the story is gone. `position` is its place
    in the file, from 1, and 0 of what could have been in it once and was left out.

    `stale_at` is when it should not be used any more, and `stale_because` why.
    """

    __tablename__ = "export_part"
    export_id: Mapped[str] = mapped_column(ForeignKey("export_made.id"), primary_key=True)
    part_id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)
    position: Mapped[int]
    stale_at: Mapped[datetime | None]
    stale_because: Mapped[str] = mapped_column(String(20), default="", server_default="")
