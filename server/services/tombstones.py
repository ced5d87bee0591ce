"""The ids of what was withdrawn, with all of its story or without: a late copy of it is refused for ever."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.consent import ConsentEvidence, Tombstone
from server.models.held import HeldArrival
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Photo, Quote, Recording
from server.models.upload import Upload


def add(session: Session, story_id: str, ids: Iterable[str]) -> bool:
    """Refuse these from now on; whether one of them was not refused before."""
    wanted = {*ids}
    known = set(session.scalars(select(Tombstone.id).where(Tombstone.id.in_(wanted))))
    session.add_all(Tombstone(id=part_id, story_id=story_id) for part_id in sorted(wanted - known))
    session.flush()
    return bool(wanted - known)


def ids_of_parts(session: Session, story_id: str) -> set[str]:
    """The parts of a story by the phone's ids, and its uploads by the server's too, which name their staged files."""
    ids: set[str] = set()
    for column, owner in ((Recording.id, Recording), (RecordingManifest.id, RecordingManifest),
                          (RecordingSegment.id, RecordingSegment), (Photo.id, Photo),
                          (ConsentEvidence.id, ConsentEvidence), (Quote.id, Quote), (Upload.part_id, Upload),
                          (Upload.id, Upload), (HeldArrival.id, HeldArrival)):
        ids.update(session.scalars(select(column).where(owner.story_id == story_id)))
    return ids | _recordings_to_come(session, story_id)


def _recordings_to_come(session: Session, story_id: str) -> set[str]:
    """The recordings that its segments name. One that another story has stays that story's, whatever a segment says."""
    named = set(session.scalars(select(RecordingSegment.recording_id).where(RecordingSegment.story_id == story_id)))
    for column, owner in ((Recording.id, Recording), (RecordingManifest.id, RecordingManifest),
                          (Upload.part_id, Upload), (HeldArrival.id, HeldArrival)):
        named.difference_update(session.scalars(select(column).where(column.in_(named), owner.story_id != story_id)))
    return named
