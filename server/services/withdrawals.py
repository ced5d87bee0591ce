"""The end of a story: in one transaction it is cleared for nobody, its work stops, and every word of it is deleted.

What stays holds no word of it: the consent records, the withdrawal, the ids that a late copy is refused by, and the
hashes of files until the store has let go of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, may
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.domain.retention import Cause
from server.domain.sync import ChangeKind
from server.domain.work import Kind
from server.models.consent import ConsentEvidence, ConsentRecord, Embargo, Tombstone, Withdrawal
from server.models.held import HeldArrival
from server.models.project import Project
from server.models.provocation import Evidence
from server.models.redaction import PhotoRegion, Redaction
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Conversation, Participant, Photo, Quote, Recording, Story
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
from server.models.work import Attempt, Job
from server.services import audit, changes, consents, erasures, held, locks, withdrawn_codes, work

_ACTION_OF = {Cause.ASKED: Action.WITHDREW, Cause.RETENTION: Action.DISPOSED}


@dataclass(frozen=True)
class Ended:
    """A story that was withdrawn, by its project and the moment. Nothing else of it is known."""

    project_name: str
    at: datetime


def withdraw(session: Session, viewer: Viewer, story_id: str, reason: str = "") -> None:
    """Record a withdrawal and empty the story. Doing it twice changes nothing; the consent alone is enough to do it.

    Researchers withdraw what they collected, administrators anything in their project. Raises NotFound.
    """
    locks.take_story(session, story_id)
    project_id = project_to_withdraw_from(session, viewer, story_id)
    if project_id is None:
        raise NotFound
    end(session, viewer, story_id, project_id, reason, datetime.now(UTC))


def project_to_withdraw_from(session: Session, viewer: Viewer, story_id: str) -> str | None:
    """The project of a story that the viewer may withdraw, also before it has arrived and after it is gone; None where
    neither it nor its consent has ever come. Raises NotFound."""
    found = _whose(session, story_id)
    if found is None:
        return None
    project_id, researcher_id = found
    is_administrator = Role.ADMINISTRATOR in viewer.roles_in(project_id)
    if not may(viewer, Permission.WITHDRAW, project_id) or not (is_administrator or viewer.person_id == researcher_id):
        raise NotFound
    return project_id


def find_project(session: Session, story_id: str) -> str | None:
    """The project of a story of which its words or a consent came, also where the words wait for a consent. The caller
    has asked who may know."""
    found = _whose(session, story_id)
    if found is not None:
        return found[0]
    waiting = HeldArrival.id == story_id, HeldArrival.kind == held.STORY
    return session.scalar(select(HeldArrival.project_id).where(*waiting))


def end(session: Session, viewer: Viewer | None, story_id: str, project_id: str, reason: str, at: datetime,
        codes: Iterable[str] = (), *, cause: Cause = Cause.ASKED) -> None:
    """Record the withdrawal, once, and empty the story. The caller holds the story, and has asked who may.

    There is no viewer where one of those who told it does it with their receipt, or the project keeps it no longer.
    `codes` are the hashed receipt codes of those who told it, as a phone knows them, for a story that has not come.
    """
    if session.get(Withdrawal, story_id) is None:
        person_id = viewer.person_id if viewer else None
        session.add(Withdrawal(
            story_id=story_id, project_id=project_id, recorded_by=person_id, reason=reason.strip(), cause=cause.value,
            receipt_code_hash=withdrawn_codes.of_story(session, story_id), at=at))
        session.flush()
        # A phone may tell of it long after it was made, and by somebody else.
        audit.note(session, person_id, _ACTION_OF[cause], "story", story_id, project_id, made_at=at.isoformat())
    if withdrawn_codes.keep(session, story_id, {*withdrawn_codes.of_participants(session, story_id), *codes}):
        _write_down_again(session, story_id)
    empty(session, story_id, project_id)


def apply_again(session: Session) -> int:
    """Empty what is there of withdrawn stories: something that slipped in, or came back with an old backup."""
    # From the withdrawals to the stories, and not through all the stories there are.
    ended = select(Withdrawal.story_id)
    left = session.execute(select(Story.id, Story.project_id).where(Story.id.in_(ended))).all()
    for story_id, project_id in left:
        empty(session, story_id, project_id)
    return len(left)


def list_refused(session: Session, story_id: str) -> list[str]:
    """Every id that is refused since the story was withdrawn; staged files are named by some of them."""
    return list(session.scalars(select(Tombstone.id).where(Tombstone.story_id == story_id)))


def get_ended(session: Session, viewer: Viewer, project_id: str, story_id: str) -> Ended:
    """The withdrawal of a story of this project. Raises NotFound."""
    query = (select(Withdrawal.at, Project.name).join(Project, Project.id == Withdrawal.project_id)
             .where(Withdrawal.story_id == story_id, Withdrawal.project_id == project_id))
    found = session.execute(query).one_or_none() if may(viewer, Permission.WITHDRAW, project_id) else None
    if found is None:
        raise NotFound
    return Ended(found.name, found.at)


def _whose(session: Session, story_id: str) -> tuple[str, str] | None:
    """The project and the researcher of a story, or who took its first consent."""
    # The lock keeps parts of the story from arriving until this transaction has ended.
    story = session.scalar(select(Story).where(Story.id == story_id).with_for_update())
    if story is not None:
        return story.project_id, story.researcher_id
    records = select(ConsentRecord).where(ConsentRecord.story_id == story_id).order_by(ConsentRecord.sequence)
    consent = session.scalars(records).first()
    return (consent.project_id, consent.taken_by or "") if consent else None


def empty(session: Session, story_id: str, project_id: str) -> None:
    """Clear a withdrawn story for nobody, stop its work, delete its rows and ask for its bytes to be erased."""
    # Jobs go first: a result that is being written now is waited for, and found below.
    jobs = select(Job.id).where(Job.story_id == story_id)
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.story_id == story_id))
    consents.decide_again(session, story_id)
    refused = _refuse_for_ever(session, story_id)
    records = session.scalars(select(ConsentRecord.id).where(ConsentRecord.story_id == story_id))
    changes.note_withdrawn(session, story_id, project_id, refused.union(records))
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # it names the place no more
    hashes = _hashes(session, story_id)
    _delete_content(session, story_id)
    session.expire_all()
    erasures.ask(session, hashes, project_id)
    work.request(session, kind=Kind.SCRUB, subject_id=story_id, story_id=None, project_id=project_id)


def _refuse_for_ever(session: Session, story_id: str) -> set[str]:
    """Parts by the phone's ids, and uploads by the server's too, which name their staged files."""
    ids = {story_id}
    for column, owner in ((Recording.id, Recording), (RecordingManifest.id, RecordingManifest),
                          (RecordingSegment.id, RecordingSegment), (Photo.id, Photo),
                          (ConsentEvidence.id, ConsentEvidence), (Quote.id, Quote), (Upload.part_id, Upload),
                          (Upload.id, Upload), (HeldArrival.id, HeldArrival)):
        ids.update(session.scalars(select(column).where(owner.story_id == story_id)))
    ids.update(_recordings_to_come(session, story_id))
    known = set(session.scalars(select(Tombstone.id).where(Tombstone.id.in_(ids))))
    session.add_all(Tombstone(id=part_id, story_id=story_id) for part_id in sorted(ids - known))
    session.flush()
    if ids - known:
        _write_down_again(session, story_id)
    return ids


def _write_down_again(session: Session, story_id: str) -> None:
    """More is known of a withdrawal than was written down outside of the database."""
    session.execute(update(Withdrawal).where(Withdrawal.story_id == story_id).values(written_down_at=None))


def _recordings_to_come(session: Session, story_id: str) -> set[str]:
    """The recordings that its segments name. One that another story has stays that story's, whatever a segment says."""
    named = set(session.scalars(select(RecordingSegment.recording_id).where(RecordingSegment.story_id == story_id)))
    for column, owner in ((Recording.id, Recording), (RecordingManifest.id, RecordingManifest),
                          (Upload.part_id, Upload), (HeldArrival.id, HeldArrival)):
        named.difference_update(session.scalars(select(column).where(column.in_(named), owner.story_id != story_id)))
    return named


