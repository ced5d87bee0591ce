"""What carries one theme carries another one from now on, with who put it there and when."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from server.models.theme import Tagging
from server.services.taggings import Part

_AT_ONCE = 500
_COLUMNS = ("excerpt_id", "quote_id", "photo_id")


def move(session: Session, from_id: str, to_id: str, only: Collection[Part] | None = None) -> tuple[int, int]:
    """Put the other theme in the place of the one, everywhere or on these parts alone. Of two taggings by one person on
    one thing the first stays. How many went, and how many were let go since they said the same."""
    same = [mine if mine_at >= theirs_at else theirs
            for mine, mine_at, theirs, theirs_at in _on_the_same(session, from_id, to_id, only)]
    for start in range(0, len(same), _AT_ONCE):
        session.execute(delete(Tagging).where(Tagging.id.in_(same[start:start + _AT_ONCE])))
    moved = session.scalars(
        update(Tagging).where(Tagging.theme_id == from_id, _on(only)).values(theme_id=to_id).returning(Tagging.id),
        execution_options={"synchronize_session": False}).all()
    session.expire_all()
    return len(moved), len(same)


def _on_the_same(session: Session, from_id: str, to_id: str,
                 only: Collection[Part] | None) -> list[tuple[str, datetime, str, datetime]]:
    """Pairs of taggings by one person on one thing, each with when it was put there."""
    found: list[tuple[str, datetime, str, datetime]] = []
    for name in _COLUMNS:
        other = aliased(Tagging)
        query = (select(Tagging.id, Tagging.tagged_at, other.id, other.tagged_at)
                 .join(other, and_(getattr(other, name) == getattr(Tagging, name), other.theme_id == to_id,
                                   other.tagged_by == Tagging.tagged_by, other.region == Tagging.region))
                 .where(Tagging.theme_id == from_id, _on(only)))
        found += session.execute(query).tuples().all()
    return found


def _on(only: Collection[Part] | None) -> ColumnElement[bool]:
    if only is None:
        return true()
    kinds = sorted({part.kind for part in only})
    return or_(false(), *(Tagging.column_of(kind).in_(_ids(only, kind)) for kind in kinds))


def _ids(parts: Collection[Part], kind: str) -> Sequence[str]:
    return sorted({part.id for part in parts if part.kind == kind})
