"""Which stored bytes a person may be played or shown, asked anew for every request."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.services import clearing

Found = TypeVar("Found")


def recording_sound(session: Session, viewer: Viewer, recording_id: str) -> str | None:
    """SHA-256 of a recording's playback copy (MP3), None while it is being made. Commissioners only; NotFound."""
    return clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS).playback_sha256


def excerpt_sound(session: Session, viewer: Viewer, excerpt_id: str) -> str | None:
    """SHA-256 of an excerpt's own clip (MP3), None while it is being made. Raises NotFound."""
    excerpt = as_whoever(lambda audience: clearing.get_excerpt(session, viewer, excerpt_id, audience))
    if not excerpt.may_play:
        raise NotFound
    return excerpt.clip_sha256


def photo_image(session: Session, viewer: Viewer, photo_id: str) -> str:
    """SHA-256 of the copy of a photo (JPEG) that has no place or camera in it. Raises NotFound."""
    photo = as_whoever(lambda audience: clearing.get_photo(session, viewer, photo_id, audience))
    return photo.derivative_sha256


def as_whoever(get: Callable[[Audience], Found]) -> Found:
    """What a person gets as a commissioner, or else as a board member. Raises NotFound when neither."""
    for audience in (Audience.COMMISSIONERS, Audience.BOARD):
        try:
            return get(audience)
        except NotFound:
            continue
    raise NotFound
