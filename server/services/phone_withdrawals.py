"""Withdrawals as they arrive from phones, also of stories that the server never saw and will then never take."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may, require
from server.domain.errors import NotFound, SameIdOtherContent
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, ChangeKind, PhoneClock, Receipt
from server.models.consent import PhoneWithdrawal, Withdrawal
from server.models.held import HeldArrival
from server.models.upload import Upload
from server.services import changes, locks, receipts, withdrawals, withdrawn_codes
from server.services.insertion import insert_once


def receive(session: Session, viewer: Viewer, sent: SentWithdrawal, body: Body,
            clock: PhoneClock) -> tuple[Receipt, bool]:
    """End a story, and keep what was sent once; the receipt, and whether it is new.

    Researchers withdraw what they collected, what only their phone has, and whatever they can name a receipt code of;
    administrators anything in their project. Raises NotFound, SameIdOtherContent.
    """
    require(viewer, Permission.WITHDRAW, sent.project_id)
    locks.take_story(session, sent.story_id)
    known = session.get(PhoneWithdrawal, sent.id)
    if known is None:
        _end(session, viewer, sent, clock)
    is_new = known is None and insert_once(
        session, PhoneWithdrawal, PhoneWithdrawal.id, id=sent.id, story_id=sent.story_id, sent_by=viewer.person_id,
        withdrawn_at_phone=sent.withdrawn_at, body_sha256=body.sha256, body_bytes=body.size,
        received_at=datetime.now(UTC))
    row = session.get_one(PhoneWithdrawal, sent.id)
    if not may(viewer, Permission.WITHDRAW, session.get_one(Withdrawal, row.story_id).project_id):
        raise NotFound
    if row.body_sha256 != body.sha256:
        raise SameIdOtherContent
    if is_new:
        changes.note(session, ChangeKind.RECEIPT, row.id, sent.project_id, viewer.person_id)
    return receipts.of_withdrawal(session, row), is_new


def find_receipt(session: Session, withdrawal_id: str) -> Receipt:
    """How one that was received just now stands since."""
    return receipts.of_withdrawal(session, session.get_one(PhoneWithdrawal, withdrawal_id))


def _end(session: Session, viewer: Viewer, sent: SentWithdrawal, clock: PhoneClock) -> None:
    """Raises NotFound where the story is not the viewer's to withdraw, or of another project than they say."""
    ended, codes = session.get(Withdrawal, sent.story_id), sent.receipt_code_hashes
    if ended is not None:
        project_id: str | None = ended.project_id
        codes = codes if _may_add_codes(session, viewer, ended) else ()
    elif known := withdrawn_codes.of_everybody(session, sent.story_id).intersection(codes):
        # Only a phone that has the story, or somebody with its receipt, knows one. So a colleague passes on what was
        # taken back on a phone that they share, and adds no receipt of their own.
        project_id, codes = withdrawals.find_project(session, sent.story_id), tuple(known)
    else:
        project_id = withdrawals.project_to_withdraw_from(session, viewer, sent.story_id)
        if project_id is None:
            _require_nobody_else_sends(session, viewer, sent.story_id)
    if project_id not in (None, sent.project_id):
        raise NotFound
    at = min(clock.right(sent.withdrawn_at), datetime.now(UTC))
    withdrawals.end(session, viewer, sent.story_id, sent.project_id, sent.reason, at, codes)


def _may_add_codes(session: Session, viewer: Viewer, ended: Withdrawal) -> bool:
    """Whether they ended this story, or may. That they sent a withdrawal of it before says nothing: once it has ended,
    one is taken from anybody who withdraws in its project."""
    try:
        is_theirs = withdrawals.project_to_withdraw_from(session, viewer, ended.story_id) == ended.project_id
    except NotFound:
        is_theirs = False
    return is_theirs or ended.recorded_by == viewer.person_id


def _require_nobody_else_sends(session: Session, viewer: Viewer, story_id: str) -> None:
    """Parts may wait here for a story that has not come. Raises NotFound where they are somebody else's."""
    senders = {*session.scalars(select(HeldArrival.person_id).where(HeldArrival.story_id == story_id)),
               *session.scalars(select(Upload.person_id).where(Upload.story_id == story_id))}
    if senders - {viewer.person_id}:
        raise NotFound
