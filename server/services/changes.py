"""Noting that something changed, so that devices which were away are told of it in one order.

Notes are numbered and written as the last thing before their transaction commits, one transaction at a time. So the
order of numbers is the order in which changes can be seen, and a device that has read up to a number never misses a
smaller one. A note says only what changed, not how: one too many is harmless.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, event, func, insert, or_, select, update
from sqlalchemy.orm import Session, SessionTransaction

from server.domain.sync import ChangeKind
from server.models.change import Change
from server.services import locks

_HERE = "changes"
_RESTART = "restart"
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OF_A_PROJECT = (ChangeKind.PROJECT, ChangeKind.GUIDE, ChangeKind.WORDING, ChangeKind.CODEBOOK)


@dataclass
class _Noted:
    """What a transaction has changed so far."""

    changes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    joined: set[tuple[str, str]] = field(default_factory=set)


def note(session: Session, kind: str, subject_id: str, project_id: str, person_id: str | None = None) -> None:
    """Say that something is not as it was. With `person_id` it concerns that person alone."""
    changed = {"kind": str(kind), "subject_id": subject_id, "project_id": project_id, "person_id": person_id}
    _noted(session).changes[changed["kind"], subject_id] = changed  # type: ignore[index]


def note_project(session: Session, project_id: str) -> None:
    """Say that a project with all that belongs to it is new."""
    for kind in OF_A_PROJECT:
        note(session, kind, project_id, project_id)


def note_membership(session: Session, person_id: str, project_id: str, *, gained: bool) -> None:
    """Say that somebody collects in a project from now on, or no more.

    Whoever gains it may have read past what is in the project, so all of that is told again.
    """
    note(session, ChangeKind.MEMBERSHIP, f"{person_id}:{project_id}", project_id, person_id)
    if gained:
        _noted(session).joined.add((person_id, project_id))


def note_withdrawn(session: Session, story_id: str, project_id: str, part_ids: set[str]) -> None:
    """Say that a story has ended. Receipts of it and of its parts are told no more."""
    noted = _noted(session)
    noted.ended |= part_ids
    noted.changes = {key: changed for key, changed in noted.changes.items() if key[1] not in part_ids}
    note(session, ChangeKind.TOMBSTONE, story_id, project_id)


def restart(session: Session) -> None:
    """Have every device begin again. For a database that was restored: it gives out numbers a second time otherwise.

    Everything is told under numbers beyond any that was ever given. They are moved past the seconds since 2020, and
    no installation changes something every second for years.
    """
    locks.take_feed(session)
    session.execute(delete(Change).where(Change.kind == _RESTART))
    beyond = max(newest(session) + 1, int((datetime.now(UTC) - _LONG_AGO).total_seconds()))
    session.execute(update(Change).values(sequence=Change.sequence + beyond))
    session.execute(insert(Change), [{"sequence": beyond, "kind": _RESTART, "subject_id": _RESTART, "project_id": "",
                                      "at": datetime.now(UTC)}])
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.setval(func.pg_get_serial_sequence("change", "sequence"), newest(session))))


def is_older(session: Session, cursor: int) -> bool:
    """Whether a cursor is from before the database was restored."""
    began = session.scalar(select(Change.sequence).where(Change.kind == _RESTART, Change.subject_id == _RESTART))
    return began is not None and 0 < cursor < began


def newest(session: Session) -> int:
    """The number of the newest change; 0 before there is any."""
    return session.scalar(select(func.max(Change.sequence))) or 0


def _noted(session: Session) -> _Noted:
    found: _Noted = session.info.setdefault(_HERE, _Noted())
    return found


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    noted: _Noted | None = session.info.get(_HERE)
    if noted is None or session.in_nested_transaction():
        return
    session.flush()
    locks.take_feed(session)
    for ended in sorted(noted.ended):
        _forget(session, ChangeKind.RECEIPT, ended)
    for person_id, project_id in sorted(noted.joined):
        _tell_again(session, person_id, project_id)
    for kind, subject_id in noted.changes:
        _forget(session, kind, subject_id)
    _number(session, list(noted.changes.values()))


@event.listens_for(Session, "after_transaction_end")
def _begin_anew(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_HERE, None)


def _forget(session: Session, kind: str, subject_id: str) -> None:
    session.execute(delete(Change).where(Change.kind == kind, Change.subject_id == subject_id))


def _tell_again(session: Session, person_id: str, project_id: str) -> None:
    """Give everything of a project that this person may be told new numbers, in the order it has."""
    theirs = (Change.project_id == project_id, Change.kind != ChangeKind.MEMBERSHIP,
              or_(Change.person_id.is_(None), Change.person_id == person_id))
    columns = (Change.kind, Change.subject_id, Change.project_id, Change.person_id)
    rows = [dict(row._mapping) for row in session.execute(select(*columns).where(*theirs).order_by(Change.sequence))]
    session.execute(delete(Change).where(*theirs))
    _number(session, rows)


def _number(session: Session, rows: list[dict[str, Any]]) -> None:
    now = datetime.now(UTC)
    if rows:
        session.execute(insert(Change), [row | {"at": now} for row in rows])
