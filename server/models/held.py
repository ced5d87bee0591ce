"""What arrived before what it belongs to: kept, seen by nobody, and let in once that has come."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class HeldArrival(Row):
    """A story without everybody's consent record, or a quote without its story: the exact bytes as they were sent.

    `clock_error_ms` is how far the phone's clock was behind ours when it sent them.
    """

    __tablename__ = "held_arrival"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    story_id: Mapped[str] = mapped_column(Id, index=True)
    project_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_sha256: Mapped[str] = mapped_column(Sha256)
    clock_error_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    received_at: Mapped[datetime] = mapped_column(index=True)
