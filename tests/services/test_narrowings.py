"""Whoever agreed to less is not forgotten by a database that came back from the day before, on both databases."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.sync import PhoneClock
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.consent import Clearance, ConsentRecord
from server.services import consents, narrowings, withdrawals
from tests import makers
from tests.services import sending
from tests.services.saying_less import NOTHING_MORE, Told
from tests.storing import do_what_waits


@pytest.fixture
def told(app: Flask, session: Session) -> Told:
    return Told(app, session)


def test_a_database_that_forgot_it_clears_no_more_than_they_agreed_to_since(session: Session, told: Told) -> None:
    """fault 28"""
    record_id = told.says(NOTHING_MORE)
    told.forget(record_id)
    assert Use.PUBLICATION in told.uses()
    assert told.replay() == 1
    assert told.uses() == NOTHING_MORE
    cleared = set(session.scalars(select(Clearance.audience).where(Clearance.story_id == told.story.id)))
    assert cleared == {"commissioners", "board"}
    row = session.scalars(select(ConsentRecord).where(ConsentRecord.id == record_id)).one()
    assert (row.given_at, row.taken_by) == (makers.NOON + timedelta(hours=1), told.researcher.id)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.action, entry.kind, entry.subject_id) == ("replayed", "consent", record_id)
    assert told.replay() == 0


def test_its_phone_may_send_it_again_and_it_is_the_same(session: Session, told: Told) -> None:
    record_id = told.says(NOTHING_MORE)
    told.forget(record_id)
    told.replay()
    wording = makers.wording_of(session, told.project)
    again = replace(sending.consent(told.project.id, wording.id, told.story.id, NOTHING_MORE), id=record_id)
    receipt, is_new = consents.record(session, told.viewer, again, sending.BODY, PhoneClock())
    assert (receipt.id, is_new) == (record_id, False)


def test_nothing_is_cleared_by_a_note_that_was_not_before(app: Flask, session: Session) -> None:
    """fault 28: they said no to one thing and yes to another; only the no is heard."""
    told = Told(app, session, makers.ALL_USES - {Use.BOARD})
    record_id = told.says(makers.ALL_USES - {Use.PUBLICATION})
    told.forget(record_id)
    assert told.replay() == 1
    assert told.uses() == makers.ALL_USES - {Use.BOARD, Use.PUBLICATION}


def test_several_are_replayed_in_their_order_and_only_those_that_are_missing(told: Told) -> None:
    known = told.says(makers.ALL_USES - {Use.BOARD})
    missing = [told.says(makers.ALL_USES - {Use.BOARD, Use.PHOTOS}), told.says({Use.RECORD})]
    assert len(told.store.list_notes()) == 3
    told.forget(*missing)
    assert [name.endswith(known) for name in narrowings.unknown(told.session, told.store)] == [False, False]
    assert told.replay() == 2
    assert told.uses() == {Use.RECORD}


def test_one_person_of_several_who_agreed_to_less_is_remembered_as_that_person(session: Session, told: Told) -> None:
    rose, ali = (makers.add_participant(session, told.story, name) for name in ("Rose", "Ali"))
    session.execute(delete(ConsentRecord).where(ConsentRecord.participant_id.is_(None)))
    wording = makers.wording_of(session, told.project)
    sent = replace(sending.consent(told.project.id, wording.id, told.story.id, NOTHING_MORE), participant_id=ali.id,
                   given_at=makers.NOON + timedelta(hours=1))
    consents.record(session, told.viewer, sent, sending.BODY, PhoneClock())
    do_what_waits(told.app, Kind.NOTE)
    told.forget(sent.id)
    assert told.replay() == 1
    assert told.uses() == NOTHING_MORE
    assert consents.agreed_by(session, told.story.id, rose.id) == makers.ALL_USES


@pytest.mark.parametrize("changed", [{"wording_id": new_id()}, {"taken_by": new_id()}])
def test_a_wording_or_a_person_from_after_the_backup_keeps_nothing_from_being_narrower(told: Told,
                                                                                       changed: dict[str, str]) -> None:
    """fault 28"""
    record_id = told.says(NOTHING_MORE)
    [name] = told.store.list_notes()
    note = json.loads(told.store.read_note(name))
    told.store.write_note(name, json.dumps(note | {"kept": note["kept"] | changed}).encode())
    told.forget(record_id)
    assert told.replay() == 1
    assert told.uses() == NOTHING_MORE


@pytest.mark.parametrize("spoil", [
    lambda note: b"", lambda note: b"[]", lambda note: b"\xff\xfe",
    lambda note: json.dumps(note | {"given_at": "soon"}).encode(),
    lambda note: json.dumps(note | {"kept": note["kept"] | {"taken_by": ["x"]}}).encode(),
    lambda note: json.dumps(note | {"kept": note["kept"] | {"language": "x" * 99}}).encode(),
], ids=["empty", "a list", "no text", "no time", "no person", "no language"])
def test_a_spoilt_note_has_its_story_used_for_nothing(told: Told, caplog: pytest.LogCaptureFixture, spoil) -> None:
    """fault 28"""
    record_id = told.says(NOTHING_MORE)
    [name] = told.store.list_notes()
    told.store.write_note(name, spoil(json.loads(told.store.read_note(name))))
    told.forget(record_id)
    assert told.replay() == 1
    assert told.uses() == set()
    assert "ALARM" in caplog.text


def test_of_a_story_that_ended_or_is_not_here_nothing_is_replayed(session: Session, told: Told) -> None:
    record_id, story_id = told.says(NOTHING_MORE), told.story.id
    told.forget(record_id)
    [name] = told.store.list_notes()
    told.store.write_note(f"narrowed-{new_id()}-{new_id()}", told.store.read_note(name))
    withdrawals.withdraw(session, told.viewer, story_id)
    session.commit()
    assert told.replay() == 0


def test_notes_of_other_things_are_left_alone(session: Session, told: Told) -> None:
    ids = f"{new_id()}-{new_id()}"
    for name in (new_id(), "narrowed-", f"narrowed-{new_id()}", f"narrowed-{new_id()}-x", f"other-{ids}", f"{ids}-x"):
        told.store.write_note(name, b"{}")
    assert narrowings.unknown(session, told.store) == []


def test_a_note_waits_for_the_agreement_of_its_own_person(session: Session, told: Told) -> None:
    """fault 28: a no that their phone never sent would stand in the place of what it sends."""
    session.execute(delete(ConsentRecord))
    told.says(makers.ALL_USES, makers.add_participant(session, told.story, "Rose", None).id)
    ali = makers.add_participant(session, told.story, "Ali", None)
    known = [told.says(makers.ALL_USES, ali.id), told.says(NOTHING_MORE, ali.id)]
    told.forget(*known)
    assert told.replay() == 0
    assert told.uses() == set()


def test_what_a_phone_sends_again_is_kept_whole_where_a_replay_knew_less(app: Flask, session: Session) -> None:
    """fault 28"""
    told = Told(app, session, makers.ALL_USES - {Use.BOARD})
    told.says(makers.ALL_USES)
    wide, narrow = told.sent.id, told.says(NOTHING_MORE)
    told.forget(wide, narrow)
    told.replay()
    assert told.uses() == NOTHING_MORE - {Use.BOARD}
    assert told.sends_again() is False
    row = session.scalars(select(ConsentRecord).where(ConsentRecord.id == narrow)).one()
    assert ({Use(use) for use, agrees in row.answers.items() if agrees}, row.agreed_by) == (NOTHING_MORE, "Okoro")
    assert told.uses() == NOTHING_MORE
    cleared = set(session.scalars(select(Clearance.audience).where(Clearance.story_id == told.story.id)))
    assert cleared == {"commissioners", "board"}


def test_after_a_spoilt_note_each_of_a_group_can_agree_again(session: Session, told: Told) -> None:
    session.execute(delete(ConsentRecord))
    rose, ali = (makers.add_participant(session, told.story, name) for name in ("Rose", "Ali"))
    record_id = told.says(NOTHING_MORE, ali.id)
    told.store.write_note(f"narrowed-{told.story.id}-{record_id}", b"")
    told.forget(record_id)
    assert (told.replay(), told.replay(), told.uses()) == (1, 0, set())
    assert told.sends_again() is True
    assert told.uses() == set()
    wording = makers.wording_of(session, told.project)
    for person in (rose, ali):
        again = replace(sending.consent(told.project.id, wording.id, told.story.id), participant_id=person.id,
                        given_at=datetime.now(UTC))
        consents.record(session, told.viewer, again, sending.BODY, PhoneClock())
    assert told.uses() == makers.ALL_USES


def test_a_story_is_gone_on_with_once_an_agreement_is_there_for_its_note(session: Session, told: Told) -> None:
    record_id = told.says(NOTHING_MORE)
    notes = narrowings.read(told.store, told.store.list_notes())
    assert narrowings.list_stories(session, notes) == []
    told.forget(record_id)
    assert narrowings.list_stories(session, notes) == [told.story.id]
    session.execute(delete(ConsentRecord))
    assert narrowings.list_stories(session, notes) == []
