"""What has come of a recording in segments, and whether more may."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.errors import ManifestMismatch, SameIdOtherContent
from server.domain.manifest import ListedSegment
from server.domain.sent import PartKind
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Recording
from server.models.upload import Upload
from server.services import staging_places


def is_in_segments(session: Session, recording_id: str) -> bool:
    """Whether a manifest says that this recording comes in segments."""
    return session.get(RecordingManifest, recording_id) is not None


def require_fit(session: Session, recording_id: str, story_id: str, file: tuple[str, str, int]) -> None:
    """`file`: the segment's id, SHA-256 and size. Before its phone's manifest has come, any may be one of a recording.

    Raises ManifestMismatch for one that is not, and SameIdOtherContent where the recording came whole.
    """
    row = session.get(RecordingManifest, recording_id)
    if row is None and session.get(Recording, recording_id) is not None:
        raise SameIdOtherContent
    if row is not None and not (row.story_id == story_id and _may_be_of(row, file)):
        raise ManifestMismatch


def _may_be_of(row: RecordingManifest, file: tuple[str, str, int]) -> bool:
    is_new = row.is_of_what_came and file[0] not in {segment.id for segment in listed(row)}
    return is_new or rules.fits(listed(row), file)


def has_place(session: Session, recording_id: str, story_id: str, file: tuple[str, str, int]) -> bool:
    """As `require_fit`, which does not refuse it."""
    try:
        require_fit(session, recording_id, story_id, file)
    except (ManifestMismatch, SameIdOtherContent):
        return False
    return True


def listed(row: RecordingManifest) -> list[ListedSegment]:
    return [rules.from_json(segment) for segment in row.segments]


def arrived(session: Session, recording_id: str, story_id: str) -> list[RecordingSegment]:
    """The segments that are here, in their order, stored or about to be."""
    mine = RecordingSegment.recording_id == recording_id, RecordingSegment.story_id == story_id
    query = select(RecordingSegment).where(*mine).order_by(RecordingSegment.number, RecordingSegment.id)
    return list(session.scalars(query))


def stored(session: Session, row: RecordingManifest) -> list[RecordingSegment]:
    """The segments that the store has and that nobody decided to go without, in their order."""
    of_it = _of_the_recording(row)
    return [part for part in _in_the_store(session, row) if part.id in of_it]


def came_late(session: Session, row: RecordingManifest) -> list[RecordingSegment]:
    """The segments that the store has although somebody had decided to go without them, known or not, and that are no
    recording of their own, or not yet."""
    of_it = _of_the_recording(row)
    return [part for part in _in_the_store(session, row) if part.id not in of_it]


def put_in_order(session: Session, row: RecordingManifest) -> None:
    """Give each segment that is here the number that the manifest has for it, whatever it was announced with."""
    numbers = {segment.id: segment.number for segment in listed(row)}
    for part in arrived(session, row.id, row.story_id):
        part.number = numbers.get(part.id, part.number)
    session.flush()


def missing(session: Session, row: RecordingManifest) -> list[ListedSegment]:
    """What the store does not have yet, and what the recording is made without for ever."""
    return rules.missing(listed(row), (part.id for part in stored(session, row)))


def awaited(session: Session, row: RecordingManifest) -> list[ListedSegment]:
    """What is missing, and nobody has decided to go without."""
    return [segment for segment in missing(session, row) if segment.id not in row.left_out]


def being_stored(session: Session, recording_id: str, story_id: str) -> dict[str, int]:
    """The ids of its segments that came whole and that the store does not have yet, or cannot take just now, each with
    the number it was announced with.

    What waits on a machine that is gone is not among them: its phone is asked for it again.
    """
    waiting = session.scalars(select(Upload).where(
        Upload.story_id == story_id, Upload.kind == PartKind.SEGMENT, Upload.completed_at.is_(None),
        Upload.offset == Upload.length)).all()
    mine = [upload for upload in waiting if upload.details["recording_id"] == recording_id]
    found = {part.id: part.number for part in arrived(session, recording_id, story_id) if part.stored_at is None}
    found |= {upload.part_id: upload.details["position"] for upload in mine}
    now = datetime.now(UTC)
    gone = {upload.part_id for upload in mine if staging_places.is_silent(session, upload.staged_on or "", now)}
    return {part_id: number for part_id, number in found.items() if part_id not in gone}


def _of_the_recording(row: RecordingManifest) -> set[str]:
    return {segment.id for segment in listed(row)} - set(row.left_out)


def _in_the_store(session: Session, row: RecordingManifest) -> list[RecordingSegment]:
    return [part for part in arrived(session, row.id, row.story_id) if part.stored_at is not None]
