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
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Story
from server.services import audit, consents, joining, locks, segments, unlisted


@dataclass(frozen=True)
class Incomplete:
    """A recording that is not all here.

    `count` is of its segments, None where no phone has said how many there are; then nobody knows which are `missing`.
    `being_stored` are the numbers of those that came and that the store does not have yet, from 0, `playable` how many
    that are stored can be heard.
    """

    id: str
    started_at: datetime
    count: int | None
    missing: Sequence[ListedSegment]
    being_stored: Sequence[int]
    stored: int
    playable: int


def list_incomplete(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[Incomplete]:
    """Those of a story, in their order, for administrators; none where no recording may be kept. Raises NotFound."""
    _require(session, viewer, project_id, story_id)
    rows = select(RecordingManifest).where(
        RecordingManifest.story_id == story_id, RecordingManifest.completed_at.is_(None)
    ).order_by(RecordingManifest.position, RecordingManifest.id)
    if not _may_keep(session, story_id):
        return []
    found = [_listed(session, row) for row in session.scalars(rows) if segments.awaited(session, row)]
    return found + [_unlisted(session, recording_id, parts)
                    for recording_id, parts in unlisted.list_waiting(session, story_id).items()]


def list_stories(session: Session, story_ids: Sequence[str]) -> set[str]:
    """Those of these stories that have such a recording."""
    rows = session.scalars(select(RecordingManifest).where(
        RecordingManifest.story_id.in_(story_ids), RecordingManifest.completed_at.is_(None))).all()
    found = {row.story_id for row in rows if segments.awaited(session, row)}
    found |= unlisted.list_stories(session, story_ids)
    return {story_id for story_id in found if _may_keep(session, story_id)}


def find(session: Session, viewer: Viewer, project_id: str, story_id: str, recording_id: str) -> Incomplete:
    """One that can be made of what came. Raises NotFound, UseRefused, BeingStored,
    NothingMissing, NothingCame."""
    _require(session, viewer, project_id, story_id)
    return _to_be_made(session, story_id, recording_id)


def make_of_what_came(session: Session, viewer: Viewer, project_id: str, story_id: str, recording_id: str) -> None:
    """Wait no longer for what is missing now. If it comes it is a recording of its own. Raises as `find`."""
    locks.take_story(session, story_id)
    _require(session, viewer, project_id, story_id)
    left_out = [segment.id for segment in _to_be_made(session, story_id, recording_id).missing]
    row = _row(session, story_id, recording_id) or unlisted.write_list(session, story_id, recording_id)
    row.left_out = [*row.left_out, *left_out]
    made_of = [segment.id for segment in segments.listed(row) if segment.id not in row.left_out]
    audit.note(session, viewer.person_id, Action.MADE, "recording", recording_id, project_id, story=story_id,
               without=left_out, of=made_of)
    session.flush()
    joining.go_on(session, recording_id)


def _require(session: Session, viewer: Viewer, project_id: str, story_id: str) -> None:
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    if session.scalar(select(Story.project_id).where(Story.id == story_id)) != project_id:
        raise NotFound


def _row(session: Session, story_id: str, recording_id: str) -> RecordingManifest | None:
    """Its manifest, where there is one. Raises NotFound for another story's."""
    row = session.get(RecordingManifest, recording_id, populate_existing=True)
    if row is not None and row.story_id != story_id:
        raise NotFound
    return row


def _may_keep(session: Session, story_id: str) -> bool:
    return may_keep_recording(consents.agreed_uses(session, story_id))


def _to_be_made(session: Session, story_id: str, recording_id: str) -> Incomplete:
    found = _find(session, story_id, recording_id)
    if not _may_keep(session, story_id):
        raise UseRefused
    if found.being_stored:
        raise BeingStored
    if found.count is not None and not found.missing:
        raise NothingMissing
    if not found.playable:
        raise NothingCame
    return found


def _find(session: Session, story_id: str, recording_id: str) -> Incomplete:
    row = _row(session, story_id, recording_id)
    if row is not None:
        return _listed(session, row)
    parts = unlisted.list_waiting(session, story_id).get(recording_id)
    if parts is None:
        raise NotFound
    return _unlisted(session, recording_id, parts)


def _listed(session: Session, row: RecordingManifest) -> Incomplete:
    stored, awaited = segments.stored(session, row), segments.awaited(session, row)
    waits = segments.being_stored(session, row.id, row.story_id)
    return Incomplete(
        id=row.id, started_at=row.started_at, count=len(row.segments),
        missing=[segment for segment in awaited if segment.id not in waits],
        being_stored=[segment.number for segment in awaited if segment.id in waits],
        stored=len(stored), playable=_playable(stored))


def _unlisted(session: Session, recording_id: str, parts: Sequence[RecordingSegment]) -> Incomplete:
    waits = segments.being_stored(session, recording_id, parts[0].story_id)
    stored = [part for part in parts if part.stored_at is not None]
    return Incomplete(id=recording_id, started_at=parts[0].started_at, count=None, missing=(),
                      being_stored=sorted(waits.values()), stored=len(stored), playable=_playable(stored))


def _playable(parts: Sequence[RecordingSegment]) -> int:
    return sum(part.container is not None for part in parts)
