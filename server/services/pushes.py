"""What phones push, one at a time, and what each lets in that came before it.

A consent lets in its story; a story lets in its quotes, manifests and files. What turns out not to be agreed to is
dropped, and so is what somebody sent who collects there no more: the phone keeps its own until it has a receipt.
"""

import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import may_keep_quote, may_keep_recording
from server.domain.errors import Refusal
from server.domain.manifest import SentManifest
from server.domain.sent import SentConsent, SentQuote, SentStory, read_quote, read_story
from server.domain.sent_manifest import read_manifest
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, PhoneClock, Receipt, Standing
from server.models.held import HeldArrival
from server.models.people import Person
from server.models.story import Story
from server.services import arrivals, consents, held, joining, manifests, phone_withdrawals, quotes, sign_in, stories

log = logging.getLogger(__name__)


def push_consent(session: Session, viewer: Viewer, sent: SentConsent, body: Body,
                 clock: PhoneClock) -> tuple[Receipt, bool]:
    """As `consents.record`, and lets in what waited for it."""
    receipt, is_new = consents.record(session, viewer, sent, body, clock)
    if is_new:
        _let_in_story(session, sent.story_id)
    return receipt, is_new


def push_story(session: Session, viewer: Viewer, sent: SentStory, body: Body,
               clock: PhoneClock) -> tuple[Receipt, bool]:
    """As `stories.receive`, and lets in what waited for it."""
    receipt, is_new = stories.receive(session, viewer, sent, body, clock)
    if is_new and receipt.standing is Standing.KEPT:
        _let_in_parts(session, sent.id)
    return receipt, is_new


def push_quote(session: Session, viewer: Viewer, sent: SentQuote, body: Body,
               clock: PhoneClock) -> tuple[Receipt, bool]:
    """As `quotes.receive`: nothing waits for a quote."""
    return quotes.receive(session, viewer, sent, body, clock)


def push_manifest(session: Session, viewer: Viewer, sent: SentManifest, body: Body,
                  clock: PhoneClock) -> tuple[Receipt, bool]:
    """As `manifests.receive`: the segments it lists come by themselves."""
    return manifests.receive(session, viewer, sent, body, clock)


def push_withdrawal(session: Session, viewer: Viewer, sent: SentWithdrawal, body: Body,
                    clock: PhoneClock) -> tuple[Receipt, bool]:
    """As `phone_withdrawals.receive`: what waited goes."""
    return phone_withdrawals.receive(session, viewer, sent, body, clock)


def _let_in_story(session: Session, story_id: str) -> None:
    for row in held.list_waiting(session, story_id, held.STORY):
        _let_in(session, row)
    if session.get(Story, story_id) is not None:
        _let_in_parts(session, story_id)
        joining.go_on_with_story(session, story_id)
        return
    agreed = consents.agreed_uses(session, story_id)
    for kind, is_kept in ((held.QUOTE, may_keep_quote(agreed)), (held.MANIFEST, may_keep_recording(agreed))):
        if not is_kept:
            held.drop(session, story_id, kind)


def _let_in_parts(session: Session, story_id: str) -> None:
    for kind in (held.QUOTE, held.MANIFEST):
        for row in held.list_waiting(session, story_id, kind):
            _let_in(session, row)
    arrivals.admit(session, story_id)


def _let_in(session: Session, row: HeldArrival) -> None:
    """Do with the bytes what would be done if they came now, but remember when they came."""
    sender = sign_in.viewer_of(session, session.get_one(Person, row.person_id))
    body, clock = Body.of(row.body), PhoneClock(timedelta(milliseconds=row.clock_error_ms))
    session.delete(row)
    session.flush()
    try:
        with session.begin_nested():
            match row.kind:
                case held.STORY:
                    stories.receive(session, sender, read_story(body.read(), row.id), body, clock, row.received_at)
                case held.QUOTE:
                    quotes.receive(session, sender, read_quote(body.read(), row.id), body, clock, row.received_at)
                case held.MANIFEST:
                    sent = read_manifest(body.read(), row.id)
                    manifests.receive(session, sender, sent, body, clock, row.received_at)
    except Refusal as refusal:
        log.info("a held %s was dropped: %s", row.kind, refusal.code)
