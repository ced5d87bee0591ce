"""The key pair to which phones seal what only this installation shall open. It is made once, when it is first needed,
and lies in the database with the other secrets, so that every machine has it and every backup brings it back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.rescue_key import RescueKey
from server.sealing import keys
from server.services.insertion import insert_once

_FOR_PHONES = "phones"


@dataclass(frozen=True)
class PublicKey:
    """What phones seal to: an uncompressed point of P-256, 65 bytes."""

    id: str
    point: bytes


def find_public(session: Session) -> PublicKey | None:
    """The public half; None before the pair was made."""
    row = session.scalar(select(RescueKey).where(RescueKey.purpose == _FOR_PHONES))
    return PublicKey(row.id, keys.public_point(row.private_key)) if row else None


def make(session: Session) -> None:
    """Make the pair. Where there is one it stays."""
    insert_once(session, RescueKey, RescueKey.purpose, id=new_id(), purpose=_FOR_PHONES,
                private_key=keys.make_private_key(), made_at=datetime.now(UTC))


def find_private(session: Session, key_id: str) -> bytes | None:
    """The private half of this pair; None where it is not ours."""
    row = session.get(RescueKey, key_id)
    return row.private_key if row else None


def open_sealed(session: Session, sealed: bytes, device_id: str, person_id: str) -> bytes:
    """What this phone sealed to the pair for this person. Raises SealBroken."""
    row = session.scalar(select(RescueKey).where(RescueKey.purpose == _FOR_PHONES))
    return keys.open_phone_key(row.private_key if row else keys.make_private_key(), sealed, device_id, person_id)
