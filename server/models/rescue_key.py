"""The key pair to which phones seal what only the server shall open."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class RescueKey(Row):
    """There is one for each purpose, made once. `private_key` is PKCS 8 in DER; the public key follows from it."""

    __tablename__ = "rescue_key"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), unique=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
