"""Files on their way in over tus: which there are, how far each has come, and when they are given up.

An upload is found by the id that the phone gave the part. Its bytes are staged under an id of the server's own, so
a connection left over from an upload that was dropped can never write into the next one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Viewer
from server.domain.errors import EmptyFile, NotFound, SameIdOtherContent, UseRefused
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentPart
from server.domain.sync import PhoneClock
from server.domain.tus import KEPT_FOR
from server.models.story import Photo, Recording
from server.models.upload import Upload
from server.services import consents, erasures, receipts, stories
from server.storage.staging import Staging


@dataclass(frozen=True)
class Arriving:
    """An upload now. `offset` is how many bytes are safely here; `staged_as` names them in the staging folder."""

    part_id: str
    kind: PartKind
    sha256: str
    staged_as: str
    offset: int
    length: int
    expires_at: datetime
    metadata: str
    is_stored: bool

    @property
    def is_whole(self) -> bool:
        return self.offset == self.length


def begin(
    session: Session, viewer: Viewer, sent: SentPart, clock: PhoneClock, staging: Staging
) -> tuple[Arriving, bool]:
    """The upload for a part, and whether it is new. Announcing the same part again finds the same upload.

    Raises NotFound, Withdrawn, StoryMissing, EmptyFile, UseRefused, SameIdOtherContent.
    """
    receipts.refuse_withdrawn(session, viewer, sent.id)
    story = stories.to_add_to(session, viewer, sent.story_id, lock=True)
    if not sent.length:
        raise EmptyFile
    is_stored = _is_stored(session, sent)
    if not is_stored and not may_keep(session, sent.kind, story.id):
        raise UseRefused
    row = session.scalar(select(Upload).where(Upload.part_id == sent.id))
    if row is not None:
        return _again(row, viewer, sent, staging), False
    row = _row(viewer, sent, clock, is_stored=is_stored)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        row = session.scalars(select(Upload).where(Upload.part_id == sent.id)).one()
        return _again(row, viewer, sent, staging), False
    return _arriving(row, staging), not is_stored


def find(session: Session, viewer: Viewer, part_id: str, staging: Staging) -> Arriving:
    """The viewer's own upload, while they collect for its project. Raises Withdrawn, NotFound."""
    receipts.refuse_withdrawn(session, viewer, part_id)
    row = session.scalar(
        select(Upload).where(Upload.part_id == part_id, Upload.person_id == viewer.person_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    stories.to_add_to(session, viewer, row.story_id)
    return _arriving(row, staging)


def advance(session: Session, arriving: Arriving, offset: int) -> bool:
    """Remember how far it has come, once the bytes are on disk. False: it was given up in the meantime."""
    there = session.execute(
        update(Upload).where(Upload.id == arriving.staged_as)
        .values(offset=offset, expires_at=datetime.now(UTC) + KEPT_FOR).returning(Upload.id)
    ).first()
    return there is not None


def drop(session: Session, arriving: Arriving) -> None:
    """Forget an upload. What was stored from it stays; its staged bytes are for the caller to discard afterwards."""
    session.execute(delete(Upload).where(Upload.id == arriving.staged_as))


def may_keep(session: Session, kind: PartKind, story_id: str) -> bool:
    """Whether the person who shares agrees, now, to a part of this kind."""
    agreed = consents.agreed_uses(session, story_id)
    return rules.may_keep_recording(agreed) if kind is PartKind.RECORDING else rules.may_keep_photo(agreed)


def expire(session: Session, now: datetime, uploads_dir: Path) -> int:
    """Give up uploads that nobody went on with, and staged files that no upload knows. Returns how many uploads."""
    staging = Staging(uploads_dir)
    rows = list(session.scalars(select(Upload).where(Upload.expires_at <= now)))
    for row in rows:
        if row.completed_at is None and row.offset == row.length and not staging.size(row.id):
            # The server stopped between storing a file and keeping its part, so nothing knows of the stored bytes.
            erasures.ask(session, [row.sha256], project_id=None)
        session.delete(row)
        staging.discard(row.id)
    session.flush()
    names = staging.names()  # before the rows are read: a row is there before its file is
    for name in names - set(session.scalars(select(Upload.id))):
        staging.discard(name)
    return len(rows)


def _is_stored(session: Session, sent: SentPart) -> bool:
    """Whether this very part was stored before. Raises SameIdOtherContent for another one under its id."""
    row = session.get(Recording, sent.id) if sent.kind is PartKind.RECORDING else session.get(Photo, sent.id)
    if row is not None and (row.story_id, row.sha256, row.size) != (sent.story_id, sent.sha256, sent.length):
        raise SameIdOtherContent
    return row is not None


def _again(row: Upload, viewer: Viewer, sent: SentPart, staging: Staging) -> Arriving:
    """A second announcement. Phones are passed on, so whoever of the project announces it last goes on with it."""
    before = (row.kind, row.story_id, row.sha256, row.length)
    if before != (sent.kind.value, sent.story_id, sent.sha256, sent.length):
        raise SameIdOtherContent
    row.person_id = viewer.person_id
    return _arriving(row, staging)


def _row(viewer: Viewer, sent: SentPart, clock: PhoneClock, *, is_stored: bool) -> Upload:
    now = datetime.now(UTC)
    details = {"metadata": sent.metadata, "description": sent.description, "position": sent.position,
               "started_at": clock.right(sent.started_at).isoformat()}
    return Upload(id=new_id(), part_id=sent.id, kind=sent.kind.value, story_id=sent.story_id,
                  person_id=viewer.person_id, sha256=sent.sha256, length=sent.length,
                  offset=sent.length if is_stored else 0, details=details, created_at=now, expires_at=now + KEPT_FOR,
                  completed_at=now if is_stored else None)


def _arriving(row: Upload, staging: Staging) -> Arriving:
    """What is on disk counts: after a crash that may be less than what was once confirmed."""
    is_stored = row.completed_at is not None
    offset = row.offset if is_stored else min(row.offset, staging.size(row.id))
    return Arriving(part_id=row.part_id, kind=PartKind(row.kind), sha256=row.sha256, staged_as=row.id, offset=offset,
                    length=row.length, expires_at=row.expires_at, metadata=row.details["metadata"],
                    is_stored=is_stored)
