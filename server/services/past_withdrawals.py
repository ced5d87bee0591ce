"""The withdrawals of a project, whoever made them: by the day, and how far each has got. No name and no word of any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.consent import Scope
from server.domain.retention import Cause
from server.domain.withdrawal_step import Place, Step, Summary, summed_up
from server.models.consent import ConsentRecord, PartialWithdrawal, Withdrawal, WithdrawalStep

LISTED = 200


@dataclass(frozen=True)
class PastWithdrawal:
    """How far a story was withdrawn in the end, and how far its checklist is; None where none was written. `on_time`:
    nobody asked; the project keeps stories no longer."""

    story_id: str
    scope: Scope
    at: datetime
    on_time: bool
    summary: Summary | None
    is_late: bool


def list_past(session: Session, viewer: Viewer, project_id: str, now: datetime) -> list[PastWithdrawal]:
    """Those that this person may look after, the newest first, and no more than anybody looks through: a researcher who
    is not an administrator gets those of what they collected. Raises NotFound."""
    require(viewer, Permission.WITHDRAW, project_id)
    # The story that anonymous passages live on in is marked as one, and nobody withdrew it.
    in_part = PartialWithdrawal.scope != Scope.ANONYMOUS.value
    parts = session.scalars(select(PartialWithdrawal).where(_mine(viewer, project_id, PartialWithdrawal), in_part)
                            .order_by(PartialWithdrawal.at.desc(), PartialWithdrawal.story_id).limit(LISTED))
    ends = session.scalars(select(Withdrawal).where(_mine(viewer, project_id, Withdrawal))
                           .order_by(Withdrawal.at.desc(), Withdrawal.story_id).limit(LISTED))
    # The end of a story comes after the withdrawal of a part of it, and takes its place.
    found = {row.story_id: row for row in (*parts, *ends)}
    newest = sorted(found.values(), key=lambda row: (row.at, row.story_id), reverse=True)[:LISTED]
    steps = _steps(session, [row.story_id for row in newest])
    return [_past(row, steps[row.story_id], now) for row in newest]


def _past(row: PartialWithdrawal | Withdrawal, steps: list[Step], now: datetime) -> PastWithdrawal:
    return PastWithdrawal(row.story_id, Scope(row.scope), row.at,
                          isinstance(row, Withdrawal) and row.cause == Cause.RETENTION,
                          summed_up(steps) if steps else None, any(step.is_late(now) for step in steps))


def _mine(viewer: Viewer, project_id: str, table: type[PartialWithdrawal] | type[Withdrawal]) -> ColumnElement[bool]:
    """SQL: as in the register; of a story that is gone its consent says who collected it."""
    here = table.project_id == project_id
    if Role.ADMINISTRATOR in viewer.roles_in(project_id):
        return here
    return and_(here, exists().where(ConsentRecord.story_id == table.story_id,
                                     ConsentRecord.taken_by == viewer.person_id))


def _steps(session: Session, story_ids: list[str]) -> Mapping[str, list[Step]]:
    found: dict[str, list[Step]] = {story_id: [] for story_id in story_ids}
    for row in session.scalars(select(WithdrawalStep).where(WithdrawalStep.story_id.in_(story_ids))):
        found[row.story_id].append(
            Step(Place(row.place), row.subject, row.count, row.asked_at, row.due_at, row.done_at))
    return found
