"""Files that were carried away: what is in each, and what of it should not be used any more.

A file is noted in the transaction that decides what is in it, and whoever takes something away from stories waits for
that for a moment. So every file that holds something is known to whoever ends it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience, Content
from server.domain.export import Stale
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


def note(session: Session, viewer: Viewer | None, project_id: str, kind: str, parts: Iterable[tuple[str, str]]) -> str:
    """Note a file that is about to be given, in the transaction that decided what is in it; its id.

    `kind` is as in the audit. `parts` are the ids of what is in it, each with the id of its story, in the file's order.
    """
    export_id = new_id()
    session.add(ExportMade(id=export_id, project_id=project_id, kind=kind, made_at=datetime.now(UTC),
                           made_by=viewer.person_id or None if viewer else None))
    session.flush()
    rows = [{"export_id": export_id, "part_id": part_id, "story_id": story_id, "position": position}
            for position, (part_id, story_id) in enumerate(parts, 1)]
    for start in range(0, len(rows), _PARTS_AT_A_TIME):
        session.execute(insert(ExportPart), rows[start:start + _PARTS_AT_A_TIME])
    return export_id


def mark_stale(session: Session, story_id: str, because: str, at: datetime,
               part_ids: Collection[str] | None = None) -> int:
    """Say that these parts of a story, or all of them, should not be used any more wherever they were taken; how many.

    What was stale before stays as it was, but that nothing outlasts a withdrawal. The caller holds the story.
    """
    locks.take_exports(session)
    which = [ExportPart.story_id == story_id, _may_become(because)]
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
             .where(ExportMade.id.in_(export_ids), which)
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
    made_for = exists().where(ExportMade.id == ExportPart.export_id, _is_not_cleared(now))
    changed = session.execute(update(ExportPart)
                              .where(ExportPart.story_id == story_id, ExportPart.stale_at.is_(None), made_for)
                              .values(stale_at=now, stale_because=_why(now)).returning(ExportPart.part_id)
                              .execution_options(synchronize_session=False))
    return len(changed.all())


def expire(session: Session, now: datetime) -> int:
    """Mark what was taken away while a yes to it held that has ended since; how many parts. For the sweep."""
    over = exists().where(Clearance.story_id == ExportPart.story_id, Clearance.until <= now)
    ended = select(ExportPart.story_id).where(ExportPart.stale_at.is_(None), over).distinct()
    return sum(follow(session, now, story_id) for story_id in session.scalars(ended).all())


def _is_not_cleared(now: datetime) -> ColumnElement[bool]:
    """SQL: words of the part's story are not cleared for the audience of the file, or the story has ended."""
    return or_(
        _has_ended(),
        and_(ExportMade.kind.startswith("quotes"), or_(
            ~_cleared(Audience.PUBLICATION, Content.QUOTE, now),
            and_(exists().where(Excerpt.id == ExportPart.part_id),
                 ~_cleared(Audience.PUBLICATION, Content.WORDS, now)))),
        and_(ExportMade.kind.startswith("transcript"), ~_cleared(Audience.COMMISSIONERS, Content.WORDS, now)))


def _cleared(audience: Audience, content: Content, now: datetime) -> ColumnElement[bool]:
    return exists().where(Clearance.story_id == ExportPart.story_id, Clearance.audience == audience.value,
                          Clearance.content == content.value, Clearance.until > now)


def _has_ended() -> ColumnElement[bool]:
    return exists().where(Withdrawal.story_id == ExportPart.story_id)


def _why(now: datetime) -> ColumnElement[str]:
    """SQL: why a part is not cleared any more. A clearance that is over is still there."""
    under_embargo = exists().where(Embargo.story_id == ExportPart.story_id, Embargo.lifted_at.is_(None))
    over = exists().where(Clearance.story_id == ExportPart.story_id, Clearance.until <= now)
    return case((_has_ended(), Stale.WITHDRAWN.value), (under_embargo, Stale.EMBARGO.value),
                (over, Stale.EXPIRED.value), else_=Stale.NARROWED.value)
