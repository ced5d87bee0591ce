"""Files on their way in, piece by piece (tus 1.0), and the folders in which they are staged."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class Upload(Row):
    """`offset` never says more than is safely on disk. `part_id` is the id the phone gave the recording or photo.

    `staged_on` is the staging place whose disk has the bytes; none before the first of them. The story may not have
    come yet.
    """

    __tablename__ = "upload"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    part_id: Mapped[str] = mapped_column(Id, unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    story_id: Mapped[str] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(Sha256)
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    staged_on: Mapped[str | None] = mapped_column(Id, index=True)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class StagingPlace(Row):
    """A folder in which files are staged, on one machine's disk. `seen_at` is when that machine was last heard of."""

    __tablename__ = "staging_place"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    host: Mapped[str] = mapped_column(String(120))
    seen_at: Mapped[datetime]
    free_bytes: Mapped[int] = mapped_column(BigInteger)
