"""Passages, themes, and which theme is on what."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from server.domain.theme import Taggable
from server.domain.transcript import Word
from server.models.row import Id, Row, Sha256
from server.models.transcript import Words

ONE_TARGET = (
    "(CASE WHEN excerpt_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN quote_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN photo_id IS NULL THEN 0 ELSE 1 END) = 1"
)


class Excerpt(Row):
    """A passage of a transcript, with its times. Its words stay as they were when it was made.

    It is a draft until every word of it was heard by somebody: `quotable_at`. Where the transcript says something else
    there since, `changed_at` flags it, and `changed_text` and `changed_words` are what it says now.
    """

    __tablename__ = "excerpt"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"), index=True)
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[tuple[Word, ...]] = mapped_column(Words)
    clip_sha256: Mapped[str | None] = mapped_column(Sha256, index=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    text_sha256: Mapped[str] = mapped_column(Sha256)
    quotable_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    changed_text: Mapped[str | None] = mapped_column(Text)
    changed_words: Mapped[tuple[Word, ...] | None] = mapped_column(Words(none_as_null=True))
    __table_args__ = (
        UniqueConstraint("recording_id", "start_ms", "end_ms"),
        Index("ix_excerpt_changed_at", "changed_at", sqlite_where=sql("changed_at IS NOT NULL"),
              postgresql_where=sql("changed_at IS NOT NULL")),
    )


class Theme(Row):
    """`name_key` is the name folded, so that "Waiting" and "waiting" are one theme.

    It stands under its parent, or at the top, in the order of `position` and then of names. `colour` is the name of one
    in the palette, `kind` what sort of thing it is about, a need or an asset. A retired one keeps its taggings and is
    put on nothing more; one that was merged says into which.
    """

    __tablename__ = "theme"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    colour: Mapped[str] = mapped_column(String(20), default="", server_default="")
    kind: Mapped[str] = mapped_column(String(10), default="", server_default="")
    when_to_use: Mapped[str] = mapped_column(Text, default="", server_default="")
    when_not: Mapped[str] = mapped_column(Text, default="", server_default="")
    example: Mapped[str] = mapped_column(Text, default="", server_default="")
    retired_at: Mapped[datetime | None]
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id"), index=True)
    __table_args__ = (UniqueConstraint("project_id", "name_key"),)


class ThemeChange(Row):
    """One change to a theme, as `kind` calls it: what of it was what before, and is after. Nothing is ever taken out of
    this log."""

    __tablename__ = "theme_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class OnPart:
    """Columns of a row that is about one excerpt, quote or photo."""

    excerpt_id: Mapped[str | None] = mapped_column(ForeignKey("excerpt.id"), index=True)
    quote_id: Mapped[str | None] = mapped_column(ForeignKey("quote.id"), index=True)
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("photo.id"), index=True)

    @property
    def part_id(self) -> str:
        return self.excerpt_id or self.quote_id or self.photo_id or ""

    @classmethod
    def column_of(cls, kind: Taggable) -> "InstrumentedAttribute[str | None]":
        """The column that points at a part of this kind."""
        return {Taggable.EXCERPT: cls.excerpt_id, Taggable.QUOTE: cls.quote_id, Taggable.PHOTO: cls.photo_id}[kind]


class Tagging(OnPart, Row):
    """A theme that one person put on an excerpt, quote or photo; on a part of a photo where it has a `region`:
    "left,top,width,height", in thousandths of its width and height."""

    __tablename__ = "tagging"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id"), index=True)
    tagged_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    tagged_at: Mapped[datetime]
    region: Mapped[str] = mapped_column(String(23), default="", server_default="")
    __table_args__ = (
        CheckConstraint(ONE_TARGET, name="one_target"),
        UniqueConstraint("theme_id", "excerpt_id", "tagged_by"),
        UniqueConstraint("theme_id", "quote_id", "tagged_by"),
        UniqueConstraint("theme_id", "photo_id", "region", "tagged_by"),
        Index("ix_tagging_tagged_by_tagged_at", "tagged_by", "tagged_at"),
    )
