"""Which bytes the database rests on: those in the store, and whole files that are not there yet."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.story import Photo, Recording
from server.models.theme import Excerpt
from server.models.upload import Upload
from server.services.part_rows import ROWS


@dataclass(frozen=True)
class StagedFile:
    """A whole file that the store does not have yet, and the staging place whose disk has it."""

    upload_id: str
    sha256: str
    place: str | None


def list_stored(session: Session) -> list[str]:
    """The hash of everything that is in the store with reason."""
    found: set[str | None] = set()
    for column in (Recording.playback_sha256, Recording.clean_sha256, Photo.derivative_sha256, Photo.clean_sha256,
                   Excerpt.clip_sha256):
        found.update(session.scalars(select(column).distinct()))
    for owner in ROWS.values():
        found.update(session.scalars(select(owner.sha256).where(owner.stored_at.is_not(None)).distinct()))
    return sorted(filter(None, found))  # of a recording whose sound was withdrawn the words alone are left


def list_staged(session: Session) -> list[StagedFile]:
    """Whole files that wait to be stored, or for their story."""
    rows = session.execute(select(Upload.id, Upload.sha256, Upload.staged_on, Upload.details).where(
        Upload.completed_at.is_(None), Upload.offset == Upload.length).order_by(Upload.id))
    return [StagedFile(row.id, row.sha256, row.staged_on) for row in rows if "checked" in row.details]
