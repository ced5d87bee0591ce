"""Embargoes: while somebody is worried about a person's safety a story is kept and worked on, and nothing of it leaves.

Researchers hold back what they collected, administrators anything in their project, commissioners what they can read.
Each embargo is lifted by the one person it names, and by nobody else; a story leaves again once all of its embargoes
are lifted. That there is one, and why, is for that person, for whoever put it, and for administrators alone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer, may, require
from server.domain.audit import Action
from server.domain.consent import Audience
from server.domain.embargo import REASON_LETTERS, SentEmbargo, may_be_named
from server.domain.errors import Invalid, NotFound, SameIdOtherContent
from server.domain.export import Stale
from server.domain.fields import storable
from server.domain.ids import new_id
from server.models.consent import Embargo, Withdrawal
from server.models.export import ExportPart
from server.models.people import Membership, Person
from server.models.story import Story
from server.services import audit, consents, custody, exports_made, locks, restriction_log, withholding
from server.services.clearances import ANYTHING, asked_for, may_have
from server.services.insertion import insert_once

_PUT_BY, _NAMED = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Nameable:
    """Somebody who may be named to look into a worry."""

    id: str
    name: str


@dataclass(frozen=True)
class ToldApart:
    """What tells a story apart from others, without a word of it."""

    pseudonym: str
    place: str
    told_on: date


@dataclass(frozen=True)
class HeldBack:
    """One embargo, for somebody whom it concerns.

    `story` is None where the story has not come yet, and for whoever put the embargo and may not see the story's name
    now. `named` is empty where nobody can lift it: an administrator names somebody then. `lifted_at` is None while it
    stands; `others` counts the other embargoes that stand on the story.
    """

    id: str
    story_id: str
    reason: str
    put_at: datetime
    put_by: str
    named: str
    story: ToldApart | None
    lifted_at: datetime | None
    others: int
    may_lift: bool
    may_name: bool


def get_to_hold_back(session: Session, viewer: Viewer, project_id: str, story_id: str) -> ToldApart:
    """A story of the project that the viewer may hold back. Raises NotFound."""
    require(viewer, Permission.HOLD_BACK, project_id)
    story = session.scalar(select(Story).where(Story.id == story_id, Story.project_id == project_id,
                                               _in_their_hands(viewer, project_id)))
    if story is None:
        raise NotFound
    return _told_apart(session, viewer, story)


def put(session: Session, viewer: Viewer, project_id: str, story_id: str, reason: str, named_id: str) -> str:
    """Hold a story back at once, until the named person lifts it; the id of the embargo. Raises NotFound, Invalid."""
    locks.take_story(session, story_id)
    get_to_hold_back(session, viewer, project_id, story_id)
    reason = reason.strip()
    wrong = {"reason": _wrong_reason(reason), "named": _wrong_name(session, viewer, project_id, named_id)}
    if any(wrong.values()):
        raise Invalid(fields={field: sentence for field, sentence in wrong.items() if sentence})
    embargo_id = new_id()
    _insert(session, viewer, SentEmbargo(embargo_id, reason, named_id), story_id, project_id)
    return embargo_id


def receive(session: Session, viewer: Viewer, sent: SentEmbargo | None, story_id: str, project_id: str) -> None:
    """Keep once what a phone sent with its story, also while that waits for a consent, so that the worry does not wait.

    Whoever was named and may not be named any more is nobody: administrators are asked. The caller holds the story and
    has asked who may. Raises SameIdOtherContent where another story has this id.
    """
    if sent is None:
        return
    people = {one.id for one in list_nameable(session, viewer.person_id, project_id)}
    _insert(session, viewer, SentEmbargo(sent.id, sent.reason.strip(), sent.named_id if sent.named_id in people else
                                         None), story_id, project_id)


def lift(session: Session, viewer: Viewer, project_id: str, embargo_id: str) -> None:
    """End an embargo: only whom it names can. Doing it twice changes nothing. Raises NotFound."""
    row = _to_change(session, viewer, Permission.LIFT_EMBARGOES, project_id, embargo_id)
    if row.named_id != viewer.person_id:
        raise NotFound
    if row.lifted_at is not None:
        return
    row.lifted_by, row.lifted_at = viewer.person_id, datetime.now(UTC)
    audit.note(session, viewer.person_id, Action.REMOVED, "embargo", row.id, project_id, story=row.story_id)
    session.flush()
    consents.decide_again(session, row.story_id)
    if not is_held_back(session, row.story_id):
        _let_be_used_again(session, row.story_id)


def name_another(session: Session, viewer: Viewer, project_id: str, embargo_id: str, named_id: str) -> None:
    """Have somebody else look into it, where whoever was named can no longer. Raises NotFound, Invalid."""
    row = _to_change(session, viewer, Permission.NAME_FOR_EMBARGOES, project_id, embargo_id)
    if row.lifted_at is not None or row.named_id in _lifters(session, project_id):
        raise NotFound
    wrong = _wrong_name(session, viewer, project_id, named_id)
    if wrong:
        raise Invalid(fields={"named": wrong})
    row.named_id = named_id
    audit.note(session, viewer.person_id, Action.CHANGED, "embargo", row.id, project_id, story=row.story_id,
               named=named_id)
    session.flush()


def list_nameable(session: Session, person_id: str, project_id: str) -> list[Nameable]:
    """The people of a project whom this person may name, by their names. The caller has asked who may."""
    roles: dict[tuple[str, str], set[Role]] = {}
    rows = session.execute(select(Person.id, Person.name, Membership.role)
                           .join(Membership, Membership.person_id == Person.id)
                           .where(Membership.project_id == project_id))
    for row in rows:
        roles.setdefault((row.id, row.name), set()).add(Role(row.role))
    found = [Nameable(*person) for person, theirs in roles.items()
             if may_be_named(theirs, is_who_asks=person[0] == person_id)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def list_standing(session: Session, viewer: Viewer, project_id: str) -> list[HeldBack]:
    """The embargoes of a project that are not lifted and concern the viewer, the oldest first. Raises NotFound."""
    require(viewer, Permission.LIFT_EMBARGOES, project_id)
    return _list(session, viewer, project_id, Embargo.lifted_at.is_(None))


def list_of_story(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[HeldBack]:
    """Those of one story that concern the viewer, the lifted ones too. Raises NotFound."""
    require(viewer, Permission.LIFT_EMBARGOES, project_id)
    return _list(session, viewer, project_id, Embargo.story_id == story_id)


def get_one(session: Session, viewer: Viewer, project_id: str, embargo_id: str) -> HeldBack:
    """One that concerns the viewer. Raises NotFound."""
    require(viewer, Permission.LIFT_EMBARGOES, project_id)
    for found in _list(session, viewer, project_id, Embargo.id == embargo_id):
        return found
    raise NotFound


def count_waiting(session: Session, viewer: Viewer, project_id: str) -> int:
    """How many embargoes wait for the viewer: to be lifted, or for somebody to be named."""
    if not may(viewer, Permission.LIFT_EMBARGOES, project_id):
        return 0
    return sum(one.may_lift or one.may_name for one in list_standing(session, viewer, project_id))


def is_held_back(session: Session, story_id: str) -> bool:
    """Whether any embargo stands on a story."""
    standing = exists().where(Embargo.story_id == story_id, Embargo.lifted_at.is_(None))
    return session.scalar(select(standing)) is True


def _in_their_hands(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: what an administrator runs, what a researcher collected, and what a commissioner can read at this moment."""
    roles, ways = viewer.roles_in(project_id), []
    if Role.ADMINISTRATOR in roles:
        ways.append(Story.project_id == project_id)
    if Role.RESEARCHER in roles:
        ways.append(Story.researcher_id == viewer.person_id)
    if Role.COMMISSIONER in roles:
        ways.append(may_have(Story.id, asked_for(viewer, project_id, Audience.COMMISSIONERS), ANYTHING))
    return or_(*ways)


