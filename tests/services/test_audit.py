"""The audit is only ever added to, in one chain, and whoever gets around that is found out."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.domain.audit import Head, Noted
from server.domain.ids import new_id
from server.models.audit import AuditEntry
from server.services import audit
from tests.services.together import together

READ = Noted("a-person", "read", "story", "a-story", "a-project", {"parts": ["one", "two"]})
EDITS = {"altered": "UPDATE audit_entry SET subject_id = 'another' WHERE sequence = 2",
         "removed": "DELETE FROM audit_entry WHERE sequence = 2",
         "moved": "UPDATE audit_entry SET sequence = sequence + 100 WHERE sequence = 2",
         "removed at the end": "DELETE FROM audit_entry WHERE sequence > 3"}


@pytest.fixture
def chain(session: Session) -> list[str]:
    """Five entries, each in a transaction of its own; the ids of their subjects."""
    subjects = [new_id() for _ in range(5)]
    for subject in subjects:
        audit.note(session, None, "changed", "theme", subject, None, name="title")
        session.commit()
    audit.settle(session)
    session.commit()
    return subjects


def overrule(session: Session, *statements: str) -> None:
    """What somebody does who may do everything in the database."""
    if session.get_bind().dialect.name == "sqlite":
        triggers = ["DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete"]
    else:
        triggers = ["DROP TRIGGER audit_refuses_edits ON audit_entry"]
    for statement in (*triggers, *statements):
        session.execute(text(statement))
    session.commit()


def test_entries_are_numbered_in_order_and_hold(session: Session, chain: list[str]) -> None:
    """fault 47"""
    found = session.execute(select(AuditEntry.sequence, AuditEntry.subject_id).order_by(AuditEntry.sequence)).all()
    assert found == list(enumerate(chain, start=1))
    verdict = audit.verify(session)
    assert (verdict.count, verdict.problem, verdict.head) == (5, None, audit.head_of(session))


def test_several_entries_of_one_transaction_follow_each_other(session: Session) -> None:
    for number in range(3):
        audit.note(session, None, "changed", "theme", str(number), None)
    session.commit()
    assert session.scalars(select(AuditEntry.subject_id).order_by(AuditEntry.sequence)).all() == ["0", "1", "2"]
    assert audit.verify(session).problem is None


def test_what_is_taken_back_leaves_no_entry_and_no_gap(session: Session, chain: list[str]) -> None:
    audit.note(session, None, "changed", "theme", "taken back", None)
    session.execute(select(1))
    session.rollback()
    audit.note(session, None, "changed", "theme", "tried", None)
    audit.enter(session)
    session.rollback()
    audit.note(session, None, "changed", "theme", "kept", None)
    session.commit()
    assert audit.verify(session).head.sequence == 6
    assert session.get_one(AuditEntry, 6).subject_id == "kept"
    assert audit.verify(session).problem is None


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET subject_id = 'another'", "DELETE FROM audit_entry",
                                       "DELETE FROM audit_entry WHERE sequence = 1", "TRUNCATE audit_entry"])
def test_the_database_refuses_to_change_or_remove_an_entry(
    session: Session, chain: list[str], statement: str
) -> None:
    """fault 47"""
    if statement.startswith("TRUNCATE") and session.get_bind().dialect.name == "sqlite":
        statement = "DELETE FROM audit_entry WHERE 1"
    with pytest.raises(DBAPIError, match="only ever added to"):
        session.execute(text(statement))
    session.rollback()
    assert audit.verify(session).count == 5


@pytest.mark.parametrize(("edit", "found"), [
    ("altered", "entry 2 was altered"), ("removed", "entry 2 is not there"), ("moved", "entry 2 is not there"),
    ("removed at the end", "entry 4 is not there")])
def test_whoever_takes_the_triggers_away_is_found_out(
    session: Session, chain: list[str], edit: str, found: str
) -> None:
    """fault 47"""
    overrule(session, EDITS[edit])
    assert (audit.verify(session).problem or "").startswith(found)


def test_removing_the_newest_shows_for_ever_after(session: Session, chain: list[str]) -> None:
    """fault 47"""
    overrule(session, EDITS["removed at the end"])
    audit.note(session, None, "changed", "theme", "as if nothing had happened", None)
    session.commit()
    assert audit.verify(session).problem == "entry 4 is not there"


def test_a_chain_written_anew_is_found_by_a_head_that_was_noted(session: Session, chain: list[str]) -> None:
    """fault 47"""
    noted = audit.head_of(session)
    assert audit.verify(session, noted).problem is None
    forget = "DELETE FROM sqlite_sequence" if session.get_bind().dialect.name == "sqlite" else \
        "SELECT setval('audit_entry_sequence_seq', 1, false)"
    overrule(session, "DELETE FROM audit_entry", forget)
    for _ in range(5):
        audit.note(session, None, "changed", "theme", "another history", None)
        session.commit()
    assert audit.verify(session).problem is None
    assert audit.verify(session, noted).problem == "entry 5 is not the one that was noted"
    assert audit.verify(session, Head(6, noted.hash)).problem == "entry 6 is not there, though 6 have been made"


def test_twenty_who_write_at_once_make_one_chain(app: Flask, session: Session) -> None:
    """fault 47"""
    together(app, [lambda session: audit.note(session, None, "changed", "theme", "same", None)] * 20)
    verdict = audit.verify(session)
    assert (verdict.count, verdict.problem) == (20, None)


def test_reading_again_within_a_minute_is_one_entry(session: Session) -> None:
    for _ in range(3):
        audit.note_reads(session, [READ])
        session.commit()
    audit.note_reads(session, [replace(READ, details={"parts": ["three"]})])
    session.commit()
    assert audit.verify(session).count == 2


def test_the_chain_is_walked_in_batches(
    session: Session, chain: list[str], world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    assert audit.verify(session).count == 5
    overrule(session, "DELETE FROM audit_entry WHERE sequence = 5")
    assert audit.verify(session).problem == "entry 5 is not there, though 5 have been made"
