"""What the server holds of a part, and what it will never hold again."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may
from server.domain.errors import NotFound, Withdrawn
from server.domain.sync import Receipt, Standing
from server.models.consent import (
    ConsentEvidence,
    ConsentRecord,
    PartialWithdrawal,
    PhoneWithdrawal,
    Tombstone,
    Withdrawal,
)
from server.models.held import HeldArrival
from server.models.segment import RecordingManifest, RecordingSegment
from server.models.story import Photo, Quote, Recording, Story
from server.models.upload import Upload
from server.services.part_rows import PartRow


def find(session: Session, viewer: Viewer, part_id: str) -> Receipt:
    """The receipt of anything a phone has sent. Raises NotFound, or Withdrawn for ever."""
    refuse_withdrawn(session, viewer, part_id)
    for look in (_of_manifest, _of_recording, _of_segment, _of_photo, _of_evidence, _of_quote, _of_story,
                 _of_consent, _of_withdrawal):
        project_id, receipt = look(session, part_id)
        if receipt is not None and may(viewer, Permission.COLLECT, project_id):
            return receipt
    row = session.get(HeldArrival, part_id)
    if row is not None and may_see_held(viewer, row):
        return for_held(row)
    return _of_held_file(session, viewer, part_id)


def list_kept(session: Session, ids: Sequence[str]) -> dict[str, Receipt]:
    """The receipts of those that are kept, by id. The caller has checked that they may be seen."""
    found = [for_consent(row) for row in session.scalars(select(ConsentRecord).where(ConsentRecord.id.in_(ids)))]
    found += [for_story(row) for row in session.scalars(select(Story).where(Story.id.in_(ids)))]
    found += [for_quote(row) for row in session.scalars(select(Quote).where(Quote.id.in_(ids)))]
    ended = select(PhoneWithdrawal).join(Withdrawal, Withdrawal.story_id == PhoneWithdrawal.story_id).where(
        PhoneWithdrawal.id.in_(ids), Withdrawal.written_down_at.is_not(None))
    found += [for_withdrawal(row) for row in session.scalars(ended)]
    manifests = select(RecordingManifest).where(RecordingManifest.id.in_(ids), RecordingManifest.body_bytes > 0)
    found += [for_manifest(row) for row in session.scalars(manifests)]
    # Of a recording in segments its phone has sent the manifest under this id, and no file.
    recordings = select(Recording).where(Recording.id.in_(ids), Recording.stored_at.is_not(None),
                                         ~exists().where(RecordingManifest.id == Recording.id))
    found += [_for_media("recording", row) for row in session.scalars(recordings)]
    parts = select(RecordingSegment).where(RecordingSegment.id.in_(ids), RecordingSegment.stored_at.is_not(None))
    found += [_for_media("segment", row) for row in session.scalars(parts)]
    photos = select(Photo).where(Photo.id.in_(ids), Photo.stored_at.is_not(None))
    found += [_for_media("photo", row) for row in session.scalars(photos)]
    evidence = select(ConsentEvidence).where(ConsentEvidence.id.in_(ids), ConsentEvidence.stored_at.is_not(None))
    found += [_for_media("evidence", row) for row in session.scalars(evidence)]
    return {receipt.id: receipt for receipt in found}


def refuse_withdrawn(session: Session, viewer: Viewer, *ids: str) -> None:
    """Raises Withdrawn when one of these is a story that was withdrawn, or was part of one; NotFound to outsiders.

    For phones a story is over also where its words stay: nothing more of it is taken, and they let go of theirs.
    """
    of_parts = select(Tombstone.story_id).where(Tombstone.id.in_(ids))
    for owner in (Withdrawal, PartialWithdrawal):
        ended = select(owner.project_id).where(owner.story_id.in_(ids) | owner.story_id.in_(of_parts)).limit(1)
        project_id = session.scalar(ended)
        if project_id is not None:
            raise Withdrawn if may(viewer, Permission.COLLECT, project_id) else NotFound


def for_consent(row: ConsentRecord) -> Receipt:
    return Receipt(row.id, "consent", row.body_sha256, row.body_bytes, row.received_at)


def for_story(row: Story) -> Receipt:
    return Receipt(row.id, "story", row.body_sha256, row.body_bytes, row.received_at)


def for_quote(row: Quote) -> Receipt:
    return Receipt(row.id, "quote", row.body_sha256, row.body_bytes, row.received_at)


def for_manifest(row: RecordingManifest) -> Receipt:
    return Receipt(row.id, "manifest", row.body_sha256, row.body_bytes, row.received_at)


def for_withdrawal(row: PhoneWithdrawal, standing: Standing = Standing.KEPT) -> Receipt:
    return Receipt(row.id, "withdrawal", row.body_sha256, row.body_bytes, row.received_at, standing)


def of_withdrawal(session: Session, row: PhoneWithdrawal) -> Receipt:
    """It is held, and its phone remembers it too, until it is written where no restored backup forgets it."""
    written_at = session.scalar(select(Withdrawal.written_down_at).where(Withdrawal.story_id == row.story_id))
    return for_withdrawal(row, Standing.KEPT if written_at else Standing.HELD)


def for_held(row: HeldArrival) -> Receipt:
    return Receipt(row.id, row.kind, row.body_sha256, len(row.body), row.received_at, Standing.HELD)


def may_see_held(viewer: Viewer, row: HeldArrival) -> bool:
    """Whether somebody may know of it: whoever sent it, and who collects for its project where that is known."""
    mine = row.person_id == viewer.person_id
    return mine if row.project_id is None else may(viewer, Permission.COLLECT, row.project_id)


def _for_media(kind: str, row: PartRow) -> Receipt:
    standing = Standing.KEPT if row.stored_at else Standing.BEING_STORED
    return Receipt(row.id, kind, row.sha256, row.size, row.received_at, standing)


def _of_held_file(session: Session, viewer: Viewer, part_id: str) -> Receipt:
    """A whole file whose story has not come. Raises NotFound."""
    row = session.scalar(select(Upload).where(
        Upload.part_id == part_id, Upload.person_id == viewer.person_id, Upload.offset == Upload.length,
        Upload.completed_at.is_(None)))
    if row is None or "checked" not in row.details:
        raise NotFound
    return Receipt(row.part_id, row.kind, row.sha256, row.length, row.created_at, Standing.HELD)


_Found = tuple[str, Receipt | None]
_NOTHING: _Found = ("", None)


def _of_manifest(session: Session, part_id: str) -> _Found:
    row = session.get(RecordingManifest, part_id)
    return (_project(session, row.story_id), for_manifest(row)) if row and not row.is_of_what_came else _NOTHING


def _of_segment(session: Session, part_id: str) -> _Found:
    row = session.get(RecordingSegment, part_id)
    return (_project(session, row.story_id), _for_media("segment", row)) if row else _NOTHING


def _of_recording(session: Session, part_id: str) -> _Found:
    row = session.get(Recording, part_id)
    if session.get(RecordingManifest, part_id) is not None:
        return _NOTHING  # its phone sends a manifest under this id, and no file
    return (_project(session, row.story_id), _for_media("recording", row)) if row else _NOTHING


def _of_photo(session: Session, part_id: str) -> _Found:
    row = session.get(Photo, part_id)
    return (_project(session, row.story_id), _for_media("photo", row)) if row else _NOTHING


def _of_evidence(session: Session, part_id: str) -> _Found:
    row = session.get(ConsentEvidence, part_id)
    return (_project(session, row.story_id), _for_media("evidence", row)) if row else _NOTHING


def _of_quote(session: Session, part_id: str) -> _Found:
    row = session.get(Quote, part_id)
    return (_project(session, row.story_id), for_quote(row)) if row else _NOTHING


def _of_story(session: Session, part_id: str) -> _Found:
    row = session.get(Story, part_id)
    return (row.project_id, for_story(row)) if row else _NOTHING


def _of_consent(session: Session, part_id: str) -> _Found:
    row = session.scalar(select(ConsentRecord).where(ConsentRecord.id == part_id))
    return (row.project_id, for_consent(row)) if row else _NOTHING


def _of_withdrawal(session: Session, part_id: str) -> _Found:
    row = session.get(PhoneWithdrawal, part_id)
    return (session.get_one(Withdrawal, row.story_id).project_id, of_withdrawal(session, row)) if row else _NOTHING


def _project(session: Session, story_id: str) -> str:
    return session.get_one(Story, story_id).project_id
