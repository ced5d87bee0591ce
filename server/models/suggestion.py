"""Passages as numbers, to find those that are alike, and what people made of what was suggested."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class PassageVectors(Row):
    """The passages of one recording or quote, as numbers. It is made of words and can be made of them again.

    `source_id` is the recording's or the quote's; `version` says which words they are of: a transcript and how many
    corrections, or nothing for a quote, which never changes. `text_sha256` is of all their texts as they were shown to
    the model, so with nothing that is withheld. `places` is a list of [start_ms, end_ms], and [0, 0] alone for a quote;
    `vectors` has as many vectors as that, one after another, as `server/embedding` writes them.
    """

    __tablename__ = "passage_vectors"
    source_id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    model: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(60))
    text_sha256: Mapped[str] = mapped_column(Sha256)
    places: Mapped[list[Any]]
    vectors: Mapped[bytes] = mapped_column(LargeBinary)


class SuggestionAnswer(Row):
    """What a person made of a passage that was suggested for a theme: `taken` or `dismissed`."""

    __tablename__ = "suggestion_answer"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id"))
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    source_id: Mapped[str] = mapped_column(Id)
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    answer: Mapped[str] = mapped_column(String(10))
    answered_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("theme_id", "source_id", "start_ms", "end_ms"),)