def _insert(session: Session, viewer: Viewer, embargo: SentEmbargo, story_id: str, project_id: str) -> None:
    is_new = insert_once(session, Embargo, Embargo.id, id=embargo.id, story_id=story_id, project_id=project_id,
                         reason=embargo.reason, named_id=embargo.named_id, put_by=viewer.person_id,
                         put_at=datetime.now(UTC))
    if not is_new:
        if session.get_one(Embargo, embargo.id, populate_existing=True).story_id != story_id:
            raise SameIdOtherContent
        return
    restriction_log.ask_to_note(session, embargo.id, story_id, project_id)
    audit.note(session, viewer.person_id, Action.MADE, "embargo", embargo.id, project_id, story=story_id,
               named=embargo.named_id)
    consents.decide_again(session, story_id)
    exports_made.mark_stale(session, story_id, Stale.EMBARGO, datetime.now(UTC))


def _let_be_used_again(session: Session, story_id: str) -> None:
    """Files that were made before may be used again, but for what people agreed to less of meanwhile."""
    locks.take_exports(session)
    session.execute(update(ExportPart).where(ExportPart.story_id == story_id,
                                             ExportPart.stale_because == Stale.EMBARGO.value)
                    .values(stale_at=None, stale_because=""))
    exports_made.follow(session, datetime.now(UTC), story_id)


