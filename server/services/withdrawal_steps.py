"""What has to go after a withdrawal, step by step: begun in its transaction, and done once somebody has looked."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer, require
from server.domain.consent import Scope
from server.domain.errors import NotFound
from server.domain.sync import ChangeKind
from server.domain.withdrawal_step import (
    BACKUPS_KEPT,
    STORED,
    PhoneToTell,
    Place,
    Receipt,
    Step,
    Summary,
    may_have_receipt,
    summed_up,
)
from server.domain.work import Kind
from server.models.change import Change
from server.models.consent import ConsentRecord, Erasure, PartialWithdrawal, Withdrawal, WithdrawalStep
from server.models.device import Device
from server.models.export import ExportPart
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Story
from server.models.work import Job
from server.services import holdings, work

_BEGUN_ANEW = (Place.DATABASE_PAGES, Place.BACKUPS)


def begin(session: Session, story_id: str, project_id: str, scope: Scope, hashes: Mapping[Place, Collection[str]],
          at: datetime) -> None:
    """Write down what has to go, in the transaction that takes it, before it does, and have the database's files
    cleared of it afterwards.

    `hashes` are the SHA-256s of what the store has, by place, and under `Place.STAGED` the ids of the staging places
    that have pieces of it. What is written down already stays as it is, unless more has come of a story since.
    Where a part of a story is withdrawn, what was made of the story goes with it, and can be made again.
    """
    wanted = {(place, subject): 1 for place, subjects in hashes.items() for subject in sorted(subjects) if subject}
    wanted |= {(Place.PHONES, device_id): 1 for device_id in _phones(session, story_id)}
    if stored := sum(place in STORED for place, _ in wanted):
        wanted[Place.VERSIONS, ""] = stored
    wanted |= {(place, ""): 1 for place in (*holdings.places(), Place.CACHES, *_BEGUN_ANEW)}
    rows = {(row.place, row.subject): row for row in _rows(session, story_id) if row.scope == scope}
    is_whole = has_ended(session, story_id)
    has_more = any(holdings.is_there(session, place, story_id) for place in holdings.places())
    for (place, subject), count in wanted.items():
        row = rows.get((place, subject))
        if row is None:
            row = WithdrawalStep(story_id=story_id, scope=scope.value, place=place.value, subject=subject, count=count)
            session.add(row)
        elif not has_more:
            continue
        row.asked_at, row.done_at = at, None
        row.due_at = at + BACKUPS_KEPT if place is Place.BACKUPS else None
        if place is Place.PHONES and not is_whole:
            row.due_at = at + timedelta(hours=session.get_one(Project, project_id).keep_hours)
    if not is_whole:
        holdings.let_go_of_made(session, story_id)
    session.flush()
    work.request_again(session, kind=Kind.SCRUB, subject_id=story_id, story_id=None, project_id=project_id)


def settle_story(session: Session, story_id: str, now: datetime) -> None:
    """Look for what a withdrawal took in its own transaction, and say of each place where nothing is left that it is
    done. Nothing is ever kept in a cache, since every answer with something of a story forbids it."""
    is_whole = has_ended(session, story_id)
    looked_at = (*holdings.places(), Place.CACHES)
    for row in _rows(session, story_id):
        if row.done_at is not None or row.place not in looked_at:
            continue
        # Of a story that goes on, its own rows stay.
        if not (is_whole and holdings.is_there(session, Place(row.place), story_id)):
            row.done_at = now
    session.flush()


def settle(session: Session, now: datetime, backups_kept: timedelta = BACKUPS_KEPT) -> None:
    """Look at every step that is left, and say which are done. Backups go when they are as old as they may get."""
    left = WithdrawalStep.done_at.is_(None)
    for row in session.scalars(select(WithdrawalStep).where(left, WithdrawalStep.place == Place.BACKUPS)):
        row.due_at = row.asked_at + backups_kept
    in_rows = WithdrawalStep.place.in_((*holdings.places(), Place.CACHES))
    for story_id in session.scalars(select(WithdrawalStep.story_id).where(left, in_rows).distinct()).all():
        settle_story(session, story_id, now)
    session.flush()
    for done in (_let_go_by_the_store(), _without_stored_bytes(), _written_anew(), _told_to_phones(),
                 _let_go_of_by_phones(now), and_(WithdrawalStep.place == Place.BACKUPS, WithdrawalStep.due_at <= now)):
        session.execute(update(WithdrawalStep).where(left, done).values(done_at=now)
                        .execution_options(synchronize_session=False))
    session.expire_all()


def settle_staged(session: Session, place: str, now: datetime) -> None:
    """A staging place has just been looked through, and has no file left that no upload knows."""
    session.execute(update(WithdrawalStep).where(
        WithdrawalStep.place == Place.STAGED, WithdrawalStep.subject == place, WithdrawalStep.asked_at <= now,
        WithdrawalStep.done_at.is_(None)).values(done_at=now))


def get_checklist(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[Step]:
    """Every step of a story's withdrawals, in the order of places. Raises NotFound, also where nothing of it was
    withdrawn."""
    require(viewer, Permission.WITHDRAW, project_id)
    if not list_scopes(session, project_id, story_id):
        raise NotFound
    return list_steps(session, story_id)


def get_receipt(session: Session, viewer: Viewer, project_id: str, story_id: str, now: datetime) -> Receipt:
    """What has gone, for whoever asked for it to go. Raises NotFound, also while more is waited for than backups and
    phones that may never be heard of again."""
    steps = get_checklist(session, viewer, project_id, story_id)
    if not may_have_receipt(steps, list_phones(session, steps), now):
        raise NotFound
    files = select(func.count(ExportPart.export_id.distinct())).where(ExportPart.story_id == story_id,
                                                                     ExportPart.position > 0)
    return Receipt(story_id, project_id, tuple(list_scopes(session, project_id, story_id)), tuple(steps),
                   session.scalar(files) or 0)


def list_scopes(session: Session, project_id: str, story_id: str) -> list[tuple[Scope, datetime]]:
    """What was withdrawn of a story of this project, and when; empty for a story of another."""
    part = select(PartialWithdrawal.scope, PartialWithdrawal.at).where(
        PartialWithdrawal.story_id == story_id, PartialWithdrawal.project_id == project_id)
    whole = select(Withdrawal.scope, Withdrawal.at).where(
        Withdrawal.story_id == story_id, Withdrawal.project_id == project_id)
    found = [(Scope(scope), at) for query in (part, whole) for scope, at in session.execute(query)]
    return sorted(found, key=lambda one: one[1])


def list_phones(session: Session, steps: Iterable[Step]) -> dict[str, PhoneToTell]:
    """The phones of these steps, by id."""
    ids = [step.subject for step in steps if step.place is Place.PHONES]
    rows = session.execute(select(Device, Person.name).join(Person, Person.id == Device.person_id)
                           .where(Device.id.in_(ids)))
    return {row.id: PhoneToTell(name, row.label, row.last_seen_at, row.revoked_at is not None) for row, name in rows}


def get_summary(session: Session, story_id: str) -> Summary | None:
    """How far the checklist of a story is; None where nothing was withdrawn. The caller has asked who may know."""
    steps = list_steps(session, story_id)
    return summed_up(steps) if steps else None


def count_late(session: Session, now: datetime) -> dict[Place, int]:
    """How many steps of all withdrawals take longer than they should, by place. For operators: it names no story."""
    left = session.scalars(select(WithdrawalStep).where(WithdrawalStep.done_at.is_(None)))
    late = Counter(step.place for step in map(_step, left) if step.is_late(now))
    return {place: late[place] for place in Place if late[place]}


def has_ended(session: Session, story_id: str) -> bool:
    """Whether all of a story was withdrawn. The caller has asked who may know."""
    return session.get(Withdrawal, story_id) is not None


def list_steps(session: Session, story_id: str) -> list[Step]:
    """Every step of a story, in the order of places. The caller has asked who may know."""
    order = list(Place)
    steps = map(_step, _rows(session, story_id))
    return sorted(steps, key=lambda step: (order.index(step.place), step.asked_at, step.subject))


def _step(row: WithdrawalStep) -> Step:
    return Step(Place(row.place), row.subject, row.count, row.asked_at, row.due_at, row.done_at)


def _rows(session: Session, story_id: str) -> list[WithdrawalStep]:
    query = select(WithdrawalStep).where(WithdrawalStep.story_id == story_id).order_by(WithdrawalStep.id)
    return list(session.scalars(query))


def _phones(session: Session, story_id: str) -> list[str]:
    """The phones of whoever collected it."""
    collected = (select(Story.researcher_id).where(Story.id == story_id)
                 .union(select(ConsentRecord.taken_by).where(ConsentRecord.story_id == story_id)))
    people = [person for person in session.scalars(collected) if person]
    return list(session.scalars(select(Device.id).where(Device.person_id.in_(people)).order_by(Device.id)))


def _let_go_by_the_store() -> ColumnElement[bool]:
    """SQL: the store has let go of every version of these bytes, or another story rests on the same ones."""
    return and_(WithdrawalStep.place.in_(STORED), ~exists().where(Erasure.sha256 == WithdrawalStep.subject))


def _without_stored_bytes() -> ColumnElement[bool]:
    """SQL: all bytes of the same withdrawal are gone."""
    other = aliased(WithdrawalStep)
    left = exists().where(other.story_id == WithdrawalStep.story_id, other.scope == WithdrawalStep.scope,
                          other.place.in_(STORED), other.done_at.is_(None))
    return and_(WithdrawalStep.place == Place.VERSIONS, ~left)


def _written_anew() -> ColumnElement[bool]:
    """SQL: the database's files were written anew since it was asked for: that work is forgotten when it is done."""
    left = exists().where(Job.kind == Kind.SCRUB, Job.subject_id == WithdrawalStep.story_id)
    return and_(WithdrawalStep.place == Place.DATABASE_PAGES, ~left)


def _told_to_phones() -> ColumnElement[bool]:
    """SQL: the phone has acted on the change that told of the story's end, and its person is told of this project."""
    told = exists().where(Change.kind == ChangeKind.TOMBSTONE, Change.subject_id == WithdrawalStep.story_id,
                          Device.id == WithdrawalStep.subject, Device.read_up_to >= Change.sequence,
                          Membership.person_id == Device.person_id, Membership.project_id == Change.project_id,
                          Membership.role.in_([role.value for role in ROLES_THAT_MAY[Permission.COLLECT]]))
    return and_(WithdrawalStep.place == Place.PHONES, told)


def _let_go_of_by_phones(now: datetime) -> ColumnElement[bool]:
    """SQL: the phone was heard of after the time for which it keeps what it has sent."""
    heard = exists().where(Device.id == WithdrawalStep.subject, Device.last_seen_at >= WithdrawalStep.due_at)
    return and_(WithdrawalStep.place == Place.PHONES, WithdrawalStep.due_at <= now, heard)
