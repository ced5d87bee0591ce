"""The files that were taken away from a project, as those see them who look after it and who took them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.errors import NotFound
from server.domain.export import FileMade, FilePart, LeftOut, Stale
from server.models.export import ExportMade, ExportPart
from server.models.people import Person

LISTED = 200


@dataclass(frozen=True)
class ListedFile:
    """A file in the list: who has it, how many parts it has, and how many of those should not be used, by why."""

    id: str
    kind: str
    made_by: str | None
    made_at: datetime
    parts: int
    stale: dict[Stale, int]


def get_list(session: Session, viewer: Viewer, project_id: str) -> list[ListedFile]:
    """The newest files first, and no more than anybody looks through. Raises NotFound."""
    require(viewer, Permission.SEE_EXPORTS, project_id)
    newest = (select(ExportMade, Person.name).outerjoin(Person, Person.id == ExportMade.made_by)
              .where(ExportMade.project_id == project_id)
              .order_by(ExportMade.made_at.desc(), ExportMade.id.desc()).limit(LISTED))
    files = {made.id: ListedFile(made.id, made.kind, name, made.made_at, 0, {})
             for made, name in session.execute(newest)}
    counts = (select(ExportPart.export_id, ExportPart.stale_because, func.count())
              .where(ExportPart.export_id.in_(files), ExportPart.position > 0)
              .group_by(ExportPart.export_id, ExportPart.stale_because))
    sums = dict.fromkeys(files, 0)
    for export_id, because, number in session.execute(counts):
        sums[export_id] += number
        if because:
            files[export_id].stale[Stale(because)] = number
    return [ListedFile(one.id, one.kind, one.made_by, one.made_at, sums[one.id], one.stale) for one in files.values()]


def get_file(session: Session, viewer: Viewer, project_id: str, export_id: str) -> FileMade:
    """What is in a file, and what could have been and was left out. Raises NotFound."""
    require(viewer, Permission.SEE_EXPORTS, project_id)
    found = session.execute(select(ExportMade, Person.name).outerjoin(Person, Person.id == ExportMade.made_by)
                            .where(ExportMade.id == export_id, ExportMade.project_id == project_id)).one_or_none()
    if found is None:
        raise NotFound
    made, name = found
    rows = list(session.scalars(select(ExportPart).where(ExportPart.export_id == export_id)
                                .order_by(ExportPart.position, ExportPart.part_id)))
    parts = tuple(FilePart(row.position, row.part_id, row.story_id, row.stale_at,
                           Stale(row.stale_because) if row.stale_because else None) for row in rows if row.position)
    left_out = tuple(LeftOut(row.part_id, row.story_id, Stale(row.stale_because), row.stale_at)
                     for row in rows if not row.position and row.stale_at is not None)
    return FileMade(made.id, made.project_id, made.kind, name, made.made_at, parts, left_out)