def _to_change(session: Session, viewer: Viewer, permission: Permission, project_id: str, embargo_id: str) -> Embargo:
    """The row, with its story's turn. Raises NotFound, also once the story was withdrawn."""
    require(viewer, permission, project_id)
    story_id = session.scalar(select(Embargo.story_id).where(
        Embargo.id == embargo_id, Embargo.project_id == project_id))
    if story_id is None:
        raise NotFound
    locks.take_story(session, story_id)
    if session.get(Withdrawal, story_id) is not None:
        raise NotFound
    return session.get_one(Embargo, embargo_id, populate_existing=True)


def _list(session: Session, viewer: Viewer, project_id: str, which: ColumnElement[bool]) -> list[HeldBack]:
    """What was withdrawn is no longer held back: it is gone."""
    query = (select(Embargo, Story, _PUT_BY.name.label("put_by"), _NAMED.name.label("named"))
             .outerjoin(Story, Story.id == Embargo.story_id).outerjoin(_PUT_BY, _PUT_BY.id == Embargo.put_by)
             .outerjoin(_NAMED, _NAMED.id == Embargo.named_id)
             .where(Embargo.project_id == project_id, which, _concerns(viewer, project_id),
                    ~exists().where(Withdrawal.story_id == Embargo.story_id))
             .order_by(Embargo.put_at, Embargo.id))
    rows = session.execute(query).all()
    standing = session.scalars(select(Embargo.story_id).where(
        Embargo.story_id.in_([row.Embargo.story_id for row in rows]), Embargo.lifted_at.is_(None))).all()
    lifters = _lifters(session, project_id)
    return [_held_back(session, viewer, row.Embargo, row.Story, row.put_by or "",
                       row.named if row.Embargo.named_id in lifters else "",
                       standing.count(row.Embargo.story_id) - (row.Embargo.lifted_at is None)) for row in rows]


def _told_apart(session: Session, viewer: Viewer, story: Story) -> ToldApart:
    names = custody.with_names(session, viewer, withholding.names_of(session, [story]))
    return ToldApart(*names[story.id], story.told_on)


def _held_back(session: Session, viewer: Viewer, row: Embargo, story: Story | None, put_by: str, named: str,
               others: int) -> HeldBack:
    stands = row.lifted_at is None
    is_named = row.named_id == viewer.person_id
    is_administrator = Role.ADMINISTRATOR in viewer.roles_in(row.project_id)
    knows = story is not None and (is_named or is_administrator or story.researcher_id == viewer.person_id)
    told = _told_apart(session, viewer, story) if story is not None and knows else None
    return HeldBack(row.id, row.story_id, row.reason, row.put_at, put_by, named, told, row.lifted_at, others,
                    may_lift=stands and is_named, may_name=stands and not named and is_administrator)


def _concerns(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: the viewer is named, put it, or runs the project."""
    if Role.ADMINISTRATOR in viewer.roles_in(project_id):
        return Embargo.project_id == project_id
    return or_(Embargo.named_id == viewer.person_id, Embargo.put_by == viewer.person_id)


def _lifters(session: Session, project_id: str) -> set[str]:
    """The ids of those whose roles in the project let them lift what names them."""
    roles = [role.value for role in ROLES_THAT_MAY[Permission.LIFT_EMBARGOES]]
    return set(session.scalars(select(Membership.person_id).where(
        Membership.project_id == project_id, Membership.role.in_(roles))))


def _wrong_reason(reason: str) -> str | None:
    if not reason:
        return "Write what worries you."
    if len(reason) > REASON_LETTERS:
        return f"Use {REASON_LETTERS:,} letters or fewer."
    return None if storable(reason) else "This has a character in it that cannot be stored."


def _wrong_name(session: Session, viewer: Viewer, project_id: str, named_id: str) -> str | None:
    people = {one.id for one in list_nameable(session, viewer.person_id, project_id)}
    return None if named_id in people else "Choose who looks into it."
