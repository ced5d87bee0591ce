"""Manifests of recordings in segments, as they arrive from phones, and how far such a recording has come."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import manifest as rules
from server.domain.access import Permission, Viewer, require
from server.domain.consent import may_keep_recording
from server.domain.errors import ManifestMismatch, NotFound, SameIdOtherContent, UseRefused
from server.domain.manifest import Gathering, ListedSegment, SentManifest
from server.domain.sent import PartKind
from server.domain.sync import Body, ChangeKind, PhoneClock, Receipt
from server.models.project import Prompt
from server.models.segment import RecordingManifest, RecordingMarker
from server.models.story import Recording, Story
from server.models.upload import Upload
from server.services import changes, consents, held, joining, locks, making, receipts, segments, stories, unlisted
from server.services.insertion import insert_once


@dataclass(frozen=True)
class Gathered:
    """How far a recording has come, and what is missing from it: what is awaited, and what it is made without."""

    id: str
    state: Gathering
    missing: tuple[ListedSegment, ...]


def receive(session: Session, viewer: Viewer, sent: SentManifest, body: Body, clock: PhoneClock,
            received_at: datetime | None = None) -> tuple[Receipt, bool]:
    """Keep a manifest once; the receipt, and whether it is new. Before its story has come it is held.

    Raises NotFound, Withdrawn, UseRefused, SameIdOtherContent, or ManifestMismatch where a segment came that it does
    not list. Where somebody had the recording made of what came, it may list others, which it is made without.
    """
    locks.take_story(session, sent.story_id)
    receipts.refuse_withdrawn(session, viewer, sent.id)
    story = stories.to_add_to(session, viewer, sent.story_id)
    is_agreed = may_keep_recording(consents.agreed_uses(session, sent.story_id))
    if story is None:
        if not is_agreed and stories.consent_project(session, sent.story_id):
            raise UseRefused
        return held.hold(session, viewer, held.MANIFEST, sent.id, sent.story_id, None, body, clock)
    received_at = received_at or datetime.now(UTC)
    is_new = is_agreed and _insert(session, sent, body, clock, received_at)
    row = session.get(RecordingManifest, sent.id, populate_existing=True)
    if row is None:
        raise UseRefused
    if row.story_id != story.id:
        raise NotFound
    if is_new:
        _refuse_others(session, sent)
    elif row.is_of_what_came:
        if not is_agreed:
            raise UseRefused
        unlisted.take_manifest(session, row, sent, body, clock.right(sent.started_at), received_at)
        is_new = True
    if row.body_sha256 != body.sha256:
        raise SameIdOtherContent
    if is_new:
        _add_markers(session, sent, story)
        making.say_more(session, row)
        changes.note(session, ChangeKind.RECEIPT, row.id, story.project_id, viewer.person_id)
        joining.go_on(session, row.id)
    return receipts.for_manifest(row), is_new


def find(session: Session, viewer: Viewer, recording_id: str) -> Gathered:
    """How far a recording has come, in segments or whole. Raises NotFound, Withdrawn."""
    receipts.refuse_withdrawn(session, viewer, recording_id)
    row = session.get(RecordingManifest, recording_id)
    whole = session.get(Recording, recording_id)
    story_id = row.story_id if row else whole.story_id if whole else None
    project_id = session.scalar(select(Story.project_id).where(Story.id == (story_id or "")))
    require(viewer, Permission.COLLECT, project_id or "")
    if row is None:
        is_stored = whole is not None and whole.stored_at is not None
        return Gathered(recording_id, Gathering.COMPLETE if is_stored else Gathering.JOINING, ())
    state = (Gathering.COMPLETE if row.completed_at is not None
             else Gathering.WAITING if segments.awaited(session, row) else Gathering.JOINING)
    return Gathered(row.id, state, tuple(segments.missing(session, row)))


def _insert(session: Session, sent: SentManifest, body: Body, clock: PhoneClock, received_at: datetime) -> bool:
    return insert_once(
        session, RecordingManifest, RecordingManifest.id, id=sent.id, story_id=sent.story_id, position=sent.position,
        started_at=clock.right(sent.started_at), segments=[rules.to_json(segment) for segment in sent.segments],
        body_sha256=body.sha256, body_bytes=body.size, received_at=received_at)


def _refuse_others(session: Session, sent: SentManifest) -> None:
    """Raises SameIdOtherContent where the recording comes whole (NotFound to another story), ManifestMismatch where a
    segment came that is not of it. One that is still on its way is refused when it has come."""
    for whole in (select(Recording.story_id).where(Recording.id == sent.id),
                  select(Upload.story_id).where(Upload.part_id == sent.id, Upload.kind == PartKind.RECORDING)):
        story_id = session.scalar(whole)
        if story_id is not None:
            raise SameIdOtherContent if story_id == sent.story_id else NotFound
    for row in segments.arrived(session, sent.id, sent.story_id):
        if not rules.fits(sent.segments, (row.id, row.sha256, row.size)):
            raise ManifestMismatch


def _add_markers(session: Session, sent: SentManifest, story: Story) -> None:
    prompts = select(Prompt).where(Prompt.project_id == story.project_id)
    asked: dict[str | None, str] = {prompt.id: prompt.text for prompt in session.scalars(prompts)}
    session.add_all(
        RecordingMarker(recording_id=sent.id, id=marker.id, saved_at_ms=marker.saved_at_ms,
                        prompt_id=marker.prompt_id, prompt_text=asked.get(marker.prompt_id, ""),
                        theme_id=marker.theme_id)
        for marker in sent.markers)
    session.flush()
