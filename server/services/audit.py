"""The audit: who did what, added to one chain and never changed. The form and the hash are in `server/domain/audit.py`.

What a transaction does is noted while it goes on and entered as the last thing before it commits, so that everybody
who writes waits for the chain for a moment only, and nobody for somebody who waits for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from server.domain.audit import BEGINNING, Entry, Head, Noted, entered, problem_with
from server.models.audit import AuditEntry
from server.services import (
    changes,  # noqa: F401  what listens first writes first: the feed's turn comes before the audit's
    locks,
)

# A page that is opened again and again within this time is one entry.
ONE_READ = timedelta(minutes=1)

_NOTED = "noted_for_the_audit"
_CHAIN = 0x41554449  # the advisory lock of whoever adds to the chain
_BATCH = 1000
_LAST_NUMBER = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'",
    "postgresql": "SELECT last_value FROM audit_entry_sequence_seq WHERE is_called",
}


@dataclass(frozen=True)
class Verdict:
    """How many entries hold, the newest of them, and what is wrong after it; None when all is well."""

    count: int
    head: Head
    problem: str | None


def note(session: Session, person_id: str | None, action: str, kind: str, subject_id: str,
         project_id: str | None, **details: Any) -> None:
    """Have it entered when this transaction commits; a transaction that is taken back leaves no entry.

    `details` may hold ids, numbers and words of our own, such as a role: nothing that a person typed.
    """
    session.info.setdefault(_NOTED, []).append(Noted(person_id, action, kind, subject_id, project_id, details))


def note_reads(session: Session, reads: Iterable[Noted]) -> None:
    """Have these entered, each once a minute at most however often the same person does the same."""
    now = datetime.now(UTC)
    session.info.setdefault(_NOTED, []).extend(read for read in reads if not is_fresh(session, read, now))


def is_fresh(session: Session, read: Noted, now: datetime) -> bool:
    """Whether the same was entered less than a minute ago."""
    entries = session.scalars(select(AuditEntry.details).where(
        AuditEntry.person_id == read.person_id if read.person_id else AuditEntry.person_id.is_(None),
        AuditEntry.at > now - ONE_READ, AuditEntry.action == read.action, AuditEntry.kind == read.kind,
        AuditEntry.subject_id == read.subject_id))
    return any(details == dict(read.details) for details in entries)


@event.listens_for(Session, "before_commit")
def enter(session: Session) -> None:
    """Add what was noted in this transaction to the chain."""
    if session.in_nested_transaction():
        return
    noted = session.info.pop(_NOTED, [])
    if not noted:
        return
    head, now = _hold(session), datetime.now(UTC)
    last = max(head.sequence, _last_number(session))
    for number, item in enumerate(noted, start=last + 1):
        entry = entered(item, number, now, head.hash)
        session.add(_row(entry))
        head = Head(entry.sequence, entry.hash)
    session.flush()


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint that was taken back, as when a row was there already, takes nothing of this along."""
    if transaction.parent is None:
        session.info.pop(_NOTED, None)


def head_of(session: Session) -> Head:
    """The newest entry."""
    newest = select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc()).limit(1)
    found = session.execute(newest).one_or_none()
    return Head(*found) if found else BEGINNING


def settle(session: Session) -> None:
    """Have PostgreSQL remember the number of the newest entry, so that its removal is seen. SQLite does by itself.

    In a transaction that has noted nothing: a sequence keeps what a transaction that is taken back told it.
    """
    newest = head_of(session).sequence
    if session.get_bind().dialect.name == "postgresql" and newest > _last_number(session):
        session.execute(text("SELECT setval('audit_entry_sequence_seq', :number)"), {"number": newest})


def verify(session: Session, expected: Head | None = None) -> Verdict:
    """Walk the whole chain. `expected` is a head that was noted elsewhere, and must still be in it."""
    last = max(_last_number(session), expected.sequence if expected else 0)
    head, count = BEGINNING, 0
    for entry in _entries(session):
        problem = problem_with(entry, head)
        if problem is None and expected and entry.sequence == expected.sequence and entry.hash != expected.hash:
            problem = f"entry {entry.sequence} is not the one that was noted"
        if problem:
            return Verdict(count, head, problem)
        head, count = Head(entry.sequence, entry.hash), count + 1
    gone = f"entry {head.sequence + 1} is not there, though {last} have been made" if last > head.sequence else None
    return Verdict(count, head, gone)


def _entries(session: Session) -> Iterator[Entry]:
    """Every entry in order, some at a time."""
    after = 0
    while True:
        query = (select(AuditEntry).where(AuditEntry.sequence > after).order_by(AuditEntry.sequence).limit(_BATCH)
                 .execution_options(populate_existing=True))
        rows = list(session.scalars(query))
        for row in rows:
            yield _entry(row)
            session.expunge(row)
        if len(rows) < _BATCH:
            return
        after = rows[-1].sequence


def _hold(session: Session) -> Head:
    """The newest entry, with nobody else adding one until this transaction ends."""
    locks.take_audit(session)
    return head_of(session)


def _last_number(session: Session) -> int:
    """The highest number that was ever given, also when its entry is gone. A number is not given twice."""
    return session.scalar(text(_LAST_NUMBER[session.get_bind().dialect.name])) or 0


def _row(entry: Entry) -> AuditEntry:
    noted = entry.noted
    return AuditEntry(sequence=entry.sequence, at=entry.at, person_id=noted.person_id, action=noted.action,
                      kind=noted.kind, subject_id=noted.subject_id, project_id=noted.project_id,
                      details=dict(noted.details), previous_hash=entry.previous_hash, hash=entry.hash)


def _entry(row: AuditEntry) -> Entry:
    noted = Noted(row.person_id, row.action, row.kind, row.subject_id, row.project_id, row.details)
    return Entry(row.sequence, row.at, noted, row.previous_hash, row.hash)
