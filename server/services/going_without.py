"""Recordings that wait for a segment which can never come: which they are, and having one made of what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import may_keep_recording
from server.domain.errors import BeingStored, NotFound, NothingCame, NothingMissing, UseRefused
from server.domain.manifest import ListedSegment
from server.models.segment import RecordingManifest
from server.models.story import Story
from server.services import audit, consents, joining, locks, segments


@dataclass(frozen=True)
class Incomplete:
    """A recording that is not all here: how many segments it has, which of them are awaited, which came and are being
    stored, and of how many that are stored sound can be read."""

    id: str
    started_at: datetime
    count: int
    missing: Sequence[ListedSegment]
    being_stored: Sequence[ListedSegment]
    playable: int


def list_incomplete(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[Incomplete]:
    """Those of a story, in their order, for administrators; none where no recording may be kept. Raises NotFound."""
    _require(session, viewer, project_id, story_id)
    rows = select(RecordingManifest).where(
        RecordingManifest.story_id == story_id, RecordingManifest.completed_at.is_(None)
    ).order_by(RecordingManifest.position, RecordingManifest.id)
    return [_incomplete(session, row) for row in session.scalars(rows) if is_incomplete(session, row)]


def is_incomplete(session: Session, row: RecordingManifest) -> bool:
    """Whether a segment of a recording that may be kept has not come, and nobody decided to go without it."""
    return _may_keep(session, row) and bool(segments.awaited(session, row))


def find(session: Session, viewer: Viewer, project_id: str, story_id: str, recording_id: str) -> Incomplete:
    """One that can be made of what came. Raises NotFound, UseRefused, BeingStored,
    NothingMissing, NothingCame."""
    _require(session, viewer, project_id, story_id)
    return _to_be_made(session, _row(session, story_id, recording_id))


def make_of_what_came(session: Session, viewer: Viewer, project_id: str, story_id: str, recording_id: str) -> None:
    """Wait no longer for what is missing now. If it comes it is a recording of its own. Raises as `find`."""
    locks.take_story(session, story_id)
    _require(session, viewer, project_id, story_id)
    row = _row(session, story_id, recording_id)
    left_out = [segment.id for segment in _to_be_made(session, row).missing]
    row.left_out = [*row.left_out, *left_out]
    audit.note(session, viewer.person_id, Action.MADE, "recording", recording_id, project_id, story=story_id,
               without=left_out)
    session.flush()
    joining.go_on(session, recording_id)


def _require(session: Session, viewer: Viewer, project_id: str, story_id: str) -> None:
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    if session.scalar(select(Story.project_id).where(Story.id == story_id)) != project_id:
        raise NotFound


def _row(session: Session, story_id: str, recording_id: str) -> RecordingManifest:
    row = session.get(RecordingManifest, recording_id, populate_existing=True)
    if row is None or row.story_id != story_id:
        raise NotFound
    return row


def _may_keep(session: Session, row: RecordingManifest) -> bool:
    return may_keep_recording(consents.agreed_uses(session, row.story_id))


def _to_be_made(session: Session, row: RecordingManifest) -> Incomplete:
    if not _may_keep(session, row):
        raise UseRefused
    found = _incomplete(session, row)
    if found.being_stored:
        raise BeingStored
    if not found.missing:
        raise NothingMissing
    if not found.playable:
        raise NothingCame
    return found


def _incomplete(session: Session, row: RecordingManifest) -> Incomplete:
    playable = sum(part.container is not None for part in segments.stored(session, row))
    stored_soon = segments.being_stored(session, row.id, row.story_id)
    awaited = segments.awaited(session, row)
    return Incomplete(
        id=row.id, started_at=row.started_at, count=len(row.segments),
        missing=[segment for segment in awaited if segment.id not in stored_soon],
        being_stored=[segment for segment in awaited if segment.id in stored_soon], playable=playable)
