"""Keeping clearance true: the decision is made again, and stored, whenever a record or a withdrawal arrives."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Permission, Viewer, may, require
from server.domain.errors import Invalid, NotFound, SameIdOtherContent, WordingMismatch
from server.domain.narrowing import ends_of, is_narrower, yeses
from server.domain.sent import SentConsent
from server.domain.sync import Body, ChangeKind, PhoneClock, Receipt
from server.domain.work import Kind, State
from server.models.consent import Clearance, ConsentRecord, Embargo, PartialWithdrawal, Withdrawal
from server.models.project import ConsentWording
from server.models.story import Participant, Photo, Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript
from server.models.work import Job
from server.services import changes, consent_wordings, custody, exports_made, locks, receipts, story_language, work
from server.services.insertion import insert_once


def record(session: Session, viewer: Viewer, sent: SentConsent, body: Body, clock: PhoneClock) -> tuple[Receipt, bool]:
    """Keep a consent record once and decide the story's clearance again; the receipt, and whether it is new.

    The story comes later; a story asked about again, or told by several people, has several records. Raises NotFound,
    Withdrawn, Invalid, SameIdOtherContent, WordingMismatch.
    """
    require(viewer, Permission.COLLECT, sent.project_id)
    locks.take_story(session, sent.story_id)
    receipts.refuse_withdrawn(session, viewer, sent.id, sent.story_id)
    is_new = _insert(session, viewer, sent, body, clock)
    row = session.scalars(select(ConsentRecord).where(ConsentRecord.id == sent.id)).one()
    if not may(viewer, Permission.COLLECT, row.project_id):
        raise NotFound
    if row.body_sha256 != body.sha256:
        raise SameIdOtherContent
    if _completed(session, row, sent) or is_new:
        settle(session, row)
    if is_new:
        changes.note(session, ChangeKind.RECEIPT, row.id, row.project_id, viewer.person_id)
    return receipts.for_consent(row), is_new


def settle(session: Session, row: ConsentRecord) -> None:
    """Act on a record that was added: decide again, ask for the work that it allows, and have it noted outside where it
    agrees to less than before."""
    decide_again(session, row.story_id)
    story_language.settle(session, row.story_id)
    _ask_for_work(session, row)
    if _is_narrower(session, row):
        ask_to_note(session, row)


def agreed_uses(session: Session, story_id: str) -> frozenset[rules.Use]:
    """The uses that hold for a story now."""
    return rules.agreed_uses(history_of(session, story_id), datetime.now(UTC))


def agreed_by(session: Session, story_id: str, participant_id: str) -> frozenset[rules.Use]:
    """The uses that one of those who told a story agrees to now, whatever the others say."""
    now = datetime.now(UTC)
    ends = rules.ends_by(participant_id, history_of(session, story_id))
    return frozenset(use for use, end in ends.items() if now < end)


def ends_by_teller(session: Session, story_id: str, participant_id: str | None) -> dict[rules.Use, datetime]:
    """Until when each use holds that one of those who told a story agrees to, whatever the others say; where a record
    names nobody, what holds for the story."""
    history = history_of(session, story_id)
    return rules.ends_by(participant_id, history) if participant_id else rules.agreed_until(history)


def are_all_asked(session: Session, story_id: str, participants: Collection[str]) -> bool:
    """Whether a record has come for each of those who told a story."""
    asked = session.scalars(select(ConsentRecord.participant_id).where(ConsentRecord.story_id == story_id)).all()
    return rules.are_all_asked(asked, participants)


def list_tellers(session: Session, story_id: str) -> list[str]:
    """Those who told a story, as far as it or its records name them."""
    named = select(ConsentRecord.participant_id).where(ConsentRecord.story_id == story_id,
                                                       ConsentRecord.participant_id.is_not(None))
    return sorted({*_participants(session, story_id), *(person for person in session.scalars(named) if person)})


def ask_to_note(session: Session, row: ConsentRecord) -> None:
    """Have a record written down beside the withdrawals, also where that was done before."""
    work.drop(session, row.id, Kind.NOTE)
    work.request(session, kind=Kind.NOTE, subject_id=row.id, story_id=row.story_id, project_id=row.project_id)


def decide_again(session: Session, story_id: str) -> frozenset[rules.Clearance]:
    """Replace a story's clearance rows by what its records say now, in the caller's transaction. What is cleared no
    more should not be used in files that were taken away either."""
    kept = custody.of_story(session, story_id)  # first, so that whoever changes a partner's terms is waited for
    before = session.scalars(select(Clearance).where(Clearance.story_id == story_id))
    ends = {(row.audience, row.content): row.until for row in before}
    cleared = rules.decide(history_of(session, story_id))
    session.execute(delete(Clearance).where(Clearance.story_id == story_id))
    session.add_all(
        Clearance(story_id=story_id, audience=item.audience.value, content=item.content.value,
                  until=item.until, held_by=kept.held_by, others_from=kept.others_from)
        for item in sorted(cleared)
    )
    session.flush()
    now_ends = {(item.audience.value, item.content.value): item.until for item in cleared}
    if any(now_ends.get(what, rules.NEVER) < end for what, end in ends.items()):
        exports_made.follow(session, datetime.now(UTC), story_id)
    return cleared


def _is_narrower(session: Session, row: ConsentRecord) -> bool:
    before = select(ConsentRecord).where(
        ConsentRecord.story_id == row.story_id, ConsentRecord.sequence < row.sequence)
    earlier = [(one.participant_id, yeses(one.answers, one.until)) for one in session.scalars(before)]
    return is_narrower(earlier, row.participant_id, yeses(row.answers, row.until))


def _completed(session: Session, row: ConsentRecord, sent: SentConsent) -> bool:
    """Whether a record said less than its phone does, as one does that was replayed; now it says the same."""
    said = _said(sent) | {"until": _ends(session, row, sent)}
    if all(getattr(row, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(row, name, value)
    return True


def _ends(session: Session, row: ConsentRecord, sent: SentConsent) -> dict[str, str]:
    """When each yes ends by the wording that was read, from when it was given, or came where a clock was ahead."""
    wording = session.get_one(ConsentWording, row.wording_id)
    return ends_of(sent.answers, min(row.given_at, row.received_at), wording.months)


def history_of(session: Session, story_id: str) -> rules.History:
    """Everything that bears on what may be done with a story."""
    under_embargo = exists().where(Embargo.story_id == story_id, Embargo.lifted_at.is_(None))
    return rules.History(tuple(_records(session, story_id)), tuple(_participants(session, story_id)),
                         tuple(_withdrawals(session, story_id)), bool(session.scalar(select(under_embargo))))


def _records(session: Session, story_id: str) -> list[rules.ConsentRecord]:
    rows = session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story_id))
    return [
        rules.ConsentRecord(row.sequence, {use: row.answers.get(use.value) is True for use in rules.Use},
                            min(row.given_at, row.received_at), row.participant_id,
                            {rules.Use(use): datetime.fromisoformat(end) for use, end in row.until.items()})
        for row in rows
    ]


def _participants(session: Session, story_id: str) -> list[str]:
    told = select(Participant.id).where(Participant.story_id == story_id).order_by(Participant.position)
    return list(session.scalars(told))


def _withdrawals(session: Session, story_id: str) -> list[rules.Withdrawal]:
    whole = session.get(Withdrawal, story_id)
    parts = session.scalars(select(PartialWithdrawal).where(PartialWithdrawal.story_id == story_id))
    return [*([rules.Withdrawal(whole.at)] if whole else []),
            *(rules.Withdrawal(row.at, rules.Scope(row.scope)) for row in parts)]


def _insert(session: Session, viewer: Viewer, sent: SentConsent, body: Body, clock: PhoneClock) -> bool:
    try:
        with session.begin_nested():
            is_new = insert_once(
                session, ConsentRecord, ConsentRecord.id, id=sent.id, project_id=sent.project_id,
                story_id=sent.story_id, wording_id=sent.wording_id, how=sent.how.value,
                for_whom=sent.for_whom.value, taken_by=viewer.person_id, given_at=clock.right(sent.given_at),
                given_at_phone=sent.given_at, body_sha256=body.sha256, body_bytes=body.size,
                received_at=datetime.now(UTC), **_said(sent))
            if is_new:
                _refuse_other_projects(session, sent)
                _refuse_other_words(session, sent)
    except IntegrityError:
        raise _no_such_wording() from None
    return is_new


def _refuse_other_projects(session: Session, sent: SentConsent) -> None:
    """Nobody decides about a story of another project, or with a wording of one."""
    taken = session.scalars(
        select(ConsentRecord.project_id).where(ConsentRecord.story_id == sent.story_id)
        .union(select(Story.project_id).where(Story.id == sent.story_id))
    )
    if set(taken) - {sent.project_id}:
        raise NotFound
    wording = session.get(ConsentWording, sent.wording_id)
    if wording is None or wording.project_id != sent.project_id:
        raise _no_such_wording()


def _refuse_other_words(session: Session, sent: SentConsent) -> None:
    """What was read is what was published, to the letter. Phones of before do not say. Raises WordingMismatch."""
    if sent.wording_sha256 is None:
        return
    wording = session.get_one(ConsentWording, sent.wording_id)
    if not consent_wordings.is_published(wording, sent.language, sent.reading, sent.wording_sha256):
        raise WordingMismatch


def _said(sent: SentConsent) -> dict[str, Any]:
    """The answers, and what they rest on."""
    evidence = sent.evidence
    return {
        "answers": {use.value: answer for use, answer in sent.answers.items()},
        "participant_id": sent.participant_id, "wording_sha256": sent.wording_sha256, "language": sent.language,
        "reading": sent.reading.value if sent.reading else "", "agreed_by": sent.agreed_by.strip(),
        "interpreter": sent.interpreter.strip(), "witness": sent.witness.strip(),
        "evidence_id": evidence.id if evidence else None, "evidence_kind": evidence.kind.value if evidence else None,
        "evidence_sha256": evidence.sha256 if evidence else None,
    }


def _no_such_wording() -> Invalid:
    return Invalid(fields={"wording_id": "This project has no such consent wording."})


def _ask_for_work(session: Session, row: ConsentRecord) -> None:
    """What is agreed to now may be here from before, without its copy or its words: while nobody agreed, the work on
    it was cancelled. What is not stored yet is asked for when it is."""
    agreed = agreed_uses(session, row.story_id)
    for allows, kind, missing in _WORK:
        if not allows(agreed):
            continue
        for subject_id in session.scalars(missing(row.story_id)):
            work.request(session, kind=kind, subject_id=subject_id, story_id=row.story_id, project_id=row.project_id)


def _recordings(story_id: str) -> Select[str]:
    return select(Recording.id).where(Recording.story_id == story_id, Recording.stored_at.is_not(None))


def _cancelled(story_id: str, kind: Kind) -> Select[str]:
    """What such work was on."""
    return select(Job.subject_id).where(Job.story_id == story_id, Job.kind == kind, Job.state == State.CANCELLED)


_WORK: tuple[tuple[Callable[[frozenset[rules.Use]], bool], Kind, Callable[[str], Select[str]]], ...] = (
    (rules.may_keep_recording, Kind.PLAYBACK,
     lambda story_id: _recordings(story_id).where(Recording.playback_sha256.is_(None))),
    (rules.may_transcribe, Kind.TRANSCRIBE,
     lambda story_id: _recordings(story_id).where(or_(
         ~exists().where(Transcript.recording_id == Recording.id),
         Recording.id.in_(_cancelled(story_id, Kind.TRANSCRIBE))))),
    (rules.may_transcribe, Kind.SPEAKERS, lambda story_id: _cancelled(story_id, Kind.SPEAKERS)),
    (rules.may_transcribe, Kind.TRANSLATE, lambda story_id: _cancelled(story_id, Kind.TRANSLATE)),
    (rules.may_transcribe, Kind.CHECK_REDACTION, lambda story_id: _cancelled(story_id, Kind.CHECK_REDACTION)),
    (rules.may_keep_photo, Kind.PHOTO, lambda story_id: select(Photo.id).where(
        Photo.story_id == story_id, Photo.stored_at.is_not(None), Photo.derivative_sha256.is_(None))),
    (rules.may_transcribe, Kind.CLIP, lambda story_id: select(Excerpt.id).where(
        Excerpt.story_id == story_id, Excerpt.clip_sha256.is_(None))),
)
