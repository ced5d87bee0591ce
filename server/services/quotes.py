"""Quotes as they arrive from phones, kept word for word."""

from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import may_keep_quote
from server.domain.errors import NotFound, SameIdOtherContent, UseRefused
from server.domain.sent import SentQuote
from server.domain.sync import Body, PhoneClock, Receipt
from server.models.story import Quote, Story
from server.services import consents, receipts, stories


def receive(session: Session, viewer: Viewer, sent: SentQuote, body: Body, clock: PhoneClock) -> tuple[Receipt, bool]:
    """Keep a quote once; the receipt, and whether it is new.

    Raises NotFound, Withdrawn, StoryMissing, SameIdOtherContent, or UseRefused when nobody at all may read it.
    """
    receipts.refuse_withdrawn(session, viewer, sent.id)
    story = stories.to_add_to(session, viewer, sent.story_id, lock=True)
    if earlier := session.get(Quote, sent.id):
        return _same(story, earlier, body), False
    if not may_keep_quote(consents.agreed_uses(session, story.id)):
        raise UseRefused
    row = Quote(id=sent.id, story_id=story.id, text=sent.text, written_at=clock.right(sent.written_at),
                body_sha256=body.sha256, body_bytes=body.size, received_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return _same(story, session.get_one(Quote, sent.id), body), False
    return receipts.for_quote(row), True


def _same(story: Story, earlier: Quote, body: Body) -> Receipt:
    if earlier.story_id != story.id:
        raise NotFound
    if earlier.body_sha256 != body.sha256:
        raise SameIdOtherContent
    return receipts.for_quote(earlier)
