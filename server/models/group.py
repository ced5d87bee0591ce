"""The groups whose voices a project hopes to hear, and what people said of themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class Group(Row):
    """A group of a project, such as "Young carers". `name_key` is the name folded. A retired one keeps what was said,
    and nobody is asked about it any more."""

    __tablename__ = "voice_group"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    position: Mapped[int]
    retired_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("project_id", "name_key"),)


class SelfDescription(Row):
    """What one of those who told a story said of themselves, in `own_words`, which may be empty where they chose groups
    alone. Whoever said nothing has none."""

    __tablename__ = "self_description"
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    own_words: Mapped[str] = mapped_column(Text)


class Belonging(Row):
    """A group that somebody said they belong to. They may have said so of several."""

    __tablename__ = "belonging"
    participant_id: Mapped[str] = mapped_column(ForeignKey("self_description.participant_id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("voice_group.id"), primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    __table_args__ = (Index("ix_belonging_group_id_story_id", "group_id", "story_id"),)
