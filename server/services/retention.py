"""How long a project keeps stories: what goes when, saying so in good time, and ending what is due.

What is due ends as a withdrawal does, so phones let go of it, a late copy is refused, and no restored backup brings it
back. A story under embargo waits: somebody's safety may depend on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from server.domain import retention as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.errors import NotFound
from server.domain.retention import Cause, Period, State
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.consent import Embargo, Withdrawal
from server.models.project import Project
from server.models.story import Story
from server.services import audit, changes, custody, locks, withdrawals, withholding

LISTED = 200
COUNTED = 1000
_AT_ONCE = 50
_UNDER_EMBARGO = exists().where(Embargo.story_id == Story.id, Embargo.lifted_at.is_(None))


@dataclass(frozen=True)
class Setting:
    """How long stories are kept, in this version of the project."""

    period: Period
    version: int


@dataclass(frozen=True)
class Ending:
    """A story that goes soon, by what tells it apart. One that waits is under embargo."""

    story_id: str
    pseudonym: str
    place: str
    told_on: date
    goes_at: datetime
    state: State
    waits: bool


@dataclass(frozen=True)
class GoingSoon:
    """How many stories go within 60 days, unless they wait, and when the first does. None: more than are counted."""

    count: int | None
    first_at: datetime


@dataclass(frozen=True)
class Disposed:
    """How many stories ended on a day because the project keeps them no longer."""

    on: date
    count: int


def get(session: Session, viewer: Viewer, project_id: str) -> Setting:
    """How long stories are kept, to change it. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    row = session.execute(select(Project.retention_months, Project.retention_set_at, Project.version)
                          .where(Project.id == project_id)).one_or_none()
    if row is None:
        raise NotFound
    return Setting(Period(row.retention_months, row.retention_set_at), row.version)


def change(session: Session, viewer: Viewer, project_id: str, months: int | None, seen: int | None,
           now: datetime) -> None:
    """Keep stories so many months from now on, or for good. Saving what is there already changes nothing, so that
    nobody's 30 days begin again. Raises NotFound, VersionMissing and VersionConflict."""
    setting = get(session, viewer, project_id)
    if seen == setting.version and months == setting.period.months:
        return
    changed = session.scalar(
        update(Project).where(Project.id == project_id, Project.version == seen)
        .values(retention_months=months, retention_set_at=now, version=Project.version + 1).returning(Project.id))
    if changed is None:
        current = get(session, viewer, project_id)
        compare(seen, {"months": _typed(months)}, {"months": _typed(current.period.months)}, current.version)
        return
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "retention", project_id, project_id, months=months or 0)


def list_ending(session: Session, viewer: Viewer, project_id: str, now: datetime) -> list[Ending]:
    """The stories that go within 60 days, or wait under embargo though they are due; the first to go first, and no
    more than anybody looks through. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    return _ending(session, viewer, project_id, now)[:LISTED]


def warn(session: Session, viewer: Viewer, project_id: str, now: datetime) -> GoingSoon | None:
    """How many go soon; None where none does. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    going = [one for one in _ending(session, viewer, project_id, now) if not one.waits]
    return GoingSoon(len(going) if len(going) <= COUNTED else None, going[0].goes_at) if going else None


def list_disposed(session: Session, viewer: Viewer, project_id: str) -> list[Disposed]:
    """What ended because its time was over, by the day, the newest first. Nothing else is known of it. Raises
    NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    ended = select(Withdrawal.at).where(Withdrawal.project_id == project_id, Withdrawal.cause == Cause.RETENTION.value)
    days: dict[date, int] = {}
    for at in session.scalars(ended.order_by(Withdrawal.at.desc())):
        days[at.date()] = days.get(at.date(), 0) + 1
    return [Disposed(on, count) for on, count in days.items()][:LISTED]


def list_due(session: Session, now: datetime | None = None) -> list[str]:
    """The stories whose time is over, of every project; not all at once where there are many."""
    now = now or datetime.now(UTC)
    found: list[str] = []
    for project_id, period in _periods(session):
        found += [story.id for story, goes in _may_go(session, project_id, period, now, ~_UNDER_EMBARGO)
                  if rules.state_of(goes, now) is State.DUE]
        if len(found) >= _AT_ONCE:
            break
    return found[:_AT_ONCE]


def dispose(session: Session, story_id: str, now: datetime | None = None) -> bool:
    """End a story if it is due, still, with the story in hand. False: it is not, or it has ended."""
    now = now or datetime.now(UTC)
    locks.take_story(session, story_id)
    row = session.execute(select(Story, Project.retention_months, Project.retention_set_at)
                          .join(Project, Project.id == Story.project_id)
                          .where(Story.id == story_id, ~_UNDER_EMBARGO)).one_or_none()
    if row is None:
        return False
    story, period = row.Story, Period(row.retention_months, row.retention_set_at)
    if rules.state_of(rules.goes_at(period, story.told_at, story.received_at), now) is not State.DUE:
        return False
    withdrawals.end(session, None, story_id, story.project_id, "", now, cause=Cause.RETENTION)
    return True


def begin_notice_again(session: Session, now: datetime) -> None:
    """Let no story go for 30 days, in any project: a backup may say a shorter period than was set since."""
    session.execute(update(Project).where(Project.retention_months.is_not(None)).values(retention_set_at=now))


def keeps_until(session: Session, story: Story) -> datetime | None:
    """When a story goes; None for never."""
    project = session.get_one(Project, story.project_id)
    return rules.goes_at(Period(project.retention_months, project.retention_set_at), story.told_at, story.received_at)


def _ending(session: Session, viewer: Viewer, project_id: str, now: datetime) -> list[Ending]:
    project = session.get_one(Project, project_id)
    period, under_embargo = Period(project.retention_months, project.retention_set_at), _embargoed(session, project_id)
    going = [(story, goes) for story, goes in _may_go(session, project_id, period, now + rules.WARNED_BEFORE)
             if rules.state_of(goes, now) is not State.KEPT]
    names = custody.with_names(session, viewer, withholding.names_of(session, [story for story, _ in going]))
    found = [Ending(story.id, *names[story.id], story.told_on, goes, rules.state_of(goes, now),
                    story.id in under_embargo) for story, goes in going]
    return sorted(found, key=lambda one: (one.goes_at, one.story_id))


def _may_go(session: Session, project_id: str, period: Period, by: datetime,
            *which: ColumnElement[bool]) -> Iterator[tuple[Story, datetime]]:
    """The stories that may go by then, and when each does."""
    told_by = rules.may_be_due(period, by)
    if told_by is None:
        return
    old = and_(or_(Story.told_at <= told_by, Story.received_at <= told_by), Story.received_at <= by - rules.NOTICE)
    query = select(Story).where(Story.project_id == project_id, old, *which)
    for story in session.scalars(query.order_by(Story.told_at, Story.id).limit(COUNTED + 1)):
        goes = rules.goes_at(period, story.told_at, story.received_at)
        if goes is not None:
            yield story, goes


def _periods(session: Session) -> list[tuple[str, Period]]:
    """The projects that do not keep stories for good."""
    query = select(Project.id, Project.retention_months, Project.retention_set_at)
    rows = session.execute(query.where(Project.retention_months.is_not(None)).order_by(Project.id))
    return [(row.id, Period(row.retention_months, row.retention_set_at)) for row in rows]


def _embargoed(session: Session, project_id: str) -> set[str]:
    rows = select(Embargo.story_id).where(Embargo.project_id == project_id, Embargo.lifted_at.is_(None))
    return set(session.scalars(rows))


def _typed(months: int | None) -> str:
    return "" if months is None else str(months)
