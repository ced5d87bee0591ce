"""What the database has of a story: the work on it, and its rows. Both go when it is withdrawn."""

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.domain.withdrawal_step import Place
from server.models.collection import CollectionItem
from server.models.consent import ConsentEvidence, ConsentRecord, Embargo
from server.models.group import Belonging, SelfDescription
from server.models.held import HeldArrival
from server.models.note import Note
from server.models.provocation import Evidence
from server.models.redaction import PhotoRegion, Redaction
from server.models.reidentification import ReidentificationLook
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Conversation, Participant, Photo, Quote, Recording, Story
from server.models.suggestion import SuggestionAnswer
from server.models.theme import Excerpt, OnPart, Tagging
from server.models.transcript import (
    Correction,
    HeardStretch,
    Speaker,
    Transcript,
    TranscriptSegment,
    TranscriptWindow,
    Translation,
)
from server.models.upload import Upload
from server.models.work import Job
from server.services import work

_BY_STORY = (Note, SuggestionAnswer, Excerpt, Speaker, Redaction, RecordingSegment, RecordingManifest, Upload,
             HeldArrival, Quote, Photo, ConsentEvidence, SelfDescription, Participant, Recording)


class QueuedWork:
    """Jobs about a story, and every try at them."""

    place = Place.QUEUED_WORK

    def let_go(self, session: Session, story_id: str) -> None:
        """A result that is being written now is waited for."""
        work.forget_story(session, story_id)

    def is_there(self, session: Session, story_id: str) -> bool:
        return bool(session.scalar(select(exists().where(Job.story_id == story_id))))


class Rows:
    """Every row with something of a story in it."""

    place = Place.ROWS

    def let_go(self, session: Session, story_id: str) -> None:
        _delete_content(session, story_id)

    def is_there(self, session: Session, story_id: str) -> bool:
        """Rows that point at others go before them, so those that name the story say it for all."""
        return bool(session.scalar(select(or_(exists().where(Story.id == story_id), *(
            exists().where(owner.story_id == story_id) for owner in _BY_STORY)))))


def _delete_content(session: Session, story_id: str) -> None:
    """Every row with something of the story in it, those that point at others first."""
    recordings = select(Recording.id).where(Recording.story_id == story_id)
    manifests = select(RecordingManifest.id).where(RecordingManifest.story_id == story_id)
    transcripts = select(Transcript.id).where(Transcript.recording_id.in_(recordings))
    conversation_id = session.scalar(select(Story.conversation_id).where(Story.id == story_id))
    for rows in (
        delete(Note).where(Note.story_id == story_id),
        delete(SuggestionAnswer).where(SuggestionAnswer.story_id == story_id),
        delete(Evidence).where(on_part(Evidence, story_id)),
        delete(Tagging).where(on_part(Tagging, story_id)),
        delete(ReidentificationLook).where(on_part(ReidentificationLook, story_id)),
        delete(CollectionItem).where(or_(CollectionItem.story_id == story_id, on_part(CollectionItem, story_id))),
        delete(Excerpt).where(Excerpt.story_id == story_id),
        delete(TranscriptWindow).where(TranscriptWindow.recording_id.in_(recordings)),
        *(delete(table).where(table.transcript_id.in_(transcripts))
          for table in (Correction, HeardStretch, Translation, TranscriptSegment)),
        delete(Speaker).where(Speaker.story_id == story_id),
        delete(Transcript).where(Transcript.recording_id.in_(recordings)),
        delete(Redaction).where(Redaction.story_id == story_id),
        delete(PhotoRegion).where(PhotoRegion.photo_id.in_(select(Photo.id).where(Photo.story_id == story_id))),
        update(Embargo).where(Embargo.story_id == story_id).values(reason=""),
        delete(RecordingGap).where(RecordingGap.recording_id.in_(recordings)),
        delete(RecordingMarker).where(RecordingMarker.recording_id.in_(manifests)),
        delete(RecordingSegment).where(RecordingSegment.story_id == story_id),
        delete(RecordingManifest).where(RecordingManifest.story_id == story_id),
        delete(Upload).where(Upload.story_id == story_id),
        delete(HeldArrival).where(HeldArrival.story_id == story_id),
        delete(Quote).where(Quote.story_id == story_id),
        delete(Photo).where(Photo.story_id == story_id),
        *(delete(table).where(table.story_id == story_id)
          for table in (ConsentEvidence, Belonging, SelfDescription, Participant)),
        update(ConsentRecord).where(ConsentRecord.story_id == story_id).values(
            agreed_by="", interpreter="", witness=""),
        delete(Recording).where(Recording.story_id == story_id),
        delete(Story).where(Story.id == story_id),
        delete(Conversation).where(Conversation.id == conversation_id,
                                   ~exists().where(Story.conversation_id == conversation_id)),
    ):
        session.execute(rows.execution_options(synchronize_session=False))


def on_part(owner: type[OnPart], story_id: str) -> ColumnElement[bool]:
    """SQL: it is on an excerpt, a quote or a photo of this story."""
    def of(part: type[Excerpt] | type[Quote] | type[Photo]) -> Select[str]:
        return select(part.id).where(part.story_id == story_id)

    return or_(owner.excerpt_id.in_(of(Excerpt)), owner.quote_id.in_(of(Quote)), owner.photo_id.in_(of(Photo)))
