"""A file that has come in whole: checked, made a recording or photo of its story, and on its way into the store."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may
from server.domain.errors import (
    AudioDamaged,
    CheckInterrupted,
    HashMismatch,
    NotFound,
    UnsupportedAudio,
    UseRefused,
    WrongOffset,
)
from server.domain.sent import PartKind
from server.domain.tus import KEPT_FOR
from server.domain.work import Kind
from server.isolation.checks import check_audio, check_photo
from server.media.sniff import container_of
from server.models.people import Person
from server.models.segment import RecordingSegment
from server.models.story import Photo, Recording, Story
from server.models.upload import Upload
from server.models.work import Attempt, Job
from server.services import consent_evidence, locks, part_rows, segments, sign_in, stories, storing, uploads
from server.services.part_rows import PartRow
from server.services.uploads import Arriving
from server.storage.staging import Staging


@dataclass(frozen=True)
class Checked:
    """A staged file that is what it was announced as, and what was learnt of it."""

    arriving: Arriving
    facts: dict[str, Any]


def check(arriving: Arriving, here: Staging) -> Checked:
    """Read the whole staged file. It needs no database, since it can take long.

    A segment may be one of which no sound can be read. Raises HashMismatch or what the check of its content raises:
    EmptyFile, UnsupportedAudio, AudioDamaged, UnsupportedImage, ImageTooLarge, ImageDamaged, Unavailable. Raises
    CheckInterrupted, for the caller to note, until the upload is given up for it.
    """
    with here.path(arriving.staged_as).open("rb") as source:
        if hashlib.file_digest(source, "sha256").hexdigest() != arriving.sha256:
            raise HashMismatch
        source.seek(0)
        try:
            return Checked(arriving, _facts(arriving, source))
        except CheckInterrupted as interrupted:
            if not arriving.is_given_up:
                raise
            if arriving.kind is PartKind.SEGMENT:
                return Checked(arriving, {})
            raise interrupted.damaged from interrupted


def keep(session: Session, viewer: Viewer, checked: Checked, here: Staging) -> None:
    """Make the file a part of its story and ask for it to be stored. Before the story has come it is held.

    Raises NotFound, Withdrawn, UseRefused when that came in the meantime, WrongOffset when another machine took over.
    """
    story_id = checked.arriving.story_id
    locks.take_story(session, story_id)
    story = stories.to_add_to(session, viewer, story_id, lock=True)
    upload = session.get(Upload, checked.arriving.staged_as, with_for_update=True, populate_existing=True)
    if upload is None:
        raise NotFound
    if upload.staged_on != here.place:
        raise WrongOffset  # it goes on at another machine, which has it now
    if not uploads.may_arrive(session, PartKind(upload.kind), story_id):
        raise UseRefused
    upload.details = upload.details | {"checked": checked.facts}
    upload.offset, upload.expires_at = upload.length, datetime.now(UTC) + KEPT_FOR
    if upload.kind == PartKind.SEGMENT:
        segments.require_fit(session, *_segment_file(upload))
    if upload.kind == PartKind.EVIDENCE:
        consent_evidence.require_named(session, *_evidence_file(upload))
    if story is not None:
        _let_in(session, upload, story)
    session.flush()


def admit(session: Session, story_id: str) -> None:
    """Let in what was held for a story that has now come with its consent, in the transaction that brings it.

    What the person who shares does not agree to is given up, and so is a segment that its recording does not have.
    What is not whole yet comes in, or is refused, by itself. Files that were sent by somebody who does not collect for
    the story's project stay where they are.
    """
    locks.take_story(session, story_id)
    story = session.get(Story, story_id)
    if story is None:
        return  # it was withdrawn since
    held = select(Upload).where(Upload.story_id == story_id, Upload.completed_at.is_(None)).with_for_update()
    for upload in session.scalars(held.execution_options(populate_existing=True)).all():
        sender = sign_in.viewer_of(session, session.get_one(Person, upload.person_id))
        if not may(sender, Permission.COLLECT, story.project_id):
            continue
        if "checked" not in upload.details or upload.offset < upload.length:
            continue
        if uploads.may_keep(session, PartKind(upload.kind), story_id) and _has_place(session, upload):
            _let_in(session, upload, story)
        elif not _is_let_in(session, upload):
            session.delete(upload)  # its staged file goes with the next sweep of its place
    session.flush()


def list_left(session: Session) -> list[str]:
    """The stories that are there although something is still held for them, the one that waited longest first."""
    held = (select(Upload.story_id).join(Story, Story.id == Upload.story_id)
            .where(Upload.completed_at.is_(None), Upload.offset == Upload.length, ~part_rows.is_let_in())
            .group_by(Upload.story_id).order_by(func.min(Upload.created_at), Upload.story_id))
    return list(session.scalars(held))


def drop(session: Session, arriving: Arriving) -> None:
    """Forget an upload, and a part that is not stored yet. What is stored stays.

    Its staged bytes are for the caller to discard afterwards.
    """
    part_id = arriving.part_id
    waits = select(Job.id).where(Job.kind == Kind.STORE, Job.subject_id == part_id)
    for rows in (
        delete(Attempt).where(Attempt.job_id.in_(waits), ~part_rows.is_stored(part_id)),
        delete(Job).where(Job.id.in_(waits), ~part_rows.is_stored(part_id)),
        *part_rows.forget(part_id),
        delete(Upload).where(Upload.id == arriving.staged_as),
    ):
        session.execute(rows.execution_options(synchronize_session=False))
    session.expire_all()


def _let_in(session: Session, upload: Upload, story: Story) -> None:
    """Make the part, once, and ask for its file to be stored."""
    if not _is_let_in(session, upload):
        session.add(_MADE[PartKind(upload.kind)](upload))
        session.flush()
    storing.ask(session, upload, story.project_id)


def _is_let_in(session: Session, upload: Upload) -> bool:
    return part_rows.find(session, upload.kind, upload.part_id) is not None


def _has_place(session: Session, upload: Upload) -> bool:
    if upload.kind == PartKind.EVIDENCE:
        return consent_evidence.is_named(session, *_evidence_file(upload))
    return upload.kind != PartKind.SEGMENT or segments.has_place(session, *_segment_file(upload))


def _segment_file(upload: Upload) -> tuple[str, str, tuple[str, str, int]]:
    """The recording and the story that a segment is of, and what it is."""
    return upload.details["recording_id"], upload.story_id, (upload.part_id, upload.sha256, upload.length)


def _evidence_file(upload: Upload) -> tuple[str, str, tuple[str, str]]:
    """The consent and the story that evidence is of, and what it is."""
    return upload.details["consent_id"], upload.story_id, (upload.part_id, upload.sha256)


def _facts(arriving: Arriving, source: BinaryIO) -> dict[str, Any]:
    match arriving.kind:
        case PartKind.RECORDING:
            return asdict(check_audio(source))
        case PartKind.SEGMENT:
            return _facts_of_segment(source)
        case PartKind.EVIDENCE:
            return consent_evidence.check(source, arriving.evidence_kind)
    check_photo(source)
    return {}


def _facts_of_segment(source: BinaryIO) -> dict[str, Any]:
    """As of a recording; nothing for one of which no sound can be read. It is kept, since it is all that there is of
    that stretch, and the others are of use. Raises UnsupportedAudio for what is something else, such as a video."""
    try:
        return asdict(check_audio(source))
    except AudioDamaged:
        return {}
    except UnsupportedAudio:
        source.seek(0)
        if container_of(source) is None:  # a beginning that was lost says nothing of what it is
            return {}
        raise


def _recording(upload: Upload) -> Recording:
    details, facts = upload.details, upload.details["checked"]
    return Recording(id=upload.part_id, story_id=upload.story_id, position=details["position"], sha256=upload.sha256,
                     size=upload.length, container=facts["container"], duration_ms=facts["duration_ms"],
                     started_at=datetime.fromisoformat(details["started_at"]), received_at=datetime.now(UTC))


def _segment(upload: Upload) -> RecordingSegment:
    details, facts = upload.details, upload.details["checked"]
    return RecordingSegment(
        id=upload.part_id, recording_id=details["recording_id"], story_id=upload.story_id, number=details["position"],
        sha256=upload.sha256, size=upload.length, container=facts.get("container"),
        duration_ms=facts.get("duration_ms"), started_at=datetime.fromisoformat(details["started_at"]),
        received_at=datetime.now(UTC))


def _photo(upload: Upload) -> Photo:
    details = upload.details
    return Photo(id=upload.part_id, story_id=upload.story_id, position=details["position"], sha256=upload.sha256,
                 size=upload.length, description=details["description"], received_at=datetime.now(UTC),
                 people=details.get("people"), people_note=details.get("people_note", ""))


_MADE: dict[PartKind, Callable[[Upload], PartRow]] = {
    PartKind.RECORDING: _recording, PartKind.SEGMENT: _segment, PartKind.PHOTO: _photo,
    PartKind.EVIDENCE: consent_evidence.made}
