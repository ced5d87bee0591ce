"""Answers that agree to less are written down in the store, each once and whole, on both databases."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.work import Kind, State
from server.models.consent import ConsentRecord
from server.models.work import Job
from server.services import narrowings, withdrawals
from tests import makers
from tests.services.saying_less import NOTHING_MORE, Told
from tests.storing import do_what_waits


@pytest.fixture
def told(app: Flask, session: Session) -> Told:
    return Told(app, session)


def test_an_answer_that_agrees_to_less_is_written_down_without_a_name(session: Session, told: Told) -> None:
    record_id = told.says(NOTHING_MORE)
    [name] = told.store.list_notes()
    assert name == f"narrowed-{told.story.id}-{record_id}"
    written = told.store.read_note(name).decode()
    assert set(json.loads(written)["agreed"]) == {use.value for use in NOTHING_MORE}
    assert [word for word in ("Okoro", "Amal", "Northgate") if word in written] == []
    assert session.scalars(select(Job.state).where(Job.kind == Kind.NOTE)).all() == ["done"]


def test_an_answer_that_agrees_to_as_much_or_more_is_not(app: Flask, session: Session) -> None:
    told = Told(app, session, NOTHING_MORE)
    told.says(NOTHING_MORE)
    told.says(makers.ALL_USES)
    assert told.store.list_notes() == []


def test_another_store_is_given_every_note_also_of_what_was_noted_long_ago(session: Session, told: Told) -> None:
    """fault 28"""
    told.says(NOTHING_MORE)
    told.says(makers.ALL_USES)
    [name] = [note.name for note in narrowings.list_notes(session)]
    kept = told.store.read_note(name)
    told.store.write_note(name, b"as if it had never been here")
    narrowings.ask_for_all(session)
    assert do_what_waits(told.app, Kind.NOTE) == 1
    assert told.store.read_note(name) == kept


def test_what_nobody_was_asked_to_write_down_is_asked_for_once(session: Session, told: Told) -> None:
    told.says(NOTHING_MORE)
    told.forget()
    now = datetime.now(UTC)
    assert [narrowings.ask_for_missing(session, now) for _ in range(2)] == [1, 0]


def test_of_several_changes_of_mind_the_one_that_was_left_out_is_asked_for(session: Session, told: Told) -> None:
    told.says(NOTHING_MORE)
    told.says(makers.ALL_USES)
    left_out = told.says(NOTHING_MORE)
    told.says(NOTHING_MORE - {Use.BOARD})
    now = datetime.now(UTC)
    assert narrowings.ask_for_missing(session, now) == 0
    session.delete(session.scalars(select(Job).where(Job.subject_id == left_out)).one())
    session.flush()
    assert narrowings.ask_for_missing(session, now) == 1
    assert session.scalars(select(Job.subject_id).where(Job.state == State.WAITING)).all() == [left_out]


def test_what_could_not_be_written_down_is_tried_again_an_hour_later(session: Session, told: Told) -> None:
    told.says(NOTHING_MORE)
    job, now = session.scalars(select(Job).where(Job.kind == Kind.NOTE)).one(), datetime.now(UTC)
    assert narrowings.ask_for_missing(session, now + timedelta(hours=2)) == 0
    job.state, job.finished_at = State.FAILED, now
    session.flush()
    assert narrowings.ask_for_missing(session, now + timedelta(minutes=59)) == 0
    assert narrowings.ask_for_missing(session, now + timedelta(minutes=61)) == 1
    session.refresh(job)
    assert (job.state, job.tries) == (State.WAITING, 0)


def test_of_a_story_that_ended_nothing_more_is_written_down(session: Session, told: Told) -> None:
    told.says(NOTHING_MORE)
    withdrawals.withdraw(session, told.viewer, told.story.id)
    assert (narrowings.ask_for_missing(session, datetime.now(UTC)), narrowings.list_notes(session)) == (0, [])


def test_what_somebody_else_in_the_group_agreed_to_makes_no_first_answer_narrower(session: Session, told: Told) -> None:
    session.execute(delete(ConsentRecord))
    told.says(makers.ALL_USES, makers.add_participant(session, told.story, "Rose", None).id)
    told.says(NOTHING_MORE, makers.add_participant(session, told.story, "Ali", None).id)
    assert (told.store.list_notes(), narrowings.list_notes(session)) == ([], [])


def test_a_note_is_never_replaced_by_one_that_says_less_and_by_the_whole_once_it_is_known(app: Flask,
                                                                                         session: Session) -> None:
    """fault 28"""
    told = Told(app, session, makers.ALL_USES - {Use.BOARD})
    narrow = told.says(NOTHING_MORE)
    told.forget(narrow)
    told.replay()
    narrowings.ask_for_all(session)
    do_what_waits(app, Kind.NOTE)
    assert told.noted(narrow) == NOTHING_MORE
    reduced = narrowings.find(session, narrow)
    assert reduced is not None
    assert set(reduced.agreed) == NOTHING_MORE - {Use.BOARD}
    told.store.write_note(reduced.name, reduced.to_bytes())
    told.sends_again()
    assert told.noted(narrow) == NOTHING_MORE
