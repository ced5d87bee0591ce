"""What somebody puts together out of the library: a search that is kept, or a set that was chosen by hand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row
from server.models.theme import OnPart

_ONE_TARGET = " + ".join(
    f"(CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END)" for name in ("excerpt", "quote", "photo", "story")) + " = 1"


class Collection(Row):
    """`query` is what a kept search asks for, as it stands in an address; it is empty for a set."""

    __tablename__ = "collection"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    name: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(10))
    query: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __table_args__ = (Index("ix_collection_project_id_changed_at_id", "project_id", "changed_at", "id"),)


class CollectionItem(OnPart, Row):
    """A part of a story in a set, or a whole story; each once. It goes with what it names."""

    __tablename__ = "collection_item"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), index=True)
    position: Mapped[int]
    story_id: Mapped[str | None] = mapped_column(ForeignKey("story.id"), index=True)
    __table_args__ = (
        CheckConstraint(_ONE_TARGET, name="one_target"),
        UniqueConstraint("collection_id", "excerpt_id"),
        UniqueConstraint("collection_id", "quote_id"),
        UniqueConstraint("collection_id", "photo_id"),
        UniqueConstraint("collection_id", "story_id"),
    )


class CollectionShare(Row):
    """Somebody with whom its maker shares it, and whether they may change it too."""

    __tablename__ = "collection_share"
    collection_id: Mapped[str] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    may_change: Mapped[bool] = mapped_column(default=False, server_default="0")
    shared_at: Mapped[datetime]
