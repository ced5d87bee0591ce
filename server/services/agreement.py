"""How far two people of the team agree on themes, for a project that wants to know.

What is counted are words: those of transcripts and of quotes of stories that both have put themes on. Only what is
cleared for the team is counted, and no word that is withheld. Whoever put a theme on an excerpt put it on each of its
words; whoever put one on a quote, on all of that. A theme counts with what stands under it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from server.domain import agreement
from server.domain.access import Permission, Role, Viewer, require
from server.domain.agreement import Table
from server.domain.audit import Action
from server.domain.cleared import ClearedExcerpt, ClearedQuote, ClearedStory
from server.domain.codebook import Node, under
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.excerpt import words_of
from server.domain.theme import Theme
from server.domain.transcript import Segment
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Quote, Story
from server.models.theme import Excerpt, Tagging
from server.services import audit, clearing, codebook, withholding
from server.services.clearances import ANYTHING, asked_for, may_have
from server.services.withholding import OfStory

# So many stories of those that both have worked on, the newest, are read: every word of them is.
MOST_STORIES = 100
MOST_DIFFERENCES = 50

# The numbers of words, by the theme that a person put on them.
Marks = Mapping[str, set[int]]


@dataclass(frozen=True)
class Measured:
    """One theme, in its place in the codebook."""

    theme: Theme
    depth: int
    table: Table


@dataclass(frozen=True)
class Difference:
    """A passage that one of them put the theme on, of which the other did not put it on `words` words."""

    part: ClearedExcerpt | ClearedQuote
    by_first: bool
    words: int


@dataclass(frozen=True)
class Agreement:
    """What two people agree on. `whole` counts each word once for each theme that either of them used, by itself."""

    first: str
    second: str
    story_ids: tuple[str, ...]
    has_more: bool
    words: int
    whole: Table
    themes: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    more_differences: bool


def is_on(session: Session, project_id: str) -> bool:
    """Whether the project measures agreement. The caller has asked who may know."""
    return bool(session.scalar(select(Project.measures_agreement).where(Project.id == project_id)))


def switch(session: Session, viewer: Viewer, project_id: str, *, wanted: bool) -> None:
    """Have a project measure agreement, or not any more; nothing that was tagged changes. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    project = session.get(Project, project_id)
    if project is None:
        raise NotFound
    if project.measures_agreement != wanted:
        project.measures_agreement = wanted
        session.flush()
        audit.note(session, viewer.person_id, Action.CHANGED, "agreement setting", project_id, project_id, on=wanted)


def list_people(session: Session, viewer: Viewer, project_id: str) -> list[tuple[str, str]]:
    """Who puts themes on things in the project, by id and name. Raises NotFound."""
    require(viewer, Permission.TAG, project_id)
    query = (select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id)
             .where(Membership.project_id == project_id, Membership.role == Role.COMMISSIONER.value)
             .distinct().order_by(Person.name, Person.id))
    return [(person_id, name) for person_id, name in session.execute(query)]


def measure(session: Session, viewer: Viewer, project_id: str, first_id: str, second_id: str,
            theme_id: str | None = None) -> Agreement:
    """How these two agree, and where they differ in a theme. Raises NotFound, and Invalid for one person twice."""
    names = dict(list_people(session, viewer, project_id))
    if first_id not in names or second_id not in names:
        raise NotFound
    if first_id == second_id:
        raise Invalid(fields={"second": "Choose two different people."})
    ids = _both_worked_on(session, viewer, project_id, first_id, second_id)
    stories = clearing.list_stories(session, viewer, project_id, Audience.COMMISSIONERS, ids[:MOST_STORIES],
                                    clearing.Words.ALL)
    held = withholding.of_stories(session, [story.id for story in stories])
    counted = _Counted(first_id, second_id)
    for story in stories:
        counted.add(story, held.get(story.id, withholding.NOTHING))
    nodes = codebook.tree(session, project_id, retired=True)
    below = _below(nodes)
    differences = list(counted.differences(below.get(theme_id, set()))) if theme_id else []
    return Agreement(
        names[first_id], names[second_id], tuple(counted.story_ids), len(ids) > MOST_STORIES, counted.count,
        agreement.total(counted.table({theme}) for theme in counted.used()),
        tuple(Measured(node.theme, node.depth, counted.table(below[node.theme.id])) for node in nodes
              if below[node.theme.id] & counted.used()),
        tuple(differences[:MOST_DIFFERENCES]), len(differences) > MOST_DIFFERENCES)


