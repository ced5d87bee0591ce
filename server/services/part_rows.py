"""The rows of what comes as files, by the kind that was announced."""

from typing import cast

from sqlalchemy import ColumnElement, Delete, delete, exists, or_
from sqlalchemy.orm import Session

from server.domain.sent import PartKind
from server.models.consent import ConsentEvidence
from server.models.segment import RecordingSegment
from server.models.story import Photo, Recording
from server.models.upload import Upload

PartRow = Recording | RecordingSegment | Photo | ConsentEvidence
ROWS: dict[PartKind, type[PartRow]] = {
    PartKind.RECORDING: Recording, PartKind.SEGMENT: RecordingSegment, PartKind.PHOTO: Photo,
    PartKind.EVIDENCE: ConsentEvidence}


def find(session: Session, kind: str, part_id: str) -> PartRow | None:
    """The part, whether its file is stored yet or not."""
    return cast(PartRow | None, session.get(ROWS[PartKind(kind)], part_id))


def is_let_in() -> ColumnElement[bool]:
    """SQL: an upload has become a part of its story."""
    return or_(*(exists().where(owner.id == Upload.part_id) for owner in ROWS.values()))


def waits_to_be_stored() -> ColumnElement[bool]:
    """SQL: an upload has become a part of its story, and the store does not have it."""
    return or_(*(exists().where(owner.id == Upload.part_id, owner.stored_at.is_(None)) for owner in ROWS.values()))


def is_stored(part_id: str) -> ColumnElement[bool]:
    """SQL: the store has the file of this part."""
    return or_(*(exists().where(owner.id == part_id, owner.stored_at.is_not(None)) for owner in ROWS.values()))


def forget(part_id: str) -> list[Delete]:
    """SQL: a part whose file is not stored goes."""
    return [delete(owner).where(owner.id == part_id, owner.stored_at.is_(None)) for owner in ROWS.values()]
