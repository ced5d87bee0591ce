"""Which stored bytes a person may be played or shown, asked anew for every request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.story import Photo, Recording, Story
from server.services import clearing
from server.services.clearances import within_reach
from server.services.derivatives import regions_of

Found = TypeVar("Found")
Original = TypeVar("Original", Recording, Photo)


@dataclass(frozen=True)
class Playable:
    """Bytes that this person may have now, and the story and project they are of. None while they are being made."""

    sha256: str | None
    story_id: str
    project_id: str


def recording_sound(session: Session, viewer: Viewer, recording_id: str) -> Playable:
    """A recording's playback copy (MP3). Commissioners only. Raises NotFound."""
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    project_id = session.scalars(select(Story.project_id).where(Story.id == found.story_id)).one()
    return Playable(found.playback_sha256, found.story_id, project_id)


def excerpt_sound(session: Session, viewer: Viewer, excerpt_id: str) -> Playable:
    """An excerpt's own clip (MP3). Raises NotFound."""
    excerpt = as_whoever(lambda audience: clearing.get_excerpt(session, viewer, excerpt_id, audience))
    if not excerpt.may_play:
        raise NotFound
    return Playable(excerpt.clip_sha256, excerpt.story_id, excerpt.project_id)


def photo_image(session: Session, viewer: Viewer, photo_id: str) -> Playable:
    """The copy of a photo (JPEG) that has no place or camera in it. Raises NotFound."""
    photo = as_whoever(lambda audience: clearing.get_photo(session, viewer, photo_id, audience))
    return Playable(photo.derivative_sha256, photo.story_id, photo.project_id)


def clean_recording_sound(session: Session, viewer: Viewer, recording_id: str) -> Playable:
    """A copy of a recording from which nothing is withheld (MP3), for whoever withholds words. Raises NotFound."""
    row, playable = _for_redacting(session, viewer, Recording, recording_id)
    return playable(row.clean_sha256 or (None if row.withheld else row.playback_sha256))


def clean_photo_image(session: Session, viewer: Viewer, photo_id: str) -> Playable:
    """A copy of a photo of which nothing is covered (JPEG), without place or camera, for whoever covers parts of it.
    Raises NotFound."""
    row, playable = _for_redacting(session, viewer, Photo, photo_id)
    return playable(row.clean_sha256 or (None if regions_of(session, photo_id) else row.derivative_sha256))


def _for_redacting(session: Session, viewer: Viewer, part: type[Original],
                   part_id: str) -> tuple[Original, Callable[[str | None], Playable]]:
    """The row, where the team may have it and the viewer may withhold something of it, and how to answer with bytes of
    it. Raises NotFound."""
    # One question: what is there and out of reach takes as long as what is not there.
    found = session.execute(select(part, Story.project_id).join(Story, Story.id == part.story_id).where(
        part.id == part_id, within_reach(viewer, Audience.COMMISSIONERS, part))).one_or_none()
    if found is None:
        raise NotFound
    row, project_id = found
    require(viewer, Permission.REDACT, project_id)
    return row, lambda sha256: Playable(sha256, row.story_id, project_id)


def as_whoever(get: Callable[[Audience], Found]) -> Found:
    """What a person gets as a commissioner, or else as a board member or an analyst. Raises NotFound when none."""
    for audience in (Audience.COMMISSIONERS, Audience.BOARD, Audience.PUBLICATION):
        try:
            return get(audience)
        except NotFound:
            continue
    raise NotFound
