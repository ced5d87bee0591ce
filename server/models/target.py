"""What a project hopes to hear, as numbers."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Row


class VoiceTarget(Row):
    """How many people or stories a project hopes to hear, as `counts` says, of one group, place, organisation or
    language. `value` is the id of the first and the third, and what the others are called."""

    __tablename__ = "voice_target"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(240), primary_key=True)
    counts: Mapped[str] = mapped_column(String(7))
    wanted: Mapped[int]
