"""With whom a collection is shared: people of its project whose roles let them see collections."""

from collections.abc import Collection as AnyOf
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role, Viewer
from server.domain.audit import Action
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.collection import Collection, CollectionShare
from server.models.people import Membership, Person
from server.services import audit, collections

# As whom somebody looks, by the first of these roles that they hold.
_LOOKS_AS = ((Role.COMMISSIONER, Audience.COMMISSIONERS), (Role.BOARD_MEMBER, Audience.BOARD),
             (Role.ANALYST, Audience.PUBLICATION))


@dataclass(frozen=True)
class Reader:
    """Somebody who may be given a collection, as whom they look at it, and whether they have it."""

    person_id: str
    name: str
    audience: Audience
    may_make: bool
    has_it: bool
    may_change: bool


def list_readers(session: Session, viewer: Viewer, collection_id: str) -> list[Reader]:
    """Everybody of the project who may see collections, but its maker, by name. Raises NotFound."""
    card = collections.get_own(session, viewer, collection_id)
    shares = dict(session.execute(select(CollectionShare.person_id, CollectionShare.may_change).where(
        CollectionShare.collection_id == collection_id)).tuples().all())
    roles: dict[tuple[str, str], set[Role]] = {}
    for person_id, name, role in session.execute(
            select(Person.id, Person.name, Membership.role).join(Membership, Membership.person_id == Person.id)
            .where(Membership.project_id == card.project_id, Person.id != viewer.person_id)):
        roles.setdefault((person_id, name), set()).add(Role(role))
    found = [Reader(person_id, name, _looks_as(held), bool(held & ROLES_THAT_MAY[Permission.MAKE_COLLECTIONS]),
                    person_id in shares, shares.get(person_id, False))
             for (person_id, name), held in roles.items() if held & ROLES_THAT_MAY[Permission.SEE_COLLECTIONS]]
    return sorted(found, key=lambda reader: (reader.name.casefold(), reader.person_id))


def share(session: Session, viewer: Viewer, collection_id: str, wanted: AnyOf[str], changers: AnyOf[str]) -> None:
    """Give it to these people and to nobody else; those of them who are `changers` may change it too, where they may
    make collections. Raises NotFound, also for somebody who may not see collections."""
    readers = {reader.person_id: reader for reader in list_readers(session, viewer, collection_id)}
    if not set(wanted) <= set(readers):
        raise NotFound
    card = collections.get_own(session, viewer, collection_id)
    session.execute(select(Collection.id).where(Collection.id == collection_id).with_for_update())
    session.execute(delete(CollectionShare).where(CollectionShare.collection_id == collection_id))
    now = datetime.now(UTC)
    session.add_all(CollectionShare(collection_id=collection_id, person_id=person_id, shared_at=now,
                                    may_change=person_id in changers and readers[person_id].may_make)
                    for person_id in sorted(set(wanted)))
    session.flush()
    audit.note(session, viewer.person_id, Action.CHANGED, "collection share", collection_id, card.project_id,
               people=sorted(set(wanted)))


def leave(session: Session, viewer: Viewer, collection_id: str) -> str:
    """Whoever it was shared with has it no longer; the id of its project. Raises NotFound."""
    card = collections.get(session, viewer, collection_id)
    if card.is_mine:
        raise NotFound
    session.execute(delete(CollectionShare).where(CollectionShare.collection_id == collection_id,
                                                  CollectionShare.person_id == viewer.person_id))
    audit.note(session, viewer.person_id, Action.REMOVED, "collection share", collection_id, card.project_id)
    return card.project_id


def end_for(session: Session, person_id: str, project_id: str) -> None:
    """Somebody has lost a role: whoever may see no collections of the project any more is given none when they come
    back."""
    left = select(Membership.role).where(Membership.person_id == person_id, Membership.project_id == project_id)
    if not {Role(role) for role in session.scalars(left)} & ROLES_THAT_MAY[Permission.SEE_COLLECTIONS]:
        of_project = select(Collection.id).where(Collection.project_id == project_id)
        session.execute(delete(CollectionShare).where(CollectionShare.person_id == person_id,
                                                      CollectionShare.collection_id.in_(of_project)))


def _looks_as(held: AnyOf[Role]) -> Audience:
    return next(audience for role, audience in _LOOKS_AS if role in held)
