"""What the store has of a story, or was given by a server that stopped before it said so: voice, faces, handwriting."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.withdrawal_step import Place
from server.models.consent import ConsentEvidence
from server.models.segment import RecordingSegment
from server.models.story import Photo, Recording
from server.models.theme import Excerpt
from server.models.upload import Upload


def by_place(session: Session, story_id: str) -> dict[Place, set[str]]:
    """The SHA-256s of all of it, by where they are, and the ids of the staging places that have pieces of it."""
    columns: dict[Place, list[tuple[InstrumentedAttribute[Any], InstrumentedAttribute[str]]]] = {
        Place.ORIGINALS: [(Recording.sha256, Recording.story_id), (RecordingSegment.sha256, RecordingSegment.story_id),
                          (Photo.sha256, Photo.story_id), (Upload.sha256, Upload.story_id)],
        Place.DERIVATIVES: [(Recording.playback_sha256, Recording.story_id),
                            (Recording.clean_sha256, Recording.story_id), (Photo.derivative_sha256, Photo.story_id),
                            (Photo.clean_sha256, Photo.story_id), (Excerpt.clip_sha256, Excerpt.story_id)],
        Place.EVIDENCE: [(ConsentEvidence.sha256, ConsentEvidence.story_id)],
        Place.STAGED: [(Upload.staged_on, Upload.story_id)],
    }
    found = {place: {value for column, owner in pairs
                     for value in session.scalars(select(column).where(owner == story_id)) if value}
             for place, pairs in columns.items()}
    found[Place.ORIGINALS] -= found[Place.EVIDENCE]  # it came as a file too
    return found


def hashes(session: Session, story_id: str) -> set[str]:
    """The SHA-256s alone."""
    return {sha256 for place, found in by_place(session, story_id).items() if place is not Place.STAGED
            for sha256 in found}
