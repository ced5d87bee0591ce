"""The files that were taken away from a project, as those see them who look after it and who took them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.bookmark import Bookmark, Turn
from server.domain.errors import NotFound
from server.domain.export import FileMade, FilePart, LeftOut, Stale
from server.models.export import ExportMade, ExportPart
from server.models.people import Person
from server.services import kept_exports, turning


@dataclass(frozen=True)
class ListedFile:
    """A file in the list: who has it, how many parts it has, and how many of those should not be used, by why."""

    id: str
    kind: str
    made_by: str | None
    made_at: datetime
    parts: int
    stale: dict[Stale, int]


@dataclass(frozen=True)
class FilePage:
    """One page of the list, the newest file first."""

    files: list[ListedFile]
    newer: Bookmark | None
    older: Bookmark | None


def get_page(session: Session, viewer: Viewer, project_id: str, to: Turn) -> FilePage:
    """A page of the files that were taken from a project, the newest first. Raises NotFound."""
    require(viewer, Permission.SEE_EXPORTS, project_id)
    organisations = viewer.organisations_in(project_id)
    leaf = turning.turn(session, [ExportMade.project_id == project_id, _is_known(organisations)], to, turning.FILES)
    return FilePage(_list(session, leaf.ids, organisations), leaf.newer, leaf.older)


def _is_known(organisations: frozenset[str]) -> ColumnElement[bool]:
    """SQL: not all that is in the file is what a partner keeps from these."""
    of_it = ExportPart.export_id == ExportMade.id
    return or_(~exists().where(of_it), exists().where(of_it, ~kept_exports.hidden_from(organisations)))


def _list(session: Session, export_ids: Sequence[str], organisations: frozenset[str]) -> list[ListedFile]:
    """These files, with how much of each should not be used."""
    made = (select(ExportMade, Person.name).outerjoin(Person, Person.id == ExportMade.made_by)
            .where(ExportMade.id.in_(export_ids)).order_by(ExportMade.made_at.desc(), ExportMade.id.desc()))
    counts = (select(ExportPart.export_id, ExportPart.stale_because, func.count())
              .join(ExportMade, ExportMade.id == ExportPart.export_id)
              .where(ExportPart.export_id.in_(export_ids), ExportPart.position > 0,
                     ~kept_exports.hidden_from(organisations))
              .group_by(ExportPart.export_id, ExportPart.stale_because))
    sums, stale = Counter[str](), defaultdict[str, dict[Stale, int]](dict)
    for export_id, because, number in session.execute(counts):
        sums[export_id] += number
        if because:
            stale[export_id][Stale(because)] = number
    return [ListedFile(one.id, one.kind, name, one.made_at, sums[one.id], stale[one.id])
            for one, name in session.execute(made)]


def get_file(session: Session, viewer: Viewer, project_id: str, export_id: str) -> FileMade:
    """What is in a file, and what could have been and was left out. Raises NotFound."""
    require(viewer, Permission.SEE_EXPORTS, project_id)
    found = session.execute(select(ExportMade, Person.name).outerjoin(Person, Person.id == ExportMade.made_by)
                            .where(ExportMade.id == export_id, ExportMade.project_id == project_id,
                                   _is_known(viewer.organisations_in(project_id)))).one_or_none()
    if found is None:
        raise NotFound
    made, name = found
    rows = list(session.scalars(select(ExportPart).join(ExportMade, ExportMade.id == ExportPart.export_id)
                                .where(ExportPart.export_id == export_id,
                                       ~kept_exports.hidden_from(viewer.organisations_in(project_id)))
                                .order_by(ExportPart.position, ExportPart.part_id)))
    parts = tuple(FilePart(row.position, row.part_id, row.story_id, row.stale_at,
                           Stale(row.stale_because) if row.stale_because else None) for row in rows if row.position)
    left_out = tuple(LeftOut(row.part_id, row.story_id, Stale(row.stale_because), row.stale_at)
                     for row in rows if not row.position and row.stale_at is not None)
    return FileMade(made.id, made.project_id, made.kind, name, made.made_at, parts, left_out)
