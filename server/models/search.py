"""What can be searched. All of it is made of the stories, and can be made again.

What looks words up is beside these tables: `search_text`, an FTS5 table on SQLite and a GIN index on PostgreSQL.
"""

from typing import Any

from sqlalchemy import BigInteger, Dialect, ForeignKey, Integer, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from server.models.row import Id, Row

Number = BigInteger().with_variant(Integer(), "sqlite")


class Tokens(TypeDecorator[tuple[str, ...]]):
    """Words in order, none with a space in it: as text between spaces for SQLite, as a tsvector for PostgreSQL. They
    are looked up, and never read."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return None if value is None else " ".join(value)
        # Written out (PostgreSQL 8.11.1), since to_tsvector would fold and cut words by rules of its own.
        places: dict[str, list[int]] = {}
        for place, token in enumerate(value, start=1):
            places.setdefault(token, []).append(place)
        return " ".join(f"{quoted(token)}:{','.join(map(str, found))}" for token, found in places.items())


def quoted(token: str) -> str:
    """A word as PostgreSQL reads it in a tsvector and a tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


class SearchStory(Row):
    """A story that can be searched, by the `rules` of that number. `number` is its place among all stories: what was
    told later has a higher one."""

    __tablename__ = "search_story"
    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), unique=True)
    rules: Mapped[int]


class SearchPassage(Row):
    """Words that belong together, as they are shown: what can be found. `part_id` is the recording that says it, with
    its `segment_id`, or the quote, photo or excerpt.

    Whatever is newer, or comes earlier in its story, has the higher id: an index of words gives them newest first.
    `made_of` is a hash of all the rest.
    """

    __tablename__ = "search_passage"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    part_id: Mapped[str] = mapped_column(Id)
    segment_id: Mapped[int | None]
    made_of: Mapped[str] = mapped_column(String(16))
    tokens: Mapped[tuple[str, ...]] = mapped_column(Tokens)