class _Counted:
    """The words of stories, numbered through, with what each of two people put on them."""

    def __init__(self, first_id: str, second_id: str) -> None:
        self.ids = first_id, second_id
        self.count = 0
        self.story_ids: list[str] = []
        self._marks: dict[str, defaultdict[str, set[int]]] = {who: defaultdict(set) for who in self.ids}
        self._parts: list[tuple[ClearedExcerpt | ClearedQuote, set[int]]] = []

    def add(self, story: ClearedStory, held: OfStory) -> None:
        """Every word of a story in which both put a theme on words, but for those that are withheld."""
        passages: tuple[ClearedExcerpt | ClearedQuote, ...] = (*story.excerpts, *story.quotes)
        if {tagging.person_id for part in passages for tagging in part.taggings} >= set(self.ids):
            self.story_ids.append(story.id)
            for recording in story.recordings:
                excerpts = [part for part in story.excerpts if part.recording_id == recording.id]
                self._add_recording(recording.transcript.segments if recording.transcript else (), excerpts,
                                    held.of(recording.id).marks)
            for quote in story.quotes:
                words = _without(quote.text, held.everywhere.marks).split()
                self._put(quote, set(range(self.count, self.count + len(words))))
                self.count += len(words)

    def used(self) -> set[str]:
        """The themes that either of them put on a word."""
        return {theme for marks in self._marks.values() for theme, words in marks.items() if words}

    def table(self, themes: Iterable[str]) -> Table:
        """Of these themes as one."""
        wanted = set(themes)
        return agreement.of(self.count, *(_joined(self._marks[who], wanted) for who in self.ids))

    def differences(self, themes: set[str]) -> Iterable[Difference]:
        """The passages that one of them put one of these on, and the other not on all of it."""
        marked = [_joined(self._marks[who], themes) for who in self.ids]
        for part, words in self._parts:
            for number, who in enumerate(self.ids):
                has_it = any(tagging.person_id == who and tagging.theme.id in themes for tagging in part.taggings)
                missing = len(words - marked[1 - number])
                if has_it and missing:
                    yield Difference(part, number == 0, missing)

    def _add_recording(self, segments: Iterable[Segment], excerpts: Sequence[ClearedExcerpt],
                       marks: tuple[str, ...]) -> None:
        words = [word for word in words_of(segments) if _without(word.text, marks).strip() == word.text.strip()]
        for excerpt in excerpts:
            self._put(excerpt, {self.count + number for number, word in enumerate(words)
                                if 2 * excerpt.start_ms <= word.start_ms + word.end_ms <= 2 * excerpt.end_ms})
        self.count += len(words)

    def _put(self, part: ClearedExcerpt | ClearedQuote, words: set[int]) -> None:
        self._parts.append((part, words))
        for tagging in part.taggings:
            if tagging.person_id in self._marks:
                self._marks[tagging.person_id][tagging.theme.id] |= words


def _both_worked_on(session: Session, viewer: Viewer, project_id: str, first_id: str, second_id: str) -> list[str]:
    """The newest stories in which both put a theme on a passage, and one more than are read, if there are more."""
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)
    query = select(Story.id).where(
        Story.project_id == project_id, may_have(Story.id, asked, ANYTHING),
        *(Story.id.in_(_worked_on(who)) for who in (first_id, second_id)))
    return list(session.scalars(query.order_by(Story.told_at.desc(), Story.id.desc()).limit(MOST_STORIES + 1)))


def _worked_on(person_id: str) -> CompoundSelect[tuple[str]]:
    """SQL: the ids of the stories in which somebody put a theme on an excerpt or a quote."""
    return union(*(
        select(part.story_id).join(Tagging, column == part.id).where(Tagging.tagged_by == person_id)
        for part, column in ((Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id))))


def _below(nodes: Iterable[Node]) -> dict[str, set[str]]:
    """Each theme with what stands under it, by its id."""
    parents = {node.theme.id: node.theme.parent_id for node in nodes}
    return {theme_id: set(under(parents, theme_id)) for theme_id in parents}


def _joined(marks: Marks, themes: set[str]) -> set[int]:
    return set().union(*(marks[theme] for theme in themes & marks.keys()))


def _without(text: str, marks: tuple[str, ...]) -> str:
    """The text without what stands for withheld words."""
    shown = [mark for mark in marks if mark]
    return re.sub("|".join(map(re.escape, shown)), " ", text) if shown else text
