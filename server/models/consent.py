"""Consent as rows: the records, which only accumulate, and the decision that was made from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class ConsentRecord(Row):
    """One agreement. It arrives before its story does, so `story_id` points at nothing yet.

    `answers` maps each use to true or false. `sequence` is the order of arrival.
    """

    __tablename__ = "consent_record"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)
    wording_id: Mapped[str] = mapped_column(ForeignKey("consent_wording.id"))
    answers: Mapped[dict[str, Any]]
    how: Mapped[str] = mapped_column(String(20))
    for_whom: Mapped[str] = mapped_column(String(20))
    taken_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    given_at_phone: Mapped[datetime]
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]


class Clearance(Row):
    """The decision now: this content of this story may reach this audience. No row means no."""

    __tablename__ = "clearance"
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[str] = mapped_column(String(20), primary_key=True)


class Withdrawal(Row):
    """A story's end. It keeps no word of the story: who recorded it, when, and why they were told.

    `written_down_at` is when it was also written outside of the database, where no restored backup forgets it.
    `recorded_by` is nobody where that person came after the backup.
    """

    __tablename__ = "withdrawal"
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    receipt_code_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    at: Mapped[datetime]
    written_down_at: Mapped[datetime | None]


class Tombstone(Row):
    """The id of something withdrawn, kept so that a late copy is refused for ever."""

    __tablename__ = "tombstone"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("withdrawal.story_id"), index=True)


class Erasure(Row):
    """Stored bytes that nothing may keep any more, until the store has let go of them."""

    __tablename__ = "erasure"
    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    asked_at: Mapped[datetime]
