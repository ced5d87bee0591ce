"""Phones that collect, how much of what they hold has not been sent, and what was used to sign in on them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class Device(Row):
    """`id` is made by the phone. `unsent` and `oldest_unsent_at` are what it said last, also once it is revoked.

    It has acted on every change up to `read_up_to`, as far as it said.
    """

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
    read_up_to: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class DeviceUse(Row):
    """A session or a key that was used on a phone, by its hash. Both end when the phone is revoked.

    The phone may not have said yet what it is, and the session may be over.
    """

    __tablename__ = "device_use"
    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(Sha256, primary_key=True, index=True)
