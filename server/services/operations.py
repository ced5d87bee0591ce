"""How the whole installation stands, for operators: work, machines, phones, and what waits. It names no story."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.errors import NotFound
from server.domain.withdrawal_step import Place
from server.domain.work import NAMES, Kind, State, in_words
from server.models.held import HeldArrival
from server.models.upload import StagingPlace
from server.models.work import Attempt, Job
from server.services import audit, devices, held, staging_places, withdrawal_steps, work
from server.services.devices import Phone
from server.services.held import Overdue

STATES = (State.WAITING, State.RUNNING, State.BLOCKED, State.FAILED)
_NEEDS_HELP = (State.FAILED, State.BLOCKED)
LITTLE_ROOM_BYTES = 5 * 1024**3
_LITTLE_SHARE = 0.1


@dataclass(frozen=True)
class WorkOfKind:
    """How many jobs of one kind stand how."""

    name: str
    counts: Mapping[State, int]


@dataclass(frozen=True)
class Trouble:
    """Jobs of one kind that stopped for one reason, in words."""

    kind: Kind
    name: str
    state: State
    words: str
    count: int


@dataclass(frozen=True)
class Busy:
    """A worker at its work. `share` is what is done so far, 0 to 1."""

    worker: str
    name: str
    share: float
    started_at: datetime
    heard_at: datetime


@dataclass(frozen=True)
class Machine:
    """A machine on which files are staged, and when it was last heard of."""

    host: str
    seen_at: datetime
    free_bytes: int
    is_silent: bool

    @property
    def is_short_of_room(self) -> bool:
        return self.free_bytes < LITTLE_ROOM_BYTES


@dataclass(frozen=True)
class Room:
    """The room on a disk of this machine."""

    free_bytes: int
    total_bytes: int

    @property
    def is_short(self) -> bool:
        return self.free_bytes < max(LITTLE_ROOM_BYTES, self.total_bytes * _LITTLE_SHARE)


@dataclass(frozen=True)
class Operations:
    """Everything an operator looks at in the morning."""

    work: list[WorkOfKind]
    troubles: list[Trouble]
    busy: list[Busy]
    machines: list[Machine]
    rooms: list[Room]
    phones: list[Phone]
    held: int
    overdue: list[Overdue]
    late_steps: Mapping[Place, int]
    audit_entries: int


def get_overview(session: Session, viewer: Viewer, now: datetime, folders: Sequence[Path]) -> Operations:
    """How it all stands. Raises NotFound for everybody but operators."""
    _require_operator(viewer)
    return Operations(
        work=_work(session), troubles=_troubles(session), busy=_busy(session), machines=_machines(session, now),
        rooms=_rooms(folders),
        phones=devices.list_with_unsent(session),
        held=session.scalar(select(func.count()).select_from(HeldArrival)) or 0,
        overdue=held.list_overdue(session, now), late_steps=withdrawal_steps.count_late(session, now),
        audit_entries=audit.head_of(session).sequence)


def try_again(session: Session, viewer: Viewer, kind: Kind) -> int:
    """Give all work of this kind that failed or cannot start its tries back; how many. Raises NotFound."""
    _require_operator(viewer)
    ids = session.scalars(
        update(Job).where(Job.kind == kind, Job.state.in_(_NEEDS_HELP))
        .values(state=State.WAITING, tries=0, finished_at=None).returning(Job.id)).all()
    for job in session.scalars(select(Job).where(Job.id.in_(ids)).execution_options(populate_existing=True)):
        work.carry(session, job)
    return len(ids)


def _require_operator(viewer: Viewer) -> None:
    if not viewer.is_operator:
        raise NotFound


def _work(session: Session) -> list[WorkOfKind]:
    query = select(Job.kind, Job.state, func.count()).where(Job.state.in_(STATES)).group_by(Job.kind, Job.state)
    counts: dict[str, dict[State, int]] = {}
    for kind, state, number in session.execute(query):
        counts.setdefault(kind, {})[State(state)] = number
    return [WorkOfKind(NAMES[kind], counts[kind]) for kind in Kind if kind in counts]


def _troubles(session: Session) -> list[Trouble]:
    query = (select(Job.kind, Job.state, Attempt.error_code, func.count())
             .outerjoin(Attempt, (Attempt.job_id == Job.id) & (Attempt.fence == Job.fence))
             .where(Job.state.in_(_NEEDS_HELP)).group_by(Job.kind, Job.state, Attempt.error_code)
             .order_by(Job.state.desc(), func.count().desc()))
    return [Trouble(Kind(kind), NAMES[Kind(kind)], State(state), in_words(State(state), code), number)
            for kind, state, code, number in session.execute(query)]


def _busy(session: Session) -> list[Busy]:
    query = (select(Attempt, Job.kind).join(Job, (Attempt.job_id == Job.id) & (Attempt.fence == Job.fence))
             .where(Job.state == State.RUNNING).order_by(Attempt.started_at))
    return [Busy(attempt.worker, NAMES[Kind(kind)], attempt.progress, attempt.started_at, attempt.heartbeat_at)
            for attempt, kind in session.execute(query)]


def _machines(session: Session, now: datetime) -> list[Machine]:
    rows = session.scalars(select(StagingPlace).order_by(StagingPlace.seen_at.desc(), StagingPlace.id))
    return [Machine(row.host, row.seen_at, row.free_bytes, row.seen_at < now - staging_places.SILENT_AFTER)
            for row in rows]


def _rooms(folders: Sequence[Path]) -> list[Room]:
    """One for each disk that these folders of this machine are on."""
    found = {folder.stat().st_dev: shutil.disk_usage(folder) for folder in folders if folder.is_dir()}
    return [Room(usage.free, usage.total) for usage in found.values()]
