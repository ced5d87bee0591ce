"""What is known of a part of a story once it is shown, and how many stories share it: what could point at one family.

Only what whoever asks may have is counted, and of that only what the readers may be shown: no count tells of more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from server.domain.cleared import ClearedPart, ClearedPhoto
from server.domain.consent import Audience, People
from server.domain.reidentification import ENOUGH, Fact, Kind, telling_words
from server.domain.story_filter import StoryFilter
from server.models.group import Belonging, Group
from server.models.redaction import PhotoRegion
from server.models.story import Photo, Story
from server.naming import lists
from server.services import groups, rare_words, story_list, withholding
from server.services.clearances import ANYTHING, Asked, may_have, may_have_part


@dataclass
class Readers:
    """Those who may be shown something next, as whoever asks may count for them. What was counted once for one part is
    not counted again for another."""

    session: Session
    project_id: str
    asked: Asked
    _counted: dict[frozenset[Fact], int] = field(default_factory=dict)
    _with_word: dict[str, frozenset[str]] = field(default_factory=dict)

    def shared(self, facts: frozenset[Fact]) -> int:
        """How many stories have all of these, up to `ENOUGH`."""
        if any(fact.kind is Kind.FACE for fact in facts):
            return 1
        if facts not in self._counted:
            some = select(literal(1)).select_from(Story).where(*self._have(facts)).limit(ENOUGH).subquery()
            self._counted[facts] = self.session.scalar(select(func.count()).select_from(some)) or 0
        return self._counted[facts]

    def facts_of(self, part: ClearedPart) -> list[Fact]:
        """What they will know of this part."""
        story = self.session.get_one(Story, part.story_id)
        facts = [Fact(Kind.THEME, theme.id, theme.name) for theme in part.themes]
        facts.append(Fact(Kind.MONTH, f"{part.told_on:%Y-%m}", f"{part.told_on:%B %Y}"))
        # What stands for a place that is withheld tells nothing.
        if part.place and part.place == story.place:
            facts.append(Fact(Kind.PLACE, part.place, part.place))
        if story.language:
            facts.append(Fact(Kind.LANGUAGE, story.language, story.language))
        return [*facts, *self._groups(part.story_id), *self._people_seen(part), *self._words(part)]

    def _groups(self, story_id: str) -> Iterator[Fact]:
        """For the team alone, as it alone knows who of whom is of which group."""
        if Audience.COMMISSIONERS not in self.asked.audiences:
            return
        query = select(Group.id, Group.name).where(
            Group.id.in_(select(Belonging.group_id).where(Belonging.story_id == story_id)))
        yield from (Fact(Kind.GROUP, group_id, name) for group_id, name in self.session.execute(query))

    def _people_seen(self, part: ClearedPart) -> Iterator[Fact]:
        """A face tells by itself, until it is covered; a photo of people beside the words makes them fewer."""
        if isinstance(part, ClearedPhoto):
            covered = select(exists().where(PhotoRegion.photo_id == part.id))
            if part.people is not People.NOBODY and not self.session.scalar(covered):
                yield Fact(Kind.FACE, part.id)
        elif self.session.scalar(select(exists().where(Photo.story_id == part.story_id, self._of_people()))):
            yield Fact(Kind.PHOTO, "people")

    def _words(self, part: ClearedPart) -> Iterator[Fact]:
        """Those that so many stories have that they tell nothing are left out."""
        said = part.description if isinstance(part, ClearedPhoto) else part.text
        stands_for = [term.replacement for term in withholding.terms_of(self.session, part.story_id).values()]
        words = telling_words(said, lists.shipped(), lists.is_occupation, [*stands_for, part.pseudonym])
        new = [word for key, word in words.items() if key not in self._with_word]
        found = rare_words.stories_with(self.session, self.project_id, self.asked, new)
        self._with_word |= {key: found[word] for key, word in words.items() if word in found}
        for key, word in words.items():
            if len(self._with_word[key]) < rare_words.MANY:
                yield Fact(Kind.WORD, key, word)

    def _have(self, facts: frozenset[Fact]) -> list[ColumnElement[bool]]:
        """SQL over Story: these readers may have something of it, and it has all of these."""
        conditions = [Story.project_id == self.project_id, may_have(Story.id, self.asked, ANYTHING)]
        for fact in facts:
            match fact.kind:
                case Kind.WORD:
                    conditions.append(Story.id.in_(self._with_word[fact.value]))
                case Kind.GROUP:
                    conditions.append(groups.told_by_group(fact.value))
                case Kind.PHOTO:
                    conditions.append(exists().where(Photo.story_id == Story.id, self._of_people()))
                case _:
                    only = _filter(fact)
                    conditions += story_list.passes(self.session, only, self.asked, self.project_id)
        return conditions

    def _of_people(self) -> ColumnElement[bool]:
        may_show_some = or_(Photo.people.is_(None), Photo.people != People.NOBODY.value)
        return and_(may_show_some, Photo.derivative_sha256.is_not(None), may_have_part(Photo, self.asked))


def _filter(fact: Fact) -> StoryFilter:
    """The filter of lists that finds those with this fact."""
    match fact.kind:
        case Kind.THEME:
            return StoryFilter(theme_id=fact.value)
        case Kind.PLACE:
            return StoryFilter(place=fact.value)
        case Kind.LANGUAGE:
            return StoryFilter(language=fact.value)
    first = date.fromisoformat(f"{fact.value}-01")
    return StoryFilter(told_from=first, told_to=(first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