def _hashes(session: Session, story_id: str) -> set[str]:
    """Everything of the story that is in the store, or was put there by a server that stopped before it said so."""
    found: set[str | None] = set()
    for columns, owner in (
        ((Recording.sha256, Recording.playback_sha256, Recording.clean_sha256), Recording),
        ((Photo.sha256, Photo.derivative_sha256, Photo.clean_sha256), Photo),
    ):
        for row in session.execute(select(*columns).where(owner.story_id == story_id)):
            found.update(row)
    found.update(session.scalars(select(Excerpt.clip_sha256).where(Excerpt.story_id == story_id)))
    found.update(session.scalars(select(ConsentEvidence.sha256).where(ConsentEvidence.story_id == story_id)))
    found.update(session.scalars(select(RecordingSegment.sha256).where(RecordingSegment.story_id == story_id)))
    found.update(session.scalars(select(Upload.sha256).where(Upload.story_id == story_id)))
    return {sha256 for sha256 in found if sha256 is not None}


def _delete_content(session: Session, story_id: str) -> None:
    """Every row with something of the story in it, those that point at others first."""
    recordings = select(Recording.id).where(Recording.story_id == story_id)
    manifests = select(RecordingManifest.id).where(RecordingManifest.story_id == story_id)
    transcripts = select(Transcript.id).where(Transcript.recording_id.in_(recordings))
    conversation_id = session.scalar(select(Story.conversation_id).where(Story.id == story_id))
    for rows in (
        delete(Evidence).where(_on_part(Evidence, story_id)),
        delete(Tagging).where(_on_part(Tagging, story_id)),
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
        delete(ConsentEvidence).where(ConsentEvidence.story_id == story_id),
        delete(Participant).where(Participant.story_id == story_id),
        update(ConsentRecord).where(ConsentRecord.story_id == story_id).values(
            agreed_by="", interpreter="", witness=""),
        delete(Recording).where(Recording.story_id == story_id),
        delete(Story).where(Story.id == story_id),
        delete(Conversation).where(Conversation.id == conversation_id,
                                   ~exists().where(Story.conversation_id == conversation_id)),
    ):
        session.execute(rows.execution_options(synchronize_session=False))


def _on_part(owner: type[OnPart], story_id: str) -> ColumnElement[bool]:
    def of(part: type[Excerpt] | type[Quote] | type[Photo]) -> Select[str]:
        return select(part.id).where(part.story_id == story_id)

    return or_(owner.excerpt_id.in_(of(Excerpt)), owner.quote_id.in_(of(Quote)), owner.photo_id.in_(of(Photo)))
