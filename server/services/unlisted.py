"""Recordings of which segments came and no manifest: their phone may be gone for good, and may yet come back.

Where somebody decides to go without the rest, the list of what came is written here, as if it were a manifest. The
phone's own is taken when it comes after all: it says more of the recording, and changes nothing in its sound.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.errors import ManifestMismatch
from server.domain.manifest import Came, SentManifest
from server.domain.sync import Body
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Recording
from server.models.upload import Upload
from server.services import segments

_NO_BODY = Body.of(b"")


def _is_unlisted() -> ColumnElement[bool]:
    """SQL: nothing says what the recording of this segment is made of."""
    named = RecordingSegment.recording_id
    return ~exists().where(RecordingManifest.id == named) & ~exists().where(
        Recording.id == named) & ~exists().where(Upload.part_id == named)


def list_waiting(session: Session, story_id: str) -> dict[str, list[RecordingSegment]]:
    """What came of each such recording of a story, by the recording's id, the oldest first."""
    found: defaultdict[str, list[RecordingSegment]] = defaultdict(list)
    mine = select(RecordingSegment).where(RecordingSegment.story_id == story_id, _is_unlisted())
    for part in session.scalars(mine.order_by(RecordingSegment.started_at, RecordingSegment.number)):
        found[part.recording_id].append(part)
    return dict(found)


def list_stories(session: Session, story_ids: Iterable[str]) -> set[str]:
    """Those of these stories that have such a recording."""
    mine = RecordingSegment.story_id.in_(list(story_ids)), _is_unlisted()
    return set(session.scalars(select(RecordingSegment.story_id).where(*mine).distinct()))


def write_list(session: Session, story_id: str, recording_id: str) -> RecordingManifest:
    """The list of what the store has of it. With the story's lock. It follows the story's other recordings."""
    listed = rules.list_of_what_came(
        Came(part.id, part.number, part.sha256, part.size, part.started_at,
             part.duration_ms if part.container is not None else None)
        for part in segments.arrived(session, recording_id, story_id) if part.stored_at is not None)
    row = RecordingManifest(
        id=recording_id, story_id=story_id, position=_next_position(session, story_id),
        started_at=session.get_one(RecordingSegment, listed[0].id).started_at,
        segments=[rules.to_json(segment) for segment in listed], body_sha256=_NO_BODY.sha256,
        body_bytes=_NO_BODY.size, received_at=datetime.now(UTC), left_out=[])
    session.add(row)
    session.flush()
    return row


def take_manifest(session: Session, row: RecordingManifest, sent: SentManifest, body: Body, started_at: datetime,
                  received_at: datetime) -> None:
    """The phone's own, in place of a list of what came: what it names beside stays left out for ever. With the story's
    lock. Raises ManifestMismatch where a segment that came is another file than it says."""
    came = select(RecordingSegment).where(RecordingSegment.id.in_([segment.id for segment in sent.segments]))
    for part in session.scalars(came):
        if part.story_id != row.story_id or not rules.fits(sent.segments, (part.id, part.sha256, part.size)):
            raise ManifestMismatch
    made = segments.listed(row)
    listed = rules.told_after_all(made, sent.segments)
    row.segments = [rules.to_json(segment) for segment in listed]
    row.left_out = [segment.id for segment in rules.missing(listed, (segment.id for segment in made))]
    row.body_sha256, row.body_bytes = body.sha256, body.size
    row.started_at, row.received_at = started_at, received_at
    session.flush()


def _next_position(session: Session, story_id: str) -> int:
    last = [session.scalar(select(func.max(owner.position)).where(owner.story_id == story_id))
            for owner in (Recording, RecordingManifest)]
    return max((position + 1 for position in last if position is not None), default=0)
