"""What stories can be filtered by, for somebody who may find them: only what is of stories that they may have."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Viewer, browses_as
from server.models.people import Membership, Person
from server.models.story import Photo, Quote
from server.models.theme import Excerpt, Tagging, Theme
from server.services import codebook, groups, partners, story_list
from server.services.clearances import Asked, asked_for, may_have_part

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """Each is an id or a value with its name, in the order in which people read them. `places` is None where there are
    too many to choose from. Groups, organisations and people are offered to the team alone."""

    themes: Pairs
    places: list[str] | None
    languages: list[str]
    groups: Pairs
    organisations: Pairs
    people: Pairs


def list_choices(session: Session, viewer: Viewer, project_id: str) -> Choices:
    """All of them. Raises NotFound."""
    asked = asked_for(viewer, project_id, browses_as(viewer, project_id))
    places = story_list.list_places(session, project_id, asked)
    languages = story_list.list_languages(session, project_id, asked)
    themes = [(node.id, " › ".join(node.path)) for node in codebook.tree(session, project_id)]
    if asked.is_for_others:
        held = _holding_something(session, [theme_id for theme_id, _ in themes], asked)
        return Choices([(theme_id, name) for theme_id, name in themes if theme_id in held], places, languages,
                       [], [], [])
    return Choices(
        themes=themes, places=places, languages=languages, organisations=partners.list_names(session, project_id),
        groups=[(group.id, group.name) for group in groups.list_groups(session, project_id)],
        people=_taggers(session, project_id))


def _holding_something(session: Session, theme_ids: list[str], asked: Asked) -> set[str]:
    """Of these themes those that are on something that these audiences may have."""
    on_something = or_(*(
        select(part.id).join(Tagging, column == part.id).where(Tagging.theme_id == Theme.id, may_have_part(part, asked))
        .limit(1).scalar_subquery().is_not(None)
        for part, column in ((Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id), (Photo, Tagging.photo_id))))
    return set(session.scalars(select(Theme.id).where(Theme.id.in_(theme_ids), on_something)))


def _taggers(session: Session, project_id: str) -> Pairs:
    """Whoever may put themes on things now."""
    able = Membership.project_id == project_id, Membership.role.in_(ROLES_THAT_MAY[Permission.TAG])
    query = (select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id).where(*able)
             .distinct().order_by(Person.name, Person.id))
    return [(person_id, name) for person_id, name in session.execute(query)]
