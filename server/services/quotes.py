"""Quotes as they arrive from phones, kept word for word."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import may_keep_quote
from server.domain.errors import Invalid, NotFound, SameIdOtherContent, UseRefused
from server.domain.sent import SentQuote
from server.domain.sync import Body, ChangeKind, PhoneClock, Receipt
from server.models.story import Participant, Quote
from server.services import changes, consents, held, indexing, locks, receipts, stories
from server.services.insertion import insert_once


def receive(session: Session, viewer: Viewer, sent: SentQuote, body: Body, clock: PhoneClock,
            received_at: datetime | None = None) -> tuple[Receipt, bool]:
    """Keep a quote once; the receipt, and whether it is new. Before its story has come it is held.

    Raises NotFound, Withdrawn, SameIdOtherContent, Invalid for words of somebody who did not tell the story, or
    UseRefused when nobody at all may read it.
    """
    locks.take_story(session, sent.story_id)
    receipts.refuse_withdrawn(session, viewer, sent.id)
    story = stories.to_add_to(session, viewer, sent.story_id)
    is_agreed = may_keep_quote(consents.agreed_uses(session, sent.story_id))
    if story is None:
        if not is_agreed and stories.consent_project(session, sent.story_id):
            raise UseRefused
        return held.hold(session, viewer, held.QUOTE, sent.id, sent.story_id, None, body, clock)
    _require_participant(session, sent)
    is_new = is_agreed and insert_once(
        session, Quote, Quote.id, id=sent.id, story_id=story.id, text=sent.text, participant_id=sent.participant_id,
        written_at=clock.right(sent.written_at), body_sha256=body.sha256, body_bytes=body.size,
        received_at=received_at or datetime.now(UTC))
    row = session.get(Quote, sent.id)
    if row is None:
        raise UseRefused
    if row.story_id != story.id:
        raise NotFound
    if row.body_sha256 != body.sha256:
        raise SameIdOtherContent
    if is_new:
        changes.note(session, ChangeKind.RECEIPT, row.id, story.project_id, viewer.person_id)
        indexing.ask(session, story.id)
    return receipts.for_quote(row), is_new


def _require_participant(session: Session, sent: SentQuote) -> None:
    if sent.participant_id is None:
        return
    found = session.get(Participant, sent.participant_id)
    if found is None or found.story_id != sent.story_id:
        raise Invalid(fields={"participant_id": "This person did not tell this story."})
