"""What a story loses whose words alone may stay: its sound, its pictures, what shows the consent, every name, what
people said of themselves, and what the team wrote about it, which can name somebody.

A recording that was written down, or of which a passage was chosen, stays as what those rest on, and names no bytes.
"""

from collections.abc import Iterable

from sqlalchemy import Delete, Update, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.models.collection import CollectionItem
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.group import Belonging, SelfDescription
from server.models.held import HeldArrival
from server.models.note import Note
from server.models.provocation import Evidence
from server.models.redaction import PhotoRegion, Redaction
from server.models.reidentification import ReidentificationLook
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Conversation, Participant, Photo, Recording, Story
from server.models.theme import Excerpt, Tagging
from server.models.transcript import Speaker, Transcript, TranscriptWindow
from server.models.upload import Upload
from server.services import receipt_codes

# What somebody is called whose name is forgotten.
NOBODY = "Somebody"


def delete_from(session: Session, story_id: str) -> None:
    """Delete the rows of them, and the names. The caller has asked for the bytes to be erased, and ends the work."""
    receipt_codes.keep_names(session, story_id)
    _execute(session, _pictures_and_evidence(story_id))
    _execute(session, _sound(story_id))
    _execute(session, _names(story_id))
    session.expire_all()


def _pictures_and_evidence(story_id: str) -> tuple[Delete, ...]:
    photos = select(Photo.id).where(Photo.story_id == story_id)
    return (
        delete(Evidence).where(Evidence.photo_id.in_(photos)),
        delete(Tagging).where(Tagging.photo_id.in_(photos)),
        delete(CollectionItem).where(CollectionItem.photo_id.in_(photos)),
        delete(ReidentificationLook).where(ReidentificationLook.photo_id.in_(photos)),
        delete(PhotoRegion).where(PhotoRegion.photo_id.in_(photos)),
        delete(Photo).where(Photo.story_id == story_id),
        delete(ConsentEvidence).where(ConsentEvidence.story_id == story_id),
        delete(Upload).where(Upload.story_id == story_id),
        delete(HeldArrival).where(HeldArrival.story_id == story_id),
    )


def _sound(story_id: str) -> tuple[Delete | Update, ...]:
    """Gaps and markers go only with recordings of which no word is left."""
    recordings = select(Recording.id).where(Recording.story_id == story_id)
    has_words = or_(exists().where(Transcript.recording_id == Recording.id),
                    exists().where(Excerpt.recording_id == Recording.id))
    wordless, written = recordings.where(~has_words), recordings.where(has_words)
    unmade = select(RecordingManifest.id).where(RecordingManifest.story_id == story_id,
                                                RecordingManifest.id.not_in(written))
    return (
        delete(TranscriptWindow).where(TranscriptWindow.recording_id.in_(recordings)),
        delete(RecordingSegment).where(RecordingSegment.story_id == story_id),
        delete(RecordingMarker).where(RecordingMarker.recording_id.in_(unmade)),
        delete(RecordingManifest).where(RecordingManifest.id.in_(unmade)),
        update(RecordingManifest).where(RecordingManifest.story_id == story_id).values(
            segments=[], left_out=[], completed_at=RecordingManifest.received_at),
        delete(Redaction).where(Redaction.recording_id.in_(wordless)),
        delete(RecordingGap).where(RecordingGap.recording_id.in_(wordless)),
        delete(Recording).where(Recording.id.in_(wordless)),
        update(Recording).where(Recording.story_id == story_id).values(
            sha256="", size=0, playback_sha256=None, clean_sha256=None),
        update(Excerpt).where(Excerpt.story_id == story_id).values(clip_sha256=None),
    )


def _names(story_id: str) -> tuple[Delete | Update, ...]:
    conversation = select(Story.conversation_id).where(Story.id == story_id).scalar_subquery()
    return (
        delete(Note).where(Note.story_id == story_id),
        *(delete(said).where(said.story_id == story_id) for said in (Belonging, SelfDescription)),
        update(Participant).where(Participant.story_id == story_id).values(pseudonym=NOBODY),
        update(Speaker).where(Speaker.story_id == story_id).values(name=""),
        update(ConsentRecord).where(ConsentRecord.story_id == story_id).values(
            agreed_by="", interpreter="", witness=""),
        update(Conversation).where(Conversation.id == conversation).values(place=""),
        update(Story).where(Story.id == story_id).values(pseudonym=NOBODY, place="", described=0),
    )


def _execute(session: Session, statements: Iterable[Delete | Update]) -> None:
    for statement in statements:
        session.execute(statement.execution_options(synchronize_session=False))
