"""Phones that collect, and how much of what they hold has not been sent."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class Device(Row):
    """`id` is made by the phone. `unsent` and `oldest_unsent_at` are what it said last."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    app_version: Mapped[str] = mapped_column(String(40), default="")
    unsent: Mapped[int] = mapped_column(default=0)
    unsent_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    oldest_unsent_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
