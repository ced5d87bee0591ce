"""Collections for tests: a set with things in it, shared with some people."""

from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.collection import Collection, CollectionItem, CollectionShare
from server.models.people import Person
from server.models.project import Project
from server.models.reidentification import ReidentificationLook
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt
from tests.makers import NOON

_COLUMNS = {Excerpt: "excerpt_id", Quote: "quote_id", Photo: "photo_id", Story: "story_id"}
AnyThing = Excerpt | Quote | Photo | Story


def make_collection(session: Session, project: Project, person: Person, name: str, *things: AnyThing) -> Collection:
    """A set of this person's, with these in it."""
    made = Collection(id=new_id(), project_id=project.id, name=name, description="", kind="set", query="",
                      made_by=person.id, made_at=NOON, changed_at=NOON)
    session.add(made)
    session.flush()
    for thing in things:
        collect(session, made, thing)
    return made


def collect(session: Session, collection: Collection, thing: AnyThing) -> CollectionItem:
    """Put something into it, first of all or last."""
    item = CollectionItem(id=new_id(), collection_id=collection.id, position=0, **{_COLUMNS[type(thing)]: thing.id})
    session.add(item)
    session.flush()
    return item


def share_with(session: Session, collection: Collection, *people: Person) -> None:
    """Let these people read it."""
    session.add_all(CollectionShare(collection_id=collection.id, person_id=person.id, shared_at=NOON)
                    for person in people)
    session.flush()


def warn(session: Session, project: Project, part: Excerpt | Quote | Photo) -> None:
    """The part is listed for the team, since it could point at one family."""
    for audience in ("board", "publication"):
        session.add(ReidentificationLook(id=new_id(), project_id=project.id, audience=audience, facts_sha256="0" * 64,
                                         warned_at=NOON, **{_COLUMNS[type(part)]: part.id}))
    session.flush()


def warned_set(session: Session, project: Project, person: Person, name: str, part: Quote,
               story: Story) -> CollectionItem:
    """A set with a story and this part of it, which could point at one family; the item of the part."""
    made = make_collection(session, project, person, name, story)
    warn(session, project, part)
    return collect(session, made, part)
