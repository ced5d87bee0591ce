"""Stories as they arrive from phones."""

from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.errors import ConsentMissing, Invalid, SameIdOtherContent, StoryMissing
from server.domain.sent import SentStory
from server.domain.sync import Body, PhoneClock, Receipt
from server.models.consent import ConsentRecord
from server.models.story import Conversation, Story
from server.services import receipts


def receive(session: Session, viewer: Viewer, sent: SentStory, body: Body, clock: PhoneClock) -> tuple[Receipt, bool]:
    """Keep a story once; the receipt, and whether it is new.

    Raises NotFound, Withdrawn, ConsentMissing, SameIdOtherContent.
    """
    require(viewer, Permission.COLLECT, sent.project_id)
    receipts.refuse_withdrawn(session, viewer, sent.id)
    if earlier := session.get(Story, sent.id):
        return _same(viewer, earlier, body), False
    if not session.scalar(select(exists().where(ConsentRecord.story_id == sent.id,
                                                ConsentRecord.project_id == sent.project_id))):
        raise ConsentMissing
    _ensure_conversation(session, viewer, sent, clock)
    row = Story(
        id=sent.id, project_id=sent.project_id, conversation_id=sent.conversation_id, researcher_id=viewer.person_id,
        pseudonym=sent.pseudonym, place=sent.place, told_at=clock.right(sent.told_at), told_at_phone=sent.told_at,
        receipt_code_hash=sent.receipt_code_hash, body_sha256=body.sha256, body_bytes=body.size,
        received_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        earlier = session.get(Story, sent.id)
        if earlier is None:
            raise Invalid(fields={"receipt_code": "This code belongs to another story."}) from None
        return _same(viewer, earlier, body), False
    return receipts.for_story(row), True


def to_add_to(session: Session, viewer: Viewer, story_id: str, *, lock: bool = False) -> Story:
    """The story that something is to be added to. With `lock`, nobody withdraws it before this is done.

    Raises NotFound, Withdrawn or StoryMissing.
    """
    receipts.refuse_withdrawn(session, viewer, story_id)
    story = session.get(Story, story_id, with_for_update={"key_share": True} if lock else None)
    if story is None:
        raise StoryMissing
    require(viewer, Permission.COLLECT, story.project_id)
    return story


def _same(viewer: Viewer, earlier: Story, body: Body) -> Receipt:
    require(viewer, Permission.COLLECT, earlier.project_id)
    if earlier.body_sha256 != body.sha256:
        raise SameIdOtherContent
    return receipts.for_story(earlier)


def _ensure_conversation(session: Session, viewer: Viewer, sent: SentStory, clock: PhoneClock) -> None:
    """The first story of a conversation brings it along; the others find it there."""
    if session.get(Conversation, sent.conversation_id) is None:
        try:
            with session.begin_nested():
                session.add(Conversation(
                    id=sent.conversation_id, project_id=sent.project_id, researcher_id=viewer.person_id,
                    place=sent.conversation_place, started_at=clock.right(sent.conversation_started_at)))
        except IntegrityError:
            session.expire_all()
    found = session.get(Conversation, sent.conversation_id)
    if found is None or found.project_id != sent.project_id:
        raise SameIdOtherContent
