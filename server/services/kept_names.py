"""What is named by a search that somebody kept, by the ids in it, as far as whoever looks may know of it."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer, browses_as
from server.domain.consent import Audience
from server.domain.story_filter import StoryFilter
from server.models.group import Group
from server.models.organisation import Organisation, Partner
from server.models.people import Person
from server.models.story import Story
from server.models.theme import Theme
from server.services import story_list
from server.services.clearances import ANYTHING, asked_for, may_have


@dataclass(frozen=True)
class Names:
    """Empty for what is not asked for, and for what this person may not know of."""

    theme: str
    place: str
    group: str
    organisation: str
    tagged_by: str


def of(session: Session, viewer: Viewer, project_id: str, only: StoryFilter) -> Names:
    """The names. Nobody is told of a place that no story they may have is from; nobody but commissioners of themes
    that hold nothing for them, or of who put one on something. Raises NotFound."""
    audience = browses_as(viewer, project_id)
    asked, is_of_team = asked_for(viewer, project_id, audience), audience is Audience.COMMISSIONERS
    theme = place = group = organisation = tagged_by = None
    if only.theme_id:
        holds_something = [] if is_of_team else [exists().where(Story.project_id == project_id,
                                                                story_list.with_theme(only.theme_id, asked))]
        theme = session.scalar(select(Theme.name).where(
            Theme.id == only.theme_id, Theme.project_id == project_id, *holds_something))
    if only.place:
        there = story_list.passes(session, StoryFilter(place=only.place), asked, project_id)
        told_there = exists().where(Story.project_id == project_id, may_have(Story.id, asked, ANYTHING), *there)
        place = only.place if session.scalar(select(told_there)) else ""
    if only.group_id:
        group = session.scalar(select(Group.name).where(Group.id == only.group_id, Group.project_id == project_id))
    if only.organisation_id:
        is_partner = exists().where(Partner.project_id == project_id, Partner.organisation_id == Organisation.id)
        organisation = session.scalar(select(Organisation.name).where(
            Organisation.id == only.organisation_id, is_partner))
    if only.tagged_by and is_of_team:
        tagged_by = session.scalar(select(Person.name).where(Person.id == only.tagged_by))
    return Names(theme or "", place or "", group or "", organisation or "", tagged_by or "")
