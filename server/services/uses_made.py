"""Where the words of a story were used, for somebody who told it: days and kinds, and nothing of other stories.

Each source is a function in `_SOURCES`; what a board decides joins as another one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.audit import Action
from server.models.audit import AuditEntry
from server.models.export import ExportMade, ExportPart
from server.models.people import Membership
from server.models.provocation import Provocation
from server.models.story import Photo, Quote
from server.models.theme import Excerpt


class Used(StrEnum):
    """How a part of a story was used."""

    SHOWN_TO_BOARD = "shown_to_board"
    READ_BY_BOARD = "read_by_board"
    FILE_FOR_REPORTS = "file_for_reports"
    FILE = "file"


@dataclass(frozen=True)
class UseMade:
    """That it was used so on this day. `question` is what it was shown beside, where a board may still read that."""

    day: date
    used: Used
    question: str = ""


def list_of(session: Session, story_id: str, project_id: str) -> list[UseMade]:
    """Every use of a story, the newest first; the same on one day is one. The caller has asked who may know."""
    found = {use for source in _SOURCES for use in source(session, story_id, project_id)}
    return sorted(found, key=lambda use: (-use.day.toordinal(), list(Used).index(use.used), use.question))


def _files(session: Session, story_id: str, _: str) -> Iterator[UseMade]:
    """Files that somebody was given with some of it in them."""
    files = (select(ExportMade.made_at, ExportMade.kind).join(ExportPart, ExportPart.export_id == ExportMade.id)
             .where(ExportPart.story_id == story_id, ExportPart.position > 0))
    for made_at, kind in session.execute(files):
        # As in the audit: quotes alone are made for publication.
        yield UseMade(made_at.date(), Used.FILE_FOR_REPORTS if kind.startswith("quotes") else Used.FILE)


def _boards(session: Session, story_id: str, project_id: str) -> Iterator[UseMade]:
    """Provocations that held some of it when they were presented, or when somebody of the board read them."""
    parts = set(session.scalars(_parts(story_id)))
    asked = {row.id: row.question if row.published_at else "" for row in session.scalars(
        select(Provocation).where(Provocation.project_id == project_id))}
    if not parts or not asked:
        return
    board = set(session.scalars(select(Membership.person_id).where(
        Membership.project_id == project_id, Membership.role == Role.BOARD_MEMBER)))
    shown = select(AuditEntry.at, AuditEntry.action, AuditEntry.person_id, AuditEntry.subject_id, AuditEntry.details)
    of_these = (AuditEntry.subject_id.in_(asked), AuditEntry.kind == "provocation",
                AuditEntry.action.in_((Action.PRESENTED, Action.READ)))
    for at, action, person_id, provocation_id, details in session.execute(shown.where(*of_these)):
        if parts.isdisjoint(details.get("parts", ())):
            continue
        if action == Action.PRESENTED:
            yield UseMade(at.date(), Used.SHOWN_TO_BOARD, asked[provocation_id])
        elif person_id in board:
            yield UseMade(at.date(), Used.READ_BY_BOARD, asked[provocation_id])


def _parts(story_id: str) -> Select[tuple[str]]:
    """What a provocation can rest on."""
    of_story = union_all(*(select(owner.id).where(owner.story_id == story_id) for owner in (Excerpt, Quote, Photo)))
    return select(of_story.subquery().c.id)


_SOURCES: tuple[Callable[[Session, str, str], Iterable[UseMade]], ...] = (_files, _boards)
