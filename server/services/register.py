"""The register: what tells the stories of a project apart, without a word of them, so that one can be withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.bookmark import Bookmark, Turn
from server.domain.errors import NotFound
from server.models.people import Person
from server.models.story import Photo, Quote, Recording, Story
from server.services import turning


@dataclass(frozen=True)
class RegisterEntry:
    """A story as whoever may withdraw it sees it: what tells it apart, and how many parts it has. No words of it."""

    story_id: str
    pseudonym: str
    place: str
    told_on: date
    received_at: datetime
    researcher_name: str
    recordings: int
    photos: int
    quotes: int


@dataclass(frozen=True)
class RegisterPage:
    """One page, and how many stories there are in all that were searched for; None for more than anybody counts."""

    entries: list[RegisterEntry]
    newer: Bookmark | None
    older: Bookmark | None
    count: int | None


def get_page(session: Session, viewer: Viewer, project_id: str, to: Turn, search: str = "") -> RegisterPage:
    """A page of the stories this person may withdraw, newest first; with `search` those with it in name or place.

    A researcher who is not an administrator gets their own. Raises NotFound.
    """
    require(viewer, Permission.SEE_REGISTER, project_id)
    which = [_own(viewer, project_id)]
    if search:
        which.append(or_(*(column.icontains(search, autoescape=True) for column in (Story.pseudonym, Story.place))))
    leaf = turning.turn(session, which, to)
    return RegisterPage(_entries(session, Story.id.in_(leaf.ids)), leaf.newer, leaf.older,
                        turning.count(session, which, leaf))


def get_entry(session: Session, viewer: Viewer, project_id: str, story_id: str) -> RegisterEntry:
    """One story of it. Raises NotFound."""
    require(viewer, Permission.SEE_REGISTER, project_id)
    for entry in _entries(session, and_(_own(viewer, project_id), Story.id == story_id)):
        return entry
    raise NotFound


def _own(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: administrators withdraw anything in their project, researchers what they collected."""
    if Role.ADMINISTRATOR in viewer.roles_in(project_id):
        return Story.project_id == project_id
    return and_(Story.researcher_id == viewer.person_id, Story.project_id == project_id)


def _entries(session: Session, which: ColumnElement[bool]) -> list[RegisterEntry]:
    query = (select(Story, Person.name, _count(Recording.story_id), _count(Photo.story_id), _count(Quote.story_id))
             .join(Person, Person.id == Story.researcher_id)
             .where(which).order_by(Story.told_at.desc(), Story.id.desc()))
    return [
        RegisterEntry(story.id, story.pseudonym, story.place, story.told_on, story.received_at, name,
                      recordings, photos, quotes)
        for story, name, recordings, photos, quotes in session.execute(query)
    ]


def _count(story_id: InstrumentedAttribute[str]) -> ScalarSelect[int]:
    return select(func.count()).where(story_id == Story.id).scalar_subquery()
