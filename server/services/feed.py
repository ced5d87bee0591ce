"""What a device is told of what changed, in order: each thing as it is now, and no more than its person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer
from server.domain.sync import ChangeKind, Cursor, Receipt
from server.models.change import Change
from server.models.consent import PartialWithdrawal, Withdrawal
from server.models.people import Membership
from server.services import changes, consent_wordings, phone_projects, receipts
from server.services.consent_wordings import Published
from server.services.phone_projects import CodebookTheme, Guide, PhoneProject


@dataclass(frozen=True)
class Collecting:
    """Whether the person collects in a project now."""

    project_id: str
    collects: bool


@dataclass(frozen=True)
class Codebook:
    """The themes of a project."""

    themes: tuple[CodebookTheme, ...]


@dataclass(frozen=True)
class Ended:
    """The end of a story, for the copy that a phone still has."""

    withdrawn_at: datetime


Content = PhoneProject | Guide | Published | Codebook | Collecting | Receipt | Ended


@dataclass(frozen=True)
class Told:
    """One change, with what it is about as that is now. `id` is a project's where `kind` is about one."""

    sequence: int
    kind: ChangeKind
    id: str
    project_id: str
    content: Content


@dataclass(frozen=True)
class Page:
    """Some changes in order. `was_reset`: the cursor is from before the database was restored, so this is the start."""

    changes: tuple[Told, ...]
    next: int
    more: bool
    was_reset: bool


def read(session: Session, viewer: Viewer, cursor: Cursor) -> Page:
    """The changes after the cursor that concern the viewer.

    Who may see what is asked together with the changes, in one statement: asked before, a role given in between would
    be told of and what came with it passed over.
    """
    newest = changes.newest(session)
    was_reset = cursor.after > newest or changes.is_older(session, cursor.after)
    after = 0 if was_reset else cursor.after
    collects = _collects(viewer)
    mine = or_(
        and_(Change.kind == ChangeKind.MEMBERSHIP, Change.person_id == viewer.person_id),
        and_(Change.kind != ChangeKind.MEMBERSHIP, collects,
             or_(Change.person_id.is_(None), Change.person_id == viewer.person_id)))
    query = (select(Change, collects.label("collects")).where(Change.sequence > after, mine)
             .order_by(Change.sequence).limit(cursor.limit + 1))
    found = [(row.Change, bool(row.collects)) for row in session.execute(query)]
    more = len(found) > cursor.limit
    found = found[:cursor.limit]
    last = found[-1][0].sequence if found else after
    return Page(_told(session, viewer, found), last if more else max(last, newest), more, was_reset)


def _collects(viewer: Viewer) -> ColumnElement[bool]:
    """SQL: the viewer collects in the project of the change, now."""
    roles = [role.value for role in ROLES_THAT_MAY[Permission.COLLECT]]
    return Change.project_id.in_(select(Membership.project_id).where(
        Membership.person_id == viewer.person_id, Membership.role.in_(roles)))


def _told(session: Session, viewer: Viewer, found: list[tuple[Change, bool]]) -> tuple[Told, ...]:
    """What went in the meantime is left out: that it went is a later change."""
    kept = receipts.list_kept(session, _subjects(found, ChangeKind.RECEIPT))
    ended = _ended(session, _subjects(found, ChangeKind.TOMBSTONE))
    told = []
    for row, collects in found:
        kind, project_id = ChangeKind(row.kind), row.project_id
        about = project_id if kind is ChangeKind.MEMBERSHIP else row.subject_id
        content: Content | None
        match kind:
            case ChangeKind.RECEIPT:
                content = kept.get(about)
            case ChangeKind.TOMBSTONE:
                content = ended.get(about)
            case ChangeKind.MEMBERSHIP:
                content = Collecting(project_id, collects)
            case _:
                content = _of_project(session, viewer, kind, project_id)
        if content is not None:
            told.append(Told(row.sequence, kind, about, project_id, content))
    return tuple(told)


def _of_project(session: Session, viewer: Viewer, kind: ChangeKind, project_id: str) -> Content | None:
    match kind:
        case ChangeKind.PROJECT:
            return phone_projects.find_project(session, viewer.person_id, project_id)
        case ChangeKind.GUIDE:
            return phone_projects.find_guide(session, project_id)
        case ChangeKind.WORDING:
            held_for = viewer.organisations.get(project_id, {}).get(Role.RESEARCHER)
            return consent_wordings.find_newest(session, project_id, held_for)
        case _:
            return Codebook(phone_projects.list_codebook(session, project_id))


def _subjects(found: Iterable[tuple[Change, bool]], kind: ChangeKind) -> list[str]:
    return [row.subject_id for row, _ in found if row.kind == kind]


def _ended(session: Session, story_ids: list[str]) -> dict[str, Ended]:
    """Also those whose words stay: phones let go of what they have of them."""
    rows = session.execute(union_all(*(select(owner.story_id, owner.at).where(owner.story_id.in_(story_ids))
                                       for owner in (PartialWithdrawal, Withdrawal))))
    return {row.story_id: Ended(row.at) for row in rows}
