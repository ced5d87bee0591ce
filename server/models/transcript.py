"""The words of a recording, one row a segment."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Dialect, Float, ForeignKey, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.transcript import Word
from server.models.row import Id, Row


class Words(TypeDecorator[tuple[Word, ...]]):
    """Words as JSON: a list of [text, start_ms, end_ms, probability]."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Word, ...] | None, dialect: Dialect) -> list[list[Any]] | None:
        if value is None:
            return None
        return [[word.text, word.start_ms, word.end_ms, word.probability] for word in value]

    def process_result_value(self, value: list[list[Any]] | None, dialect: Dialect) -> tuple[Word, ...] | None:
        return None if value is None else tuple(Word(*word) for word in value)


class Transcript(Row):
    __tablename__ = "transcript"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"), unique=True)
    language: Mapped[str] = mapped_column(String(10))
    language_probability: Mapped[float | None] = mapped_column(Float)
    model: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    segments: Mapped[list["TranscriptSegment"]] = relationship(
        order_by="TranscriptSegment.position", cascade="all, delete-orphan"
    )


class TranscriptWindow(Row):
    """What was heard in one window of a recording that is still being transcribed: where to go on after a crash."""

    __tablename__ = "transcript_window"
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(10))
    language_probability: Mapped[float | None] = mapped_column(Float)
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    words: Mapped[tuple[Word, ...]] = mapped_column(Words)


class TranscriptSegment(Row):
    __tablename__ = "transcript_segment"
    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    position: Mapped[int]
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[tuple[Word, ...]] = mapped_column(Words)
    __table_args__ = (UniqueConstraint("transcript_id", "position"),)
