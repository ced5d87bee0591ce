"""What a person proves besides a password: a code from an app, or a passkey."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class CodeApp(Row):
    """An app that makes codes (TOTP, RFC 6238). `last_step` is the newest step a code was taken for: none is twice."""

    __tablename__ = "code_app"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Row):
    """A way in for somebody who lost their phone, once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]


class Passkey(Row):
    """A public key whose other half never leaves its owner's device (WebAuthn). One whose counter ran backwards has
    been copied: it is `stopped_at` that moment."""

    __tablename__ = "passkey"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class SignInChallenge(Row):
    """A question put to a browser while it signs in or adds a passkey. It can be answered once, and soon."""

    __tablename__ = "sign_in_challenge"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    challenge: Mapped[str] = mapped_column(String(128), default="")
    expires_at: Mapped[datetime]
