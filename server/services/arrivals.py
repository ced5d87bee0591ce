"""A file that has come in whole: checked, stored, and made a recording or photo of its story."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import may_transcribe
from server.domain.errors import HashMismatch, NotFound, UseRefused
from server.domain.sent import PartKind
from server.domain.work import Kind
from server.media import audio, photos
from server.models.story import Photo, Recording
from server.models.upload import Upload
from server.services import consents, erasures, stories, uploads, work
from server.services.uploads import Arriving
from server.storage.staging import Staging
from server.storage.store import MediaStore


@dataclass(frozen=True)
class Checked:
    """A staged file that is what it was announced as. `facts` are there for sound."""

    staged_as: str
    facts: audio.AudioFacts | None


def check(arriving: Arriving, staging: Staging) -> Checked:
    """Read the whole staged file. It needs no database, since it can take long.

    Raises HashMismatch or what the check of its content raises: EmptyFile, UnsupportedAudio, AudioDamaged,
    UnsupportedImage, ImageTooLarge, ImageDamaged.
    """
    with staging.path(arriving.staged_as).open("rb") as source:
        if hashlib.file_digest(source, "sha256").hexdigest() != arriving.sha256:
            raise HashMismatch
        if arriving.kind is PartKind.RECORDING:
            return Checked(arriving.staged_as, audio.probe(source))
        photos.check(source)
        return Checked(arriving.staged_as, None)


def keep(session: Session, viewer: Viewer, checked: Checked, staging: Staging, store: MediaStore) -> None:
    """Make the file a part of its story, ask for the work on it, and store its bytes, all or nothing.

    Raises NotFound, Withdrawn, UseRefused when that came in the meantime; HashMismatch, StorageFull.
    """
    upload = session.get(Upload, checked.staged_as, with_for_update=True)
    if upload is None:
        raise NotFound
    story = stories.to_add_to(session, viewer, upload.story_id, lock=True)
    if not uploads.may_keep(session, PartKind(upload.kind), story.id):
        raise UseRefused
    now = datetime.now(UTC)
    session.add(_recording(upload, checked.facts, now) if checked.facts else _photo(upload, now))
    upload.completed_at, upload.offset = now, upload.length
    session.flush()
    for kind in _work_on(session, upload):
        work.request(session, kind=kind, subject_id=upload.part_id, story_id=story.id, project_id=story.project_id)
    erasures.keep(session, upload.sha256)
    store.adopt(staging.path(checked.staged_as), upload.sha256)


def _work_on(session: Session, upload: Upload) -> list[Kind]:
    if upload.kind == PartKind.PHOTO:
        return [Kind.PHOTO]
    agreed = consents.agreed_uses(session, upload.story_id)
    return [Kind.PLAYBACK, Kind.TRANSCRIBE] if may_transcribe(agreed) else [Kind.PLAYBACK]


def _recording(upload: Upload, facts: audio.AudioFacts, now: datetime) -> Recording:
    details = upload.details
    return Recording(id=upload.part_id, story_id=upload.story_id, position=details["position"], sha256=upload.sha256,
                     size=upload.length, container=facts.container, duration_ms=facts.duration_ms,
                     started_at=datetime.fromisoformat(details["started_at"]), received_at=now)


def _photo(upload: Upload, now: datetime) -> Photo:
    details = upload.details
    return Photo(id=upload.part_id, story_id=upload.story_id, position=details["position"], sha256=upload.sha256,
                 size=upload.length, description=details["description"], received_at=now)
