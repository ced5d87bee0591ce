"""Which stored bytes a person may be played or shown, asked anew for every request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.story import Story
from server.services import clearing

Found = TypeVar("Found")


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


def as_whoever(get: Callable[[Audience], Found]) -> Found:
    """What a person gets as a commissioner, or else as a board member. Raises NotFound when neither."""
    for audience in (Audience.COMMISSIONERS, Audience.BOARD):
        try:
            return get(audience)
        except NotFound:
            continue
    raise NotFound
