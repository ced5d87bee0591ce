"""Files that were carried away: what is in each, and what of it should not be used any more.

A file is noted in the transaction that decides what is in it, and whoever takes something away from stories waits for
that for a moment. So every file that holds something is known to whoever ends it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, insert, or_, select, true, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience, Content
from server.domain.export import LeftOut, Stale
from server.domain.ids import new_id
from server.models.consent import Clearance, Embargo, Withdrawal
from server.models.export import ExportMade, ExportPart
from server.models.people import Person
from server.models.theme import Excerpt
from server.services import locks

_PARTS_AT_A_TIME = 500


@dataclass(frozen=True)
class Holding:
    """A file that holds something of a story, and who has it; None where it was made at the server's command line.

    `positions` are the places in the file, from 1, of the parts that are in question.
    """

    export_id: str
    kind: str
    made_by: str | None
    made_by_id: str | None
    made_at: datetime
    positions: tuple[int, ...]
    part_ids: tuple[str, ...]
    because: Stale | None


def note(session: Session, viewer: Viewer | None, project_id: str, kind: str, parts: Iterable[tuple[str, str]],
         left_out: Iterable[LeftOut] = ()) -> str:
    """Note a file that is about to be given, in the transaction that decided what is in it; its id.

    `kind` is as in the audit. `parts` are the ids of what is in it, each with the id of its story, in the file's order.
    Whoever decides has taken `locks.share_exports` before.
    """
    export_id = new_id()
    session.add(ExportMade(id=export_id, project_id=project_id, kind=kind, made_at=datetime.now(UTC),
                           made_by=viewer.person_id or None if viewer else None))
    session.flush()
    rows = [_row(export_id, position, part_id, story_id)
            for position, (part_id, story_id) in enumerate(dict(parts).items(), 1)]
    rows += [_row(export_id, 0, one.part_id, one.story_id, one.since, one.because) for one in left_out]
    for start in range(0, len(rows), _PARTS_AT_A_TIME):
        session.execute(insert(ExportPart), rows[start:start + _PARTS_AT_A_TIME])
    return export_id


def _row(export_id: str, position: int, part_id: str, story_id: str, stale_at: datetime | None = None,
         because: str = "") -> dict[str, Any]:
    return {"export_id": export_id, "part_id": part_id, "story_id": story_id, "position": position,
            "stale_at": stale_at, "stale_because": str(because)}


def mark_stale(session: Session, story_id: str, because: str, at: datetime,
               part_ids: Collection[str] | None = None) -> int:
    """Say that these parts of a story, or all of them, should not be used any more wherever they were taken; how many.

    What was stale before stays as it was, but that nothing outlasts a withdrawal. The caller holds the story.
    """
    locks.take_exports(session)
    which = [ExportPart.story_id == story_id, ExportPart.position > 0, _may_become(because)]
    if part_ids is not None:
        which.append(ExportPart.part_id.in_(part_ids))
    changed = session.execute(update(ExportPart).where(*which).values(stale_at=at, stale_because=str(because))
                              .returning(ExportPart.part_id).execution_options(synchronize_session=False))
    return len(changed.all())


def list_holding(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[Holding]:
    """The files that hold something of a story, and who has them, the newest first. Raises NotFound."""
    require(viewer, Permission.WITHDRAW, project_id)
    return holding_of(session, select(ExportMade.id).where(ExportMade.project_id == project_id),
                      ExportPart.story_id == story_id)


def holding_of(session: Session, export_ids: Select[str], which: ColumnElement[bool]) -> list[Holding]:
    """The files with parts of which this is true, the newest first. The caller has asked who may know."""
    query = (select(ExportMade, Person.name, ExportPart)
             .join(ExportPart, ExportPart.export_id == ExportMade.id)
             .outerjoin(Person, Person.id == ExportMade.made_by)
             .where(ExportMade.id.in_(export_ids), ExportPart.position > 0, which)
             .order_by(ExportMade.made_at.desc(), ExportMade.id, ExportPart.position))
    files: dict[str, tuple[ExportMade, str | None, list[ExportPart]]] = {}
    for made, name, part in session.execute(query):
        files.setdefault(made.id, (made, name, []))[2].append(part)
    return [_holding(made, name, parts) for made, name, parts in files.values()]


def _holding(made: ExportMade, name: str | None, parts: list[ExportPart]) -> Holding:
    whys = {Stale(part.stale_because) for part in parts if part.stale_because}
    return Holding(made.id, made.kind, name, made.made_by, made.made_at, tuple(part.position for part in parts),
                   tuple(part.part_id for part in parts), min(whys, key=list(Stale).index, default=None))


def _may_become(because: str) -> ColumnElement[bool]:
    """SQL: a part that was not stale, or was for less."""
    if because == Stale.WITHDRAWN:
        return or_(ExportPart.stale_at.is_(None), ExportPart.stale_because != Stale.WITHDRAWN)
    return ExportPart.stale_at.is_(None)


def follow(session: Session, now: datetime, story_id: str) -> int:
    """Mark what of a story is not cleared any more for those a file was made for; how many parts. The caller holds the
    story, and has decided again."""
    locks.take_exports(session)
    changed = session.execute(update(ExportPart)
                              .where(ExportPart.story_id == story_id, ExportPart.stale_at.is_(None),
                                     or_(false(), *_not_cleared(session, story_id, now)))
                              .values(stale_at=now, stale_because=_why(session, story_id, now).value)
                              .returning(ExportPart.part_id).execution_options(synchronize_session=False))
    return len(changed.all())


def expire(session: Session, now: datetime) -> int:
    """Mark what was taken away while a yes to it held that has ended since; how many parts. For the sweep."""
    over = exists().where(Clearance.story_id == ExportPart.story_id, Clearance.until <= now)
    ended = select(ExportPart.story_id).where(ExportPart.stale_at.is_(None), over).distinct()
    return sum(follow(session, now, story_id) for story_id in session.scalars(ended).all())


def _not_cleared(session: Session, story_id: str, now: datetime) -> list[ColumnElement[bool]]:
    """SQL for the parts of a story that are not cleared for those a file was made for, or all where it has ended."""
    if session.get(Withdrawal, story_id) is not None:
        return [true()]
    rows = session.execute(select(Clearance.audience, Clearance.content)
                           .where(Clearance.story_id == story_id, Clearance.until > now))
    cleared = {(Audience(audience), Content(content)) for audience, content in rows}
    found = []
    if (Audience.PUBLICATION, Content.QUOTE) not in cleared:
        found.append(_in_a_file("quotes"))
    if (Audience.PUBLICATION, Content.WORDS) not in cleared:
        excerpts = select(Excerpt.id).where(Excerpt.story_id == story_id)
        found.append(and_(_in_a_file("quotes"), ExportPart.part_id.in_(excerpts)))
    if (Audience.COMMISSIONERS, Content.WORDS) not in cleared:
        found.append(_in_a_file("transcript"))
    return found


def _in_a_file(kind: str) -> ColumnElement[bool]:
    return ExportPart.export_id.in_(select(ExportMade.id).where(ExportMade.kind.startswith(f"{kind}.")))


def _why(session: Session, story_id: str, now: datetime) -> Stale:
    """Why something of a story is not cleared any more. A clearance that is over is still there."""
    if session.get(Withdrawal, story_id) is not None:
        return Stale.WITHDRAWN
    if session.scalar(select(exists().where(Embargo.story_id == story_id, Embargo.lifted_at.is_(None)))):
        return Stale.EMBARGO
    over = exists().where(Clearance.story_id == story_id, Clearance.until <= now)
    return Stale.EXPIRED if session.scalar(select(over)) else Stale.NARROWED
