"""Stories as they arrive from phones."""

from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.errors import Invalid, NotFound, SameIdOtherContent, Unavailable
from server.domain.sent import SentStory
from server.domain.sync import Body, ChangeKind, PhoneClock, Receipt
from server.models.consent import ConsentRecord
from server.models.story import Conversation, Participant, Story
from server.services import (
    changes,
    consents,
    custody,
    embargoes,
    groups,
    held,
    locks,
    receipts,
    story_language,
    withdrawn_codes,
)
from server.services.insertion import insert_once

_CODE_OF_ANOTHER = {"receipt_code": "This code belongs to another story."}


def receive(session: Session, viewer: Viewer, sent: SentStory, body: Body, clock: PhoneClock,
            received_at: datetime | None = None) -> tuple[Receipt, bool]:
    """Keep a story once; the receipt, and whether it is new. Until everybody's consent has come it is held.

    Raises NotFound, Withdrawn, Invalid, SameIdOtherContent.
    """
    require(viewer, Permission.COLLECT, sent.project_id)
    locks.take_story(session, sent.id)
    receipts.refuse_withdrawn(session, viewer, sent.id)
    project_id = consent_project(session, sent.id)
    if project_id not in (None, sent.project_id):
        raise NotFound
    people = [one.id for one in sent.participants]
    if not consents.are_all_asked(session, sent.id, people) and session.get(Story, sent.id) is None:
        waiting = held.hold(session, viewer, held.STORY, sent.id, sent.id, sent.project_id, body, clock, received_at)
        embargoes.receive(session, viewer, sent.embargo, sent.id, sent.project_id)
        return waiting
    came_at = received_at or held.release(session, viewer, held.STORY, sent.id, body) or datetime.now(UTC)
    is_new = _insert(session, viewer, sent, body, clock, came_at)
    row = session.get_one(Story, sent.id)
    if row.body_sha256 != body.sha256:
        raise SameIdOtherContent
    if is_new:
        embargoes.receive(session, viewer, sent.embargo, row.id, row.project_id)
        consents.decide_again(session, row.id)  # now it is known whose agreement is needed
        story_language.settle(session, row.id)
        changes.note(session, ChangeKind.RECEIPT, row.id, row.project_id, viewer.person_id)
    return receipts.for_story(row), is_new


def to_add_to(session: Session, viewer: Viewer, story_id: str, *, lock: bool = False) -> Story | None:
    """The story that something is to be added to; None when it has not come yet.

    With `lock`, nobody withdraws it before this is done. Raises NotFound, Withdrawn.
    """
    receipts.refuse_withdrawn(session, viewer, story_id)
    story = session.get(Story, story_id, with_for_update={"key_share": True} if lock else None)
    project_id = story.project_id if story else consent_project(session, story_id)
    if project_id is None:
        held.require_collects_somewhere(viewer)
    else:
        require(viewer, Permission.COLLECT, project_id)
    return story


def consent_project(session: Session, story_id: str) -> str | None:
    """The project in which somebody agreed to this story, which may not have come yet."""
    return session.scalar(select(ConsentRecord.project_id).where(ConsentRecord.story_id == story_id).limit(1))


def _insert(session: Session, viewer: Viewer, sent: SentStory, body: Body, clock: PhoneClock,
            received_at: datetime) -> bool:
    _ensure_conversation(session, viewer, sent, clock)
    try:
        with session.begin_nested():
            is_new = insert_once(
                session, Story, Story.id, id=sent.id, project_id=sent.project_id,
                conversation_id=sent.conversation_id, researcher_id=viewer.person_id, pseudonym=sent.pseudonym,
                place=sent.place, told_at=clock.right(sent.told_at), told_at_phone=sent.told_at,
                receipt_code_hash=sent.receipt_code_hash, body_sha256=body.sha256, body_bytes=body.size,
                received_at=received_at, people=max(1, len(sent.participants)),
                organisation_id=custody.keeper_of_new(session, viewer.person_id, sent.project_id, sent.id))
            if is_new:
                _require_own(session, sent)
                _add_participants(session, sent)
            return is_new
    except IntegrityError:  # in this moment
        _require_own(session, sent)
        raise Invalid(fields=_CODE_OF_ANOTHER) from None


def _require_own(session: Session, sent: SentStory) -> None:
    """A code of another story would show one story to whoever told the other, also once that was withdrawn.

    Raises Invalid, for the id of somebody who told another story as well.
    """
    ids = [one.id for one in sent.participants]
    if session.scalar(select(exists().where(Participant.id.in_(ids), Participant.story_id != sent.id))):
        raise Invalid(fields={"participants": "The id of one of them belongs to somebody who told another story."})
    codes = {sent.receipt_code_hash, *(one.receipt_code_hash for one in sent.participants)}
    if any(withdrawn_codes.is_of_another(session, sent.id, code) for code in sorted(codes)):
        raise Invalid(fields=_CODE_OF_ANOTHER)


def _add_participants(session: Session, sent: SentStory) -> None:
    session.add_all(
        Participant(id=one.id, story_id=sent.id, position=position, pseudonym=one.pseudonym,
                    receipt_code_hash=one.receipt_code_hash)
        for position, one in enumerate(sent.participants))
    session.flush()
    groups.keep_said(session, sent.id, sent.project_id, sent.participants)


def _ensure_conversation(session: Session, viewer: Viewer, sent: SentStory, clock: PhoneClock) -> None:
    """The first story of a conversation brings it along; the others find it there."""
    insert_once(
        session, Conversation, Conversation.id, id=sent.conversation_id, project_id=sent.project_id,
        researcher_id=viewer.person_id, place=sent.conversation_place,
        started_at=clock.right(sent.conversation_started_at))
    found = session.get(Conversation, sent.conversation_id, populate_existing=True, with_for_update={"key_share": True})
    if found is None:
        raise Unavailable  # its last story was withdrawn in this moment: the same again brings it anew
    if found.project_id != sent.project_id:
        raise SameIdOtherContent
