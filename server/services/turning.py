"""Turning the pages of a list of stories, files or notes: each page costs the same, however many stories there are.

A page begins beside a bookmark, which an index finds, so no page before it is counted or read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.bookmark import Bookmark, Turn
from server.models.export import ExportMade
from server.models.note import Note
from server.models.story import Story

ON_A_PAGE = 20
COUNTED = 1000


@dataclass(frozen=True)
class Order:
    """What the rows of a list stand in the order of: when each was told or made, and its id."""

    at: InstrumentedAttribute[datetime]
    id: InstrumentedAttribute[str]


STORIES = Order(Story.told_at, Story.id)
FILES = Order(ExportMade.made_at, ExportMade.id)
NOTES = Order(Note.made_at, Note.id)


@dataclass(frozen=True)
class Leaf:
    """The ids of what is on one page, newest first, and the bookmarks that lead to the pages beside it."""

    ids: tuple[str, ...]
    newer: Bookmark | None
    older: Bookmark | None


def turn(session: Session, which: Sequence[ColumnElement[bool]], to: Turn, order: Order = STORIES) -> Leaf:
    """The page asked for of those that `which` picks; the newest where nothing is left beside the bookmark."""
    if to.beside and to.is_newer:
        found = _beside(session, [*which, _newer(to.beside, order)], order, newest_first=False)
        if len(found) > ON_A_PAGE:
            page = found[ON_A_PAGE - 1::-1]
            return Leaf(_ids(page), page[0], page[-1])
    elif to.beside:
        found = _beside(session, [*which, _older(to.beside, order)], order)
        if found:
            return Leaf(_ids(found[:ON_A_PAGE]), found[0], _last_of(found))
    found = _beside(session, which, order)
    return Leaf(_ids(found[:ON_A_PAGE]), None, _last_of(found))


def newest(session: Session, which: Sequence[ColumnElement[bool]], most: int) -> tuple[tuple[str, ...], bool]:
    """The ids of the newest of them, and whether there are more."""
    found = _beside(session, which, most=most + 1)
    return _ids(found[:most]), len(found) > most


def count(session: Session, which: Sequence[ColumnElement[bool]], leaf: Leaf | None = None) -> int | None:
    """How many stories these are; None for more than anybody counts. They are all on the leaf where nothing is beside
    it."""
    if leaf and not leaf.newer and not leaf.older:
        return len(leaf.ids)
    some = select(literal(1)).select_from(Story).where(*which).limit(COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return found if found <= COUNTED else None


def in_batches(session: Session, which: Sequence[ColumnElement[bool]], size: int) -> Iterator[tuple[str, ...]]:
    """The ids of all of them, the first told first, so many at a time."""
    after: list[ColumnElement[bool]] = []
    while True:
        found = _beside(session, [*which, *after], newest_first=False, most=size)
        if found:
            yield _ids(found)
        if len(found) < size:
            return
        after = [_newer(found[-1], STORIES)]


def _beside(session: Session, which: Sequence[ColumnElement[bool]], order: Order = STORIES, *,
            newest_first: bool = True, most: int = ON_A_PAGE + 1) -> list[Bookmark]:
    columns = (order.at.desc(), order.id.desc()) if newest_first else (order.at, order.id)
    query = select(order.at, order.id).where(*which).order_by(*columns).limit(most)
    return [Bookmark(*row) for row in session.execute(query)]


def _older(than: Bookmark, order: Order) -> ColumnElement[bool]:
    # The first half is what an index can begin from.
    return and_(order.at <= than.at, or_(order.at < than.at, order.id < than.id))


def _newer(than: Bookmark, order: Order) -> ColumnElement[bool]:
    return and_(order.at >= than.at, or_(order.at > than.at, order.id > than.id))


def _last_of(found: list[Bookmark]) -> Bookmark | None:
    """The last of this page, when there is more after it."""
    return found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None


def _ids(marks: Sequence[Bookmark]) -> tuple[str, ...]:
    return tuple(mark.id for mark in marks)
