"""Collections: who has them, what they are called, and what is in them, by ids. What is shown of them is read in
`services/collected.py`, with the clearance of whoever looks.

Its maker and those whom the maker let may change it; everybody with whom it is shared may read it, and leave it. Nobody
else knows of it, and who leaves the project has it no longer.
"""

from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, Select, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, browses_as, may, require
from server.domain.audit import Action
from server.domain.bookmark import Turn
from server.domain.collection import (
    ITEMS,
    QUERY_LENGTH,
    Collectable,
    CollectionCard,
    CollectionText,
    Kind,
    moved_among,
)
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.theme import Taggable
from server.domain.versions import compare
from server.models.collection import Collection, CollectionItem, CollectionShare
from server.models.note import Note
from server.models.people import Person
from server.services import audit, clearing, locks, reidentification, turning
from server.services.turning import Leaf, Order

# Sets to put something into, the ones that were changed last.
OFFERED = 20
_NEWEST = Order(Collection.changed_at, Collection.id)
_FULL = f"This collection is full. It can hold {ITEMS} things. Take some out, or make another one."
_NO_SET = "This is a search that is kept. Things are added to a set."


def list_page(session: Session, viewer: Viewer, project_id: str, whose: str,
              to: Turn) -> tuple[list[CollectionCard], Leaf]:
    """A page of those that this person has, the last changed first: all of them, "mine", or those "shared" with them.
    Raises NotFound."""
    require(viewer, Permission.SEE_COLLECTIONS, project_id)
    which = {"mine": _is_mine(viewer), "shared": _is_shared_with(viewer)}.get(whose, had_by(viewer))
    leaf = turning.turn(session, [Collection.project_id == project_id, which], to, _NEWEST)
    cards = {row[0].id: _card(viewer, row) for row in session.execute(_rows(viewer).where(Collection.id.in_(leaf.ids)))}
    return [cards[id] for id in leaf.ids if id in cards], leaf


def get(session: Session, viewer: Viewer, collection_id: str) -> CollectionCard:
    """One that this person has. Raises NotFound."""
    row = session.execute(_rows(viewer).where(Collection.id == collection_id, had_by(viewer))).first()
    if row is None:
        raise NotFound
    require(viewer, Permission.SEE_COLLECTIONS, row[0].project_id)
    return _card(viewer, row)


def get_to_change(session: Session, viewer: Viewer, collection_id: str) -> CollectionCard:
    """One that this person may change. Raises NotFound."""
    card = get(session, viewer, collection_id)
    if not card.may_change:
        raise NotFound
    return card


def get_own(session: Session, viewer: Viewer, collection_id: str) -> CollectionCard:
    """One that this person made, and may share or delete. Raises NotFound."""
    card = get_to_change(session, viewer, collection_id)
    if not card.is_mine:
        raise NotFound
    return card


def list_to_fill(session: Session, viewer: Viewer, project_id: str) -> list[tuple[str, str]]:
    """The sets that this person may put something into, by id and name, the last changed first."""
    if not may(viewer, Permission.MAKE_COLLECTIONS, project_id):
        return []
    query = (select(Collection.id, Collection.name)
             .where(Collection.project_id == project_id, Collection.kind == Kind.SET.value,
                    or_(_is_mine(viewer), _is_shared_with(viewer, to_change=True)))
             .order_by(Collection.changed_at.desc(), Collection.id.desc()).limit(OFFERED))
    return list(session.execute(query).tuples())


def make(session: Session, viewer: Viewer, project_id: str, text: CollectionText, query: str | None = None) -> str:
    """A new one: a search that is kept where there is a query, or an empty set; its id. Raises NotFound and Invalid."""
    require(viewer, Permission.MAKE_COLLECTIONS, project_id)
    if query is not None and len(query) > QUERY_LENGTH:
        raise Invalid("This search is too long to keep. Make it shorter.")
    now = datetime.now(UTC)
    row = Collection(id=new_id(), project_id=project_id, name=text.name, description=text.description,
                     kind=(Kind.SET if query is None else Kind.SEARCH).value, query=query or "",
                     made_by=viewer.person_id, made_at=now, changed_at=now)
    session.add(row)
    session.flush()
    audit.note(session, viewer.person_id, Action.MADE, "collection", row.id, project_id)
    return row.id


def change_text(session: Session, viewer: Viewer, collection_id: str, text: CollectionText, seen: int | None) -> None:
    """Give it another name or description, from the version that was seen. Raises NotFound, VersionMissing and
    VersionConflict."""
    card = get_to_change(session, viewer, collection_id)
    change = (update(Collection).where(Collection.id == collection_id, Collection.version == seen)
              .values(**asdict(text), version=Collection.version + 1, changed_at=datetime.now(UTC))
              .returning(Collection.id))
    if session.scalar(change) is None:
        now = get(session, viewer, collection_id)
        compare(seen, asdict(text), asdict(now.text), now.version)
        return
    session.expire_all()
    _note(session, viewer, card)


