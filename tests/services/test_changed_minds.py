"""Somebody changes their mind about what they agreed to, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.errors import Invalid, NotFound, Withdrawn
from server.domain.ids import new_id
from server.domain.work import Kind, State
from server.models.audit import AuditEntry
from server.models.consent import Clearance, ConsentRecord
from server.models.work import Job
from server.services import changed_minds, consents, narrowings, withdrawals
from tests import makers
from tests.services.saying_less import Told

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SOON = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def told(app: Flask, session: Session) -> Told:
    return Told(app, session)


def newest(session: Session, story_id: str) -> ConsentRecord:
    records = select(ConsentRecord).where(ConsentRecord.story_id == story_id)
    return session.scalars(records.order_by(ConsentRecord.sequence.desc())).first()


def count(session: Session) -> int:
    return session.query(ConsentRecord).count()


def test_a_no_holds_at_once_and_rests_on_the_words_that_were_read(session: Session, told: Told) -> None:
    before = newest(session, told.story.id)
    before.language, before.reading, before.for_whom = "cy", "easy", "child"
    changed_minds.change(session, told.story.id, None, makers.ALL_USES - {Use.BOARD}, NOW)
    row = newest(session, told.story.id)
    assert told.uses() == makers.ALL_USES - {Use.BOARD}
    assert (row.how, row.taken_by, row.given_at, row.received_at) == ("receipt", None, NOW, NOW)
    assert (row.wording_id, row.language, row.reading, row.for_whom) == (before.wording_id, "cy", "easy", "child")
    assert row.body_sha256 != before.body_sha256
    cleared = set(session.scalars(select(Clearance.audience).where(Clearance.story_id == told.story.id)))
    assert cleared == {"commissioners", "publication"}


def test_it_is_entered_in_the_audit_as_nobodys_and_is_written_down_outside(session: Session, told: Told) -> None:
    changed_minds.change(session, told.story.id, None, (), NOW)
    session.commit()
    row = newest(session, told.story.id)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.person_id, entry.action, entry.kind, entry.subject_id) == (None, "changed", "consent", row.id)
    assert entry.details == {"story": told.story.id}
    assert session.scalar(select(Job.subject_id).where(Job.kind == Kind.NOTE)) == row.id


def test_a_backup_from_before_hears_of_it_again_as_said_by_themselves(session: Session, told: Told) -> None:
    """fault 28"""
    changed_minds.change(session, told.story.id, None, {Use.RECORD}, NOW)
    row = newest(session, told.story.id)
    narrowings.write_down(told.store, narrowings.find(session, row.id))
    session.commit()
    told.forget(row.id)
    assert told.replay() == 1
    assert told.uses() == {Use.RECORD}
    again = newest(session, told.story.id)
    assert (again.id, again.how, again.taken_by) == (row.id, "receipt", None)


def test_a_person_of_the_project_may_be_told_and_it_says_who(session: Session, told: Told) -> None:
    changed_minds.change(session, told.story.id, None, (), NOW, viewer=told.viewer)
    row = newest(session, told.story.id)
    assert (row.how, row.taken_by) == ("ticked", told.researcher.id)
    assert told.uses() == set()


def test_the_same_once_more_changes_nothing(session: Session, told: Told) -> None:
    for _ in range(2):
        changed_minds.change(session, told.story.id, None, {Use.RECORD}, NOW)
    assert count(session) == 2


def test_a_yes_comes_back_with_the_end_it_had_and_asks_for_the_work_that_was_stopped(session: Session,
                                                                                     told: Told) -> None:
    newest(session, told.story.id).until = {Use.BOARD.value: SOON.isoformat()}
    recording = makers.add_recording(session, told.story)
    recording.stored_at = NOW
    changed_minds.change(session, told.story.id, None, (), NOW)
    session.add(Job(id=new_id(), kind=Kind.TRANSCRIBE, subject_id=recording.id, story_id=told.story.id,
                    project_id=told.project.id, state=State.CANCELLED, created_at=NOW))
    session.flush()
    changed_minds.change(session, told.story.id, None, {Use.RECORD, Use.TRANSCRIBE, Use.BOARD}, NOW + timedelta(days=1))
    assert newest(session, told.story.id).until == {Use.BOARD.value: SOON.isoformat()}
    ends = consents.ends_by_teller(session, told.story.id, None)
    assert ends[Use.BOARD] == SOON
    assert session.scalar(select(Job.state).where(Job.kind == Kind.TRANSCRIBE)) != State.CANCELLED


def test_a_yes_that_was_never_given_to_anybody_is_not_taken(session: Session, told: Told) -> None:
    told.says(makers.ALL_USES - {Use.PUBLICATION})
    with pytest.raises(Invalid):
        changed_minds.change(session, told.story.id, None, makers.ALL_USES, NOW)
    assert Use.PUBLICATION not in told.uses()


def test_what_one_of_several_says_is_theirs_alone_and_stops_it_for_all(session: Session, told: Told) -> None:
    rose, ali = (makers.add_participant(session, told.story, name, makers.ALL_USES) for name in ("Rose", "Ali"))
    changed_minds.change(session, told.story.id, rose.id, makers.ALL_USES - {Use.BOARD}, NOW)
    assert newest(session, told.story.id).participant_id == rose.id
    assert Use.BOARD not in told.uses()
    assert Use.BOARD in consents.agreed_by(session, told.story.id, ali.id)
    assert Use.BOARD not in consents.agreed_by(session, told.story.id, rose.id)


def test_one_who_has_not_been_asked_can_say_no_and_nothing_else(session: Session, told: Told) -> None:
    makers.add_participant(session, told.story, "Rose", makers.ALL_USES)
    ali = makers.add_participant(session, told.story, "Ali", None)
    session.query(ConsentRecord).filter(ConsentRecord.participant_id.is_(None)).delete()
    assert changed_minds.ends_to_give(session, told.story.id, ali.id) == {}
    changed_minds.change(session, told.story.id, ali.id, (), NOW)
    assert newest(session, told.story.id).participant_id == ali.id
    assert told.uses() == set()


def test_of_a_story_that_ended_or_that_nobody_was_asked_about_nothing_is_kept(session: Session, told: Told) -> None:
    with pytest.raises(NotFound):
        changed_minds.change(session, new_id(), None, (), NOW)
    story_id = told.story.id
    withdrawals.end(session, None, story_id, told.project.id, "", NOW)
    with pytest.raises(Withdrawn):
        changed_minds.change(session, story_id, None, (), NOW)
    assert count(session) == 1
