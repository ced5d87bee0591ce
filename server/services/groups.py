"""The groups whose voices a project hopes to hear, and what those who told stories said of themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain import group as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.group import Group
from server.domain.ids import new_id
from server.domain.sent import SentParticipant
from server.domain.sync import ChangeKind
from server.domain.theme import name_key
from server.models import group as rows
from server.models.group import Belonging, SelfDescription
from server.models.story import Story
from server.services import audit, changes


def list_groups(session: Session, project_id: str, *, retired: bool = False) -> list[Group]:
    """The groups of a project in their order, those that were retired too if asked for. The caller has asked who may
    know of the project."""
    query = select(rows.Group).where(rows.Group.project_id == project_id)
    query = query if retired else query.where(rows.Group.retired_at.is_(None))
    return [_group(row) for row in session.scalars(query.order_by(rows.Group.position, rows.Group.name_key))]


def told_by_group(group_id: str) -> ColumnElement[bool]:
    """SQL: somebody who told the story said that they belong to the group. For the team alone: others are told numbers
    of groups, and no number under five (`server/domain/suppression.py`)."""
    return Story.id.in_(select(Belonging.story_id).where(Belonging.group_id == group_id))


def get(session: Session, viewer: Viewer, group_id: str) -> Group:
    """A group for somebody who may change it. Raises NotFound for everybody else."""
    return _group(_own(session, viewer, group_id))


def add(session: Session, viewer: Viewer, project_id: str, name: str) -> str:
    """A new group, last in the order; its id. Raises NotFound, Invalid."""
    require(viewer, Permission.SET_TARGETS, project_id)
    name = rules.checked_name(name)
    theirs = rows.Group.project_id == project_id
    if len(list_groups(session, project_id)) >= rules.MOST_GROUPS:
        raise Invalid(fields={"name": f"A project has up to {rules.MOST_GROUPS} groups. Retire one first."})
    last = session.scalar(select(func.max(rows.Group.position)).where(theirs))
    row = rows.Group(id=new_id(), project_id=project_id, name=name, name_key=name_key(name),
                     position=0 if last is None else last + 1)
    _keep(session, row)
    _tell(session, viewer, Action.MADE, row)
    return row.id


def rename(session: Session, viewer: Viewer, group_id: str, name: str) -> None:
    """Call a group something else, which must mean the same people. Raises NotFound, Invalid."""
    row = _own(session, viewer, group_id)
    row.name = rules.checked_name(name)
    row.name_key = name_key(row.name)
    _keep(session, row)
    _tell(session, viewer, Action.CHANGED, row)


def retire(session: Session, viewer: Viewer, group_id: str, *, back: bool = False) -> None:
    """Ask nobody about a group any more, or ask again. What people said stays. Raises NotFound."""
    row = _own(session, viewer, group_id)
    row.retired_at = None if back else row.retired_at or datetime.now(UTC)
    session.flush()
    _tell(session, viewer, Action.CHANGED, row)


def move(session: Session, viewer: Viewer, group_id: str, step: int) -> None:
    """Move a group one place up (-1) or down (1) among those that are asked about. Raises NotFound."""
    row = _own(session, viewer, group_id)
    query = select(rows.Group).where(rows.Group.project_id == row.project_id)
    every = list(session.scalars(query.order_by(rows.Group.position, rows.Group.name_key).with_for_update()))
    asked = [one for one in every if one.retired_at is None]
    at = asked.index(row) if row in asked else -1
    if at < 0 or not 0 <= at + step < len(asked):
        return
    asked[at], asked[at + step] = asked[at + step], asked[at]
    for position, one in enumerate([*asked, *(one for one in every if one.retired_at is not None)]):
        one.position = position
    session.flush()
    _tell(session, viewer, Action.CHANGED, row)


def keep_said(session: Session, story_id: str, project_id: str, participants: Iterable[SentParticipant]) -> None:
    """Keep what those who told a story said of themselves. A group that this project does not have, since the phone
    heard of it long ago, is left out: no story waits for that."""
    known = {group.id for group in list_groups(session, project_id, retired=True)}
    said = [one for one in participants if one.own_words.strip() or known.intersection(one.groups)]
    if not said:
        return
    for one in said:
        session.add(SelfDescription(participant_id=one.id, story_id=story_id, own_words=one.own_words.strip()))
        session.flush()
        session.add_all(Belonging(participant_id=one.id, group_id=group_id, story_id=story_id)
                        for group_id in one.groups if group_id in known)
    session.execute(update(Story).where(Story.id == story_id).values(described=len(said)))
    session.flush()


def _own(session: Session, viewer: Viewer, group_id: str) -> rows.Group:
    row = session.get(rows.Group, group_id)
    require(viewer, Permission.SET_TARGETS, row.project_id if row else "")
    if row is None:
        raise NotFound
    return row


def _keep(session: Session, row: rows.Group) -> None:
    """Raises Invalid where the project has a group of this name."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Invalid(fields={"name": "There is a group of this name, perhaps a retired one."}) from None


def _tell(session: Session, viewer: Viewer, action: Action, row: rows.Group) -> None:
    """The phones, and the audit."""
    changes.note(session, ChangeKind.PROJECT, row.project_id, row.project_id)
    audit.note(session, viewer.person_id, action, "group", row.id, row.project_id)


def _group(row: rows.Group) -> Group:
    return Group(row.id, row.project_id, row.name, row.retired_at is not None)