def delete_collection(session: Session, viewer: Viewer, collection_id: str) -> str:
    """Delete it for everybody, with its notes; the id of its project. Nothing that was in it is touched. Raises
    NotFound."""
    card = get_own(session, viewer, collection_id)
    for owner in (CollectionItem, CollectionShare):
        session.execute(delete(owner).where(owner.collection_id == collection_id))
    session.execute(delete(Note).where(Note.subject_id == collection_id))
    session.execute(delete(Collection).where(Collection.id == collection_id))
    audit.note(session, viewer.person_id, Action.REMOVED, "collection", collection_id, card.project_id)
    return card.project_id


def add(session: Session, viewer: Viewer, collection_id: str, kind: Collectable, id: str) -> None:
    """Put something last in a set. Adding it twice changes nothing. Raises NotFound, also for what this person may not
    have, and Invalid where the set is full."""
    card = get_to_change(session, viewer, collection_id)
    audience = browses_as(viewer, card.project_id)
    if kind is Collectable.STORY:
        story_id, part = id, None
        found = [story.project_id for story in clearing.list_stories(session, viewer, card.project_id, audience, [id])]
    else:
        part = clearing.get_part(session, viewer, Taggable(kind.value), id, audience)
        story_id, found = part.story_id, [part.project_id]
    if found != [card.project_id]:
        raise NotFound
    locks.take_story(session, story_id)
    if card.kind is not Kind.SET:
        raise Invalid(_NO_SET)
    order = _order(session, collection_id)
    if len(order) >= ITEMS:
        raise Invalid(_FULL)
    item = CollectionItem(id=new_id(), collection_id=collection_id, position=len(order), **{f"{kind}_id": id})
    try:
        with session.begin_nested():
            session.add(item)
    except IntegrityError:
        return
    if part is not None:
        reidentification.keep(session, viewer, part)
    _changed(session, viewer, card)


def remove(session: Session, viewer: Viewer, collection_id: str, item_id: str) -> None:
    """Take something out. Taking out what is not there changes nothing. Raises NotFound."""
    card = get_to_change(session, viewer, collection_id)
    session.execute(delete(CollectionItem).where(CollectionItem.id == item_id,
                                                 CollectionItem.collection_id == collection_id))
    _changed(session, viewer, card)


def move(session: Session, viewer: Viewer, collection_id: str, item_id: str, shown: list[str], places: int) -> None:
    """Move something so many places among the items that this person is shown. Two who move things at once both have
    done so. Raises NotFound."""
    card = get_to_change(session, viewer, collection_id)
    order = moved_among(_order(session, collection_id), shown, item_id, places)
    items = session.scalars(select(CollectionItem).where(CollectionItem.collection_id == collection_id))
    for item in items:
        item.position = order.index(item.id)
    _changed(session, viewer, card)


def _order(session: Session, collection_id: str) -> list[str]:
    """Its items in order. Nobody else changes them until this is done."""
    session.execute(select(Collection.id).where(Collection.id == collection_id).with_for_update())
    return list(session.scalars(select(CollectionItem.id).where(CollectionItem.collection_id == collection_id)
                                .order_by(CollectionItem.position, CollectionItem.id)))


def _changed(session: Session, viewer: Viewer, card: CollectionCard) -> None:
    session.execute(update(Collection).where(Collection.id == card.id).values(changed_at=datetime.now(UTC)))
    session.flush()
    _note(session, viewer, card)


def _note(session: Session, viewer: Viewer, card: CollectionCard) -> None:
    audit.note(session, viewer.person_id, Action.CHANGED, "collection", card.id, card.project_id)


def _is_mine(viewer: Viewer) -> ColumnElement[bool]:
    return Collection.made_by == viewer.person_id


def _is_shared_with(viewer: Viewer, *, to_change: bool = False) -> ColumnElement[bool]:
    query = select(CollectionShare.collection_id).where(CollectionShare.person_id == viewer.person_id)
    return Collection.id.in_(query.where(CollectionShare.may_change) if to_change else query)


def had_by(viewer: Viewer) -> ColumnElement[bool]:
    """SQL: this person made it, or somebody shared it with them."""
    return or_(_is_mine(viewer), _is_shared_with(viewer))


def _rows(viewer: Viewer) -> Select[Collection, str, bool, bool]:
    """Collections with their makers, whether this person was let change them, and whether anybody else has them."""
    shares = exists().where(CollectionShare.collection_id == Collection.id)
    let = _is_shared_with(viewer, to_change=True)
    return select(Collection, Person.name, let, shares).join(Person, Person.id == Collection.made_by)


def _card(viewer: Viewer, found: Row[Collection, str, bool, bool]) -> CollectionCard:
    row, made_by, was_let, is_shared = found
    is_mine = row.made_by == viewer.person_id
    may_change = (is_mine or was_let) and may(viewer, Permission.MAKE_COLLECTIONS, row.project_id)
    return CollectionCard(row.id, row.project_id, Kind(row.kind), CollectionText(row.name, row.description), row.query,
                          made_by, is_mine, may_change, is_shared, row.changed_at, row.version)

