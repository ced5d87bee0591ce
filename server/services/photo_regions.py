"""Covering parts of a photo, and uncovering them. The copy that people see follows in the same transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.export import Stale
from server.domain.ids import new_id
from server.domain.photo_region import MOST_REGIONS, Region
from server.models.redaction import PhotoRegion
from server.models.story import Photo
from server.services import audit, derivatives, exports_made, locks, media

_TOO_MANY = f"A photo can have {MOST_REGIONS} covered parts. Take one away first."


@dataclass(frozen=True)
class Covered:
    """A covered part, by its id."""

    id: str
    region: Region


@dataclass(frozen=True)
class PhotoToCover:
    """A photo for whoever may cover parts of it; pixels of the copy that is shown, None before there is one."""

    id: str
    story_id: str
    project_id: str
    width: int | None
    height: int | None
    covered: tuple[Covered, ...]
    is_ready: bool


def get(session: Session, viewer: Viewer, photo_id: str) -> PhotoToCover:
    """Raises NotFound."""
    found = media.clean_photo_image(session, viewer, photo_id)
    row = session.get_one(Photo, photo_id)
    query = select(PhotoRegion).where(PhotoRegion.photo_id == photo_id).order_by(PhotoRegion.id)
    covered = tuple(Covered(one.id, Region(one.left, one.top, one.width, one.height))
                    for one in session.scalars(query))
    return PhotoToCover(photo_id, found.story_id, found.project_id, row.width, row.height, covered,
                        is_ready=found.sha256 is not None)


def add(session: Session, viewer: Viewer, photo_id: str, region: Region) -> None:
    """Cover a part of a photo; the same part twice is one. Raises NotFound, and Invalid for too many."""
    found = _with_turn(session, viewer, photo_id)
    if region in {one.region for one in found.covered}:
        return
    if len(found.covered) >= MOST_REGIONS:
        raise Invalid(_TOO_MANY, fields={"left": _TOO_MANY})
    row = PhotoRegion(id=new_id(), photo_id=photo_id, left=region.left, top=region.top, width=region.width,
                      height=region.height, made_by=viewer.person_id, made_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    derivatives.make_photo_again(session, photo_id)
    exports_made.mark_stale(session, found.story_id, Stale.WITHHELD, row.made_at, [photo_id])
    audit.note(session, viewer.person_id, Action.MADE, "photo_region", row.id, found.project_id, story=found.story_id,
               photo=photo_id)


def remove(session: Session, viewer: Viewer, region_id: str) -> str:
    """Show a part of a photo again; the id of the photo. Raises NotFound."""
    photo_id = session.scalar(select(PhotoRegion.photo_id).where(PhotoRegion.id == region_id)) or ""
    found = _with_turn(session, viewer, photo_id)
    row = session.get(PhotoRegion, region_id, populate_existing=True)
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    derivatives.make_photo_again(session, photo_id)
    audit.note(session, viewer.person_id, Action.REMOVED, "photo_region", region_id, found.project_id,
               story=found.story_id, photo=photo_id)
    return photo_id


def _with_turn(session: Session, viewer: Viewer, photo_id: str) -> PhotoToCover:
    """The photo as it is once nobody else changes its story. Raises NotFound."""
    locks.take_story(session, get(session, viewer, photo_id).story_id)
    return get(session, viewer, photo_id)
