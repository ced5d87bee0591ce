"""Whose themes a story's page shows: everybody's, or those of one person.

It is in the address as `by`, a person's id or `everybody`, so that it outlives the back button. Where two people's
themes are to be compared, each begins with their own.
"""

from collections import defaultdict
from dataclasses import dataclass

from server.domain.access import Viewer
from server.domain.cleared import ClearedPart, ClearedStory, ClearedTheme

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Put:
    """A theme on something, and who put it there: the names of others, and whether the viewer did."""

    theme: ClearedTheme
    others: tuple[str, ...]
    is_mine: bool

    @property
    def names(self) -> list[str]:
        return [*(["you"] if self.is_mine else []), *self.others]


@dataclass(frozen=True)
class Whose:
    """Everybody’s where `person_id` is empty. `people` are the ids and names of those who put a theme on any part of
    the story, the viewer first. Where `each_alone`, people take off only what they put themselves."""

    viewer_id: str
    person_id: str
    people: tuple[tuple[str, str], ...]
    each_alone: bool

    @property
    def by(self) -> str:
        """As the address has it."""
        return self.person_id or EVERYBODY

    def shows(self, part: ClearedPart) -> bool:
        """What carries no theme at all is left out by nobody."""
        return (not self.person_id or not part.taggings
                or any(put.person_id == self.person_id for put in part.taggings))

    def puts(self, part: ClearedPart) -> list[Put]:
        """The themes on a part, in the order in which the team reads them."""
        by: defaultdict[ClearedTheme, dict[str, str]] = defaultdict(dict)
        for put in part.taggings:
            if self.person_id in ("", put.person_id):
                by[put.theme][put.person_id] = put.by
        return [Put(theme, tuple(name for person_id, name in people.items() if person_id != self.viewer_id),
                    self.viewer_id in people) for theme, people in by.items()]

    def themes(self, story: ClearedStory) -> list[ClearedTheme]:
        """The themes on any of its parts, by name."""
        found = {put.theme.id: put.theme for part in story.parts for put in self.puts(part)}
        return sorted(found.values(), key=lambda theme: theme.name.casefold())


def whose(story: ClearedStory, viewer: Viewer, asked: str | None, *, each_alone: bool) -> Whose:
    """What the address asks for. Somebody who put no theme on it is as good as nobody."""
    names = {put.person_id: put.by for part in story.parts for put in part.taggings}
    others = sorted(((person_id, name) for person_id, name in names.items() if person_id != viewer.person_id),
                    key=lambda person: (person[1].casefold(), person[0]))
    known = {viewer.person_id, *names}
    usual = viewer.person_id if each_alone else ""
    person_id = asked if asked in known else "" if asked == EVERYBODY else usual
    return Whose(viewer.person_id, person_id or "", ((viewer.person_id, "Me"), *others), each_alone)
