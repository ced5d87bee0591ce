"""What shows that somebody agreed: a signature, a spoken statement or a photo of paper, kept byte for byte.

Its consent record names it by id and hash, so it cannot be cleaned of anything that a camera wrote into it: a picture
that says where it was taken is refused. Nobody is shown it but an administrator who asks for it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import EvidenceKind
from server.domain.errors import Invalid, NotFound
from server.isolation.checks import check_audio, check_evidence_image
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.story import Story
from server.models.upload import Upload
from server.services import custody, embargoes, exports_made, locks

_AUDIO_TYPES = {"matroska": "audio/webm", "mov": "audio/mp4", "ogg": "audio/ogg", "flac": "audio/flac",
                "mp3": "audio/mpeg", "wav": "audio/wav", "aac": "audio/aac"}
_OTHER_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class EvidenceFile:
    """Stored bytes, for an administrator to save."""

    sha256: str
    content_type: str
    kind: EvidenceKind
    story_id: str


def check(source: BinaryIO, kind: str | None) -> dict[str, Any]:
    """What a file of this kind of evidence is.

    Raises what `check_audio` raises for a spoken statement, and what `check_evidence_image` raises for the others.
    """
    if kind == EvidenceKind.SPOKEN:
        return {"content_type": _AUDIO_TYPES.get(check_audio(source).container, _OTHER_TYPE)}
    return {"content_type": check_evidence_image(source).content_type}


def is_named(session: Session, consent_id: str, story_id: str, file: tuple[str, str]) -> bool:
    """Whether the consent, where it has come, is of this story and names this file by its id and hash."""
    record = session.scalar(select(ConsentRecord).where(ConsentRecord.id == consent_id))
    return record is None or (record.story_id, record.evidence_id, record.evidence_sha256) == (story_id, *file)


def require_named(session: Session, consent_id: str, story_id: str, file: tuple[str, str]) -> None:
    """Raises Invalid for a file that its consent does not name."""
    if not is_named(session, consent_id, story_id, file):
        raise Invalid(fields={"consent_id": "This consent names other evidence, or none."})


def made(upload: Upload) -> ConsentEvidence:
    """The part of its story that a checked file becomes."""
    details = upload.details
    return ConsentEvidence(id=upload.part_id, story_id=upload.story_id, consent_id=details["consent_id"],
                           kind=details["evidence_kind"], sha256=upload.sha256, size=upload.length,
                           content_type=details["checked"]["content_type"], received_at=datetime.now(UTC))


def get_file(session: Session, viewer: Viewer, project_id: str, story_id: str, evidence_id: str) -> EvidenceFile:
    """Evidence of a story of this project. Raises NotFound, also for everybody but its administrators, and while
    the story is held back, or a partner keeps it to itself."""
    require(viewer, Permission.SEE_EVIDENCE, project_id)
    row = session.scalar(
        select(ConsentEvidence).join(Story, Story.id == ConsentEvidence.story_id)
        .where(ConsentEvidence.id == evidence_id, ConsentEvidence.story_id == story_id,
               Story.project_id == project_id, ConsentEvidence.stored_at.is_not(None)))
    if row is None:
        raise NotFound
    if embargoes.is_held_back(session, story_id) or custody.kept_from(session, viewer, [story_id]):
        raise NotFound
    return EvidenceFile(row.sha256, row.content_type, EvidenceKind(row.kind), row.story_id)


def take_away(session: Session, viewer: Viewer, project_id: str, story_id: str, evidence_id: str) -> EvidenceFile:
    """The same to save, and a note that somebody has it. Raises NotFound."""
    locks.share_exports(session)
    found = get_file(session, viewer, project_id, story_id, evidence_id)
    exports_made.note(session, viewer, project_id, f"evidence.{found.kind.value}", [(evidence_id, story_id)])
    return found
