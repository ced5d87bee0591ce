"""Files on their way in over tus: which there are, how far each has come, and on whose disk it is.

An upload is found by the id that the phone gave the part. Its bytes are staged under an id of the server's own, so
a connection left over from an upload that was dropped can never write into the next one. Its last byte counts once
the whole file has been checked: an upload that says it has all of it never takes that back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Viewer
from server.domain.errors import EmptyFile, NotFound, SameIdOtherContent, TooMuchUnfinished, UseRefused
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentPart
from server.domain.sync import PhoneClock
from server.domain.tus import KEPT_FOR
from server.models.upload import Upload
from server.services import consent_evidence, consents, locks, part_rows, receipts, segments, staging_places, stories
from server.services.insertion import insert_once
from server.storage.staging import Staging


@dataclass(frozen=True)
class Patience:
    """A check that never comes to its end, for so long and so often, is the file's own fault."""

    span: timedelta
    times: int


OF_PHONES = Patience(timedelta(days=1), 10)
# Somebody who brings in a file by hand does not come back all day.
BY_HAND = Patience(timedelta(hours=1), 3)


@dataclass(frozen=True)
class Arriving:
    """An upload now. `offset` is how many bytes are safely here; `staged_as` names them in the staging folder.

    Whole: every byte came and was checked. Stored: they are in the store as well, which has been read back. Settled:
    its row says that this place has as much as there is. Given up: its check was interrupted for so long that it counts
    as damaged when it is interrupted again.
    """

    part_id: str
    kind: PartKind
    story_id: str
    sha256: str
    staged_as: str
    staged_on: str | None
    offset: int
    length: int
    expires_at: datetime
    metadata: str
    is_whole: bool
    is_stored: bool
    is_settled: bool
    evidence_kind: str | None = None
    is_given_up: bool = False


def begin(session: Session, viewer: Viewer, sent: SentPart, clock: PhoneClock, here: Staging, *,
          most_unfinished: int | None = None) -> tuple[Arriving, bool]:
    """The upload for a part, and whether it is new. Announcing the same part again finds the same upload.

    A part may be announced before its story has come. Raises NotFound, Withdrawn, EmptyFile, UseRefused,
    SameIdOtherContent, ManifestMismatch, TooMuchUnfinished (bytes that one person has announced and not finished),
    StorageFull.
    """
    locks.take_story(session, sent.story_id)
    receipts.refuse_withdrawn(session, viewer, sent.id)
    stories.to_add_to(session, viewer, sent.story_id, lock=True)
    if not sent.length:
        raise EmptyFile
    is_stored = _is_stored(session, sent)
    _require_place(session, sent)
    if not is_stored and not may_arrive(session, sent.kind, sent.story_id):
        raise UseRefused
    staging_places.note(session, here, datetime.now(UTC), seldom=True)
    is_new = insert_once(session, Upload, Upload.part_id, **_values(viewer, sent, clock, is_stored=is_stored))
    found = select(Upload).where(Upload.part_id == sent.id).execution_options(populate_existing=True)
    row = session.scalars(found).one()
    if not is_new:
        return _again(session, row, viewer, sent, here), False
    if not is_stored:
        _require_room(session, viewer, sent.length, here, most_unfinished)
    return _arriving(row, here), not is_stored


