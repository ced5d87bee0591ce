"""The words of a recording: what a machine wrote, what people made of it, and what they have heard of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Dialect,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)
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
    """One machine version of a recording's words, the `number`-th, with the corrections made to it since.

    `version` counts the corrections, so 0 is what the machine wrote. One of a recording's is current: what people read.
    """

    __tablename__ = "transcript"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    is_current: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    language: Mapped[str] = mapped_column(String(10))
    language_probability: Mapped[float | None] = mapped_column(Float)
    model: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    segments: Mapped[list["TranscriptSegment"]] = relationship(
        order_by="TranscriptSegment.position", cascade="all, delete-orphan"
    )
    __table_args__ = (
        UniqueConstraint("recording_id", "number"),
        Index("uq_transcript_current", "recording_id", unique=True, sqlite_where=text("is_current"),
              postgresql_where=text("is_current")),
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
    """A segment as it is now. It keeps its id where its words stay: a split leaves it to the first half, a merge to the
    first of the two. `language` is empty where it is the transcript's. A speaker that is `speaker_suggested` is a
    machine's guess."""

    __tablename__ = "transcript_segment"
    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    position: Mapped[int]
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[tuple[Word, ...]] = mapped_column(Words)
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    speaker_id: Mapped[str | None] = mapped_column(ForeignKey("speaker.id"), index=True)
    speaker_suggested: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (UniqueConstraint("transcript_id", "position"),)


class Correction(Row):
    """One edit by a person, the `number`-th of its transcript. Nothing is ever taken out of this log but by erasure.

    `before` and `after` are whole segments, each a list: id, start_ms, end_ms, text, words, language, speaker_id,
    speaker_suggested; they took each other's place from `position` on. `undoes` is the number of the correction that
    this one takes back.
    """

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"))
    number: Mapped[int]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    undoes: Mapped[int | None]
    position: Mapped[int]
    before: Mapped[list[Any]]
    after: Mapped[list[Any]]
    __table_args__ = (UniqueConstraint("transcript_id", "number"),)


class Speaker(Row):
    """Somebody who speaks in a story. Until they have a `name` they are "Speaker" and their `label`."""

    __tablename__ = "speaker"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"))
    label: Mapped[int]
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    made_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("story_id", "label"),)


class HeardStretch(Row):
    """A stretch of a transcript that a person listened to, or whose words they corrected: then `correction_number`
    says in which correction."""

    __tablename__ = "heard_stretch"
    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    how: Mapped[str] = mapped_column(String(10))
    correction_number: Mapped[int | None]
    heard_at: Mapped[datetime]


class Translation(Row):
    """A machine's English for a transcript, beside it. `passages` is a list of [start_ms, end_ms, text]."""

    __tablename__ = "translation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcript.id"), unique=True)
    model: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    passages: Mapped[list[Any]]