def find(session: Session, viewer: Viewer, part_id: str, here: Staging, patience: Patience = OF_PHONES) -> Arriving:
    """The viewer's own upload, while they collect for its project. Raises Withdrawn, NotFound."""
    row = session.scalar(
        select(Upload).where(Upload.part_id == part_id, Upload.person_id == viewer.person_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        receipts.refuse_withdrawn(session, viewer, part_id)
        raise NotFound
    stories.to_add_to(session, viewer, row.story_id)
    return _arriving(row, here, patience)


def staged_as(session: Session, viewer: Viewer, part_id: str) -> str:
    """The name under which the viewer's own upload is staged. Raises Withdrawn, NotFound."""
    name = session.scalar(select(Upload.id).where(Upload.part_id == part_id, Upload.person_id == viewer.person_id))
    if name is None:
        receipts.refuse_withdrawn(session, viewer, part_id)
        raise NotFound
    return name


def take_over(session: Session, arriving: Arriving, here: Staging) -> bool:
    """Have this place be where the rest of a file is staged. False: it was given up, or another place was quicker.

    Whatever another place has of it counts no more, and that place can no longer say that it has any.
    """
    if arriving.is_settled:
        return True
    staging_places.note(session, here, datetime.now(UTC), seldom=True)
    same = Upload.staged_on == arriving.staged_on if arriving.staged_on else Upload.staged_on.is_(None)
    return session.scalar(
        update(Upload).where(Upload.id == arriving.staged_as, Upload.completed_at.is_(None), same)
        .values(staged_on=here.place, offset=arriving.offset).returning(Upload.id)) is not None


def advance(session: Session, arriving: Arriving, offset: int, here: Staging) -> bool:
    """Remember how far it has come, once the bytes are on disk. False: it was given up or taken over meanwhile."""
    return session.scalar(
        update(Upload).where(Upload.id == arriving.staged_as, Upload.staged_on == here.place)
        .values(offset=min(offset, arriving.length - 1), expires_at=datetime.now(UTC) + KEPT_FOR)
        .returning(Upload.id)) is not None


def note_interrupted(session: Session, arriving: Arriving) -> None:
    """Remember that the check of a whole file was interrupted, and since when that happens."""
    row = session.get(Upload, arriving.staged_as, with_for_update=True, populate_existing=True)
    if row is None:
        return
    before = row.details.get("interrupted") or {"since": datetime.now(UTC).isoformat(), "times": 0}
    row.details = row.details | {"interrupted": before | {"times": before["times"] + 1}}
    session.flush()


def may_keep(session: Session, kind: PartKind, story_id: str) -> bool:
    """Whether the person who shares agrees, now, to a part of this kind."""
    if kind is PartKind.EVIDENCE:
        return stories.consent_project(session, story_id) is not None  # it shows a no as well as a yes
    agreed = consents.agreed_uses(session, story_id)
    return rules.may_keep_photo(agreed) if kind is PartKind.PHOTO else rules.may_keep_recording(agreed)


def may_arrive(session: Session, kind: PartKind, story_id: str) -> bool:
    """As `may_keep`; before any consent has come, a part may arrive and is kept for nobody to see."""
    return stories.consent_project(session, story_id) is None or may_keep(session, kind, story_id)


def _is_stored(session: Session, sent: SentPart) -> bool:
    """Whether this very part was stored before. Raises SameIdOtherContent for another one under its id."""
    row = part_rows.find(session, sent.kind, sent.id)
    if row is not None and (row.story_id, row.sha256, row.size) != (sent.story_id, sent.sha256, sent.length):
        raise SameIdOtherContent
    return row is not None and row.stored_at is not None


def _require_place(session: Session, sent: SentPart) -> None:
    """A recording comes whole or in segments, and segments are those of its manifest, whichever comes first.

    Raises ManifestMismatch, SameIdOtherContent.
    """
    if sent.kind is PartKind.SEGMENT:
        segments.require_fit(session, sent.recording_id, sent.story_id, (sent.id, sent.sha256, sent.length))
    elif sent.kind is PartKind.EVIDENCE:
        consent_evidence.require_named(session, sent.consent_id, sent.story_id, (sent.id, sent.sha256))
    elif sent.kind is PartKind.RECORDING and segments.is_in_segments(session, sent.id):
        raise SameIdOtherContent


def _again(session: Session, row: Upload, viewer: Viewer, sent: SentPart, here: Staging) -> Arriving:
    """A second announcement. Phones are passed on, so whoever of the project announces it last goes on with it."""
    before = (row.kind, row.story_id, row.sha256, row.length, row.details.get("recording_id", ""))
    if before != (sent.kind.value, sent.story_id, sent.sha256, sent.length, sent.recording_id):
        raise SameIdOtherContent
    row.person_id = viewer.person_id
    if _is_lost(session, row, here):
        row.offset, row.staged_on = 0, None
        session.flush()
    return _arriving(row, here)


def _is_lost(session: Session, row: Upload, here: Staging) -> bool:
    """Whether a whole file waits on a machine that is gone, so that it has to be sent again."""
    waits_elsewhere = row.completed_at is None and row.offset == row.length and row.staged_on not in (None, here.place)
    return waits_elsewhere and staging_places.is_silent(session, row.staged_on or "", datetime.now(UTC))


def _require_room(session: Session, viewer: Viewer, length: int, here: Staging,
                  most_unfinished: int | None) -> None:
    """The upload itself counts already. Raises TooMuchUnfinished, StorageFull."""
    unfinished = session.scalar(select(func.coalesce(func.sum(Upload.length), 0)).where(
        Upload.person_id == viewer.person_id, Upload.completed_at.is_(None)))
    if most_unfinished is not None and (unfinished or 0) > most_unfinished:
        raise TooMuchUnfinished
    here.require_room(length)


def _values(viewer: Viewer, sent: SentPart, clock: PhoneClock, *, is_stored: bool) -> dict[str, Any]:
    now = datetime.now(UTC)
    details = {"metadata": sent.metadata, "description": sent.description, "position": sent.position,
               "started_at": clock.right(sent.started_at).isoformat(), "recording_id": sent.recording_id,
               "consent_id": sent.consent_id, "evidence_kind": sent.evidence_kind, "people": sent.people,
               "people_note": sent.people_note}
    return {"id": new_id(), "part_id": sent.id, "kind": sent.kind.value, "story_id": sent.story_id,
            "person_id": viewer.person_id, "sha256": sent.sha256, "length": sent.length,
            "offset": sent.length if is_stored else 0, "details": details, "created_at": now,
            "expires_at": now + KEPT_FOR, "completed_at": now if is_stored else None}


def _is_given_up(row: Upload, patience: Patience) -> bool:
    interrupted = row.details.get("interrupted")
    return (interrupted is not None and interrupted["times"] >= patience.times
            and datetime.fromisoformat(interrupted["since"]) <= datetime.now(UTC) - patience.span)


def _arriving(row: Upload, here: Staging, patience: Patience = OF_PHONES) -> Arriving:
    """Of a file that is not whole, what is on this disk counts: after a crash that may be less than what was once
    confirmed, and on another machine it is nothing."""
    is_stored = row.completed_at is not None
    is_whole = is_stored or (row.offset == row.length and "checked" in row.details)
    offset = row.length
    if not is_whole:
        is_here = row.staged_on in (None, here.place)
        offset = min(row.offset, here.size(row.id), row.length - 1) if is_here else 0
    return Arriving(part_id=row.part_id, kind=PartKind(row.kind), story_id=row.story_id, sha256=row.sha256,
                    staged_as=row.id, staged_on=row.staged_on, offset=offset, length=row.length,
                    expires_at=row.expires_at, metadata=row.details["metadata"], is_whole=is_whole,
                    is_stored=is_stored, is_settled=(row.staged_on, row.offset) == (here.place, offset),
                    evidence_kind=row.details.get("evidence_kind"), is_given_up=_is_given_up(row, patience))
