"""Random stories of a project, each with a consent of its own, and with something that happened to it: every list,
count, hit, snippet and chart of the library has what the rule gives each person, and nothing else.

The rule is asked with a history that is written here and not in the tables. What it clears is then counted by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, event, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer, audiences, browses_as
from server.domain.bookmark import Turn
from server.domain.collection import Collectable, CollectionText
from server.domain.consent import (
    FOREVER,
    NEVER,
    Audience,
    ConsentRecord,
    Content,
    History,
    Scope,
    Use,
    Withdrawal,
    decide,
)
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.search_query import HitTurn
from server.domain.story_filter import StoryFilter
from server.domain.suppression import Count
from server.domain.voice import Counted, Dimension, quarters_before, voices_of
from server.models.consent import Embargo
from server.models.organisation import Organisation, Partner
from server.models.people import Membership
from server.models.project import Project
from server.services import (
    collected,
    collection_shares,
    collections,
    consents,
    indexing,
    searching,
    story_list,
    theme_list,
    themes,
    voices,
    withdrawal_scopes,
)
from tests import makers

NOW = datetime.now(UTC)
USES = st.sets(st.sampled_from(list(Use)))
MOSTLY_YES = st.one_of(st.just(set(Use)), USES.map(lambda no: set(Use) - no))
FATES = st.sampled_from(["none", "none", "says again", "embargo", "words only", "no new use", "erase", "kept",
                         "to be shared", "draft"])
STORIES = st.lists(st.tuples(MOSTLY_YES, FATES, MOSTLY_YES, st.sampled_from(["Harbour", "Northgate"])),
                   min_size=1, max_size=9)
# So many told each story: enough that a chart with one story more, or one less, is another chart.
TELLERS = 10


@dataclass
class Told:
    """A story, and all that bears on who may have what of it, as somebody with a notebook would have written it."""

    number: int
    story_id: str
    place: str
    history: History
    quote_id: str
    excerpt_id: str
    photo_id: str
    is_draft: bool = False
    others_from: datetime = NEVER
    is_kept: bool = False

    def has(self, viewer: Viewer, organisation_id: str, project_id: str) -> set[Content]:
        """What this person may have of it, by the rule."""
        audience = browses_as(viewer, project_id)
        is_theirs = organisation_id in viewer.organisations_in(project_id)
        if self.is_kept and not is_theirs and self.others_from > NOW:
            return set()
        found = {one.content for one in decide(self.history) if one.audience is audience and one.until > NOW}
        return found if Content.QUOTE in found else set()

    def words(self, content: Content) -> str:
        return f"{content}{self.number}"


class Library:
    """A project with a partner, people of each kind, and stories under one theme and in one collection."""

    def __init__(self, session: Session, world: SimpleNamespace) -> None:
        self.session, self.world, self.told = session, world, list[Told]()
        self.project_id = world.project.id
        session.query(Project).filter_by(id=self.project_id).update({"voices_key": "a key"})
        partner = Organisation(id=new_id(), name="Harbour Help", name_key=new_id(), created_at=makers.NOON)
        session.add(partner)
        session.flush()
        self.partner_id = partner.id
        session.add(Partner(project_id=self.project_id, organisation_id=partner.id, joined_at=makers.NOON))
        person = makers.make_person(session, world.project, Role.COMMISSIONER)
        session.query(Membership).filter_by(person_id=person.id).update({"organisation_id": partner.id})
        session.flush()
        self.people = {"commissioner": world.commissioner, "board member": world.board_member,
                       "analyst": world.analyst, "of the partner": makers.viewer_of(session, person)}
        self.theme = makers.make_theme(session, world.project)
        self.collection_id = self._collect()

    def _collect(self) -> str:
        maker = self.people["of the partner"]
        found = collections.make(self.session, maker, self.project_id, CollectionText("What we heard"))
        others = [one.person_id for one in self.people.values() if one is not maker]
        collection_shares.share(self.session, maker, found, others, [])
        return found

    def tell(self, uses: set[Use], fate: str, again: set[Use], place: str) -> None:
        """A story with a part of every kind, and what happens to it then."""
        session, number = self.session, len(self.told)
        story = makers.make_story(session, self.world.project, self.world.researcher, place=place,
                                  told_at=makers.NOON + timedelta(hours=number))
        story.people = TELLERS
        recording = makers.add_recording(session, story, f"shared {Content.AUDIO}{number}")
        excerpt = makers.add_excerpt(session, recording, self.world.researcher, f"shared {Content.WORDS}{number}")
        quote = makers.add_quote(session, story, f"shared {Content.QUOTE}{number}")
        photo = makers.add_photo(session, story, f"shared {Content.PHOTO}{number}")
        for part in (excerpt, quote, photo):
            makers.tag(session, self.theme, self.world.researcher, part)
        told = Told(number, story.id, place, History((_record(1, set(Use)),)), quote.id, excerpt.id, photo.id)
        # It is put into the collection while the partner's commissioner may have it, and then agreed to as it is.
        collections.add(session, self.people["of the partner"], self.collection_id, Collectable.QUOTE, quote.id)
        self.told.append(self._agree(told, 2, uses))
        self._happen(self.told[-1], fate, again)
        session.flush()
        consents.decide_again(session, self.told[-1].story_id)
        indexing.ask(session, self.told[-1].story_id)

    def _agree(self, told: Told, sequence: int, uses: set[Use]) -> Told:
        makers.record_consent(self.session, self.world.project, self.world.researcher, told.story_id, uses)
        told.history = replace(told.history, records=(*told.history.records, _record(sequence, uses)))
        return told

    def _happen(self, told: Told, fate: str, again: set[Use]) -> None:
        story = self.session.query(makers.Story).filter_by(id=told.story_id)
        match fate:
            case "says again":
                self._agree(told, 3, again)
            case "embargo":
                self.session.add(Embargo(id=new_id(), story_id=told.story_id, project_id=self.project_id,
                                         reason="A worry", put_at=NOW))
                told.history = replace(told.history, is_under_embargo=True)
            case "words only" | "erase" | "no new use":
                scope = Scope(fate.replace(" ", "_"))
                told.history = replace(told.history, withdrawals=(Withdrawal(NOW, scope),))
                withdrawal_scopes.carry_out(self.session, None, told.story_id, self.project_id, scope, NOW)
                told.place = "" if scope is Scope.WORDS_ONLY else told.place  # it says whose words these are
            case "kept" | "to be shared":
                told.is_kept, told.others_from = True, FOREVER if fate == "kept" else NEVER
                story.update({"organisation_id": self.partner_id, "custody": "kept" if fate == "kept" else "shared"})
            case "draft":
                told.is_draft = True
                self.session.query(makers.Excerpt).filter_by(id=told.excerpt_id).update({"quotable_at": None})

    def had_by(self, viewer: Viewer) -> Iterator[tuple[Told, set[Content]]]:
        """The stories that this person may have something of, with what they may have."""
        for told in self.told:
            found = told.has(viewer, self.partner_id, self.project_id)
            if told.is_draft and browses_as(viewer, self.project_id) is not Audience.COMMISSIONERS:
                found -= {Content.WORDS}
            if found:
                yield told, found


def _record(sequence: int, uses: set[Use]) -> ConsentRecord:
    return ConsentRecord(sequence, {use: use in uses for use in Use}, makers.NOON)


def _check_list(library: Library, viewer: Viewer) -> None:
    if Audience.COMMISSIONERS not in audiences(viewer, library.project_id):
        return
    had = [told for told, _ in library.had_by(viewer)]
    for only in (StoryFilter(), StoryFilter(place="Harbour"), StoryFilter(theme_id=library.theme.id),
                 StoryFilter(has=frozenset({Content.AUDIO}))):
        page = story_list.get_page(library.session, viewer, library.project_id, only, Turn())
        wanted = [told.story_id for told, found in library.had_by(viewer)
                  if only.place in (None, told.place) and only.has <= found]
        assert {story.id for story in page.stories} == set(wanted), only
        assert (page.found, page.total) == (len(wanted), len(had)), only


def _check_themes(library: Library, viewer: Viewer) -> None:
    had = [found for _, found in library.had_by(viewer)]
    counts = {content: sum(content in found for found in had) for content in Content}
    expected = {(told.excerpt_id if content is Content.WORDS else told.quote_id if content is Content.QUOTE
                 else told.photo_id)
                for told, found in library.had_by(viewer) for content in found - {Content.AUDIO}}
    entries = theme_list.get_page(library.session, viewer, library.project_id, theme_list.Wanted()).entries
    shown = [(one.own.excerpts, one.own.quotes, one.own.photos) for one in entries]
    exact = (counts[Content.WORDS], counts[Content.QUOTE], counts[Content.PHOTO])
    if expected or browses_as(viewer, library.project_id) is Audience.COMMISSIONERS:
        assert shown == [exact]
        page = themes.get_tagged(library.session, viewer, library.theme.id, Turn())[1]
        assert {part.id for part in page.parts} == expected
        assert page.holding.count == len(expected)
    else:
        assert shown == []
        with pytest.raises(NotFound):
            themes.get_tagged(library.session, viewer, library.theme.id, Turn())


def _check_search(library: Library, viewer: Viewer) -> None:
    expected = {words for told, found in library.had_by(viewer) for words in _findable(library, viewer, told, found)}
    page = searching.search(library.session, viewer, library.project_id, "shared", StoryFilter(), HitTurn())
    seen = ["".join(piece.text for piece in hit.pieces) for hit in page.hits]
    while page.older:
        page = searching.search(library.session, viewer, library.project_id, "shared", StoryFilter(),
                                HitTurn(page.older))
        seen += ["".join(piece.text for piece in hit.pieces) for hit in page.hits]
    assert sorted(seen) == sorted(f"shared {words}" for words in expected)
    assert (page.found.passages, page.found.stories) == (len(seen), len(list(library.had_by(viewer))) if seen else 0)
    for told in library.told:
        for content in Content:
            words = told.words(content)
            found = searching.search(library.session, viewer, library.project_id, words, StoryFilter(), HitTurn())
            assert found.found.passages == len(found.hits) == (words in expected), words


def _findable(library: Library, viewer: Viewer, told: Told, found: set[Content]) -> Iterator[str]:
    """What the team hears it also finds as it is said; where it may not hear it, it finds the excerpt."""
    hears = browses_as(viewer, library.project_id) is Audience.COMMISSIONERS and Content.AUDIO in found
    for content in (Content.QUOTE, Content.PHOTO):
        if content in found:
            yield told.words(content)
    if Content.WORDS in found:
        yield told.words(Content.AUDIO if hears else Content.WORDS)


def _check_charts(library: Library, viewer: Viewer) -> None:
    had = [told for told, _ in library.had_by(viewer)]

    def count(which: Callable[[Told], bool]) -> Count:
        number = sum(map(which, had))
        return Count(number, TELLERS * number)

    every = count(lambda told: True)
    by = {Dimension.GROUP: {"": every},
          Dimension.PLACE: {place: count(lambda told, place=place: told.place == place)
                            for place in {told.place for told in had} - {""}},
          Dimension.ORGANISATION: {library.partner_id: count(lambda told: told.is_kept)}}
    quarter = sum(begin <= makers.NOON for begin in quarters_before(NOW))
    names = {Dimension.GROUP: {}, Dimension.ORGANISATION: {library.partner_id: "Harbour Help"}}
    expected = voices_of(Counted(every, by, {quarter: every}), names, [], "a key", NOW)
    assert voices.get(library.session, viewer, library.project_id, NOW) == expected


def _check_collection(library: Library, viewer: Viewer) -> None:
    card = collections.get(library.session, viewer, library.collection_id)
    page = collected.get_page(library.session, viewer, card)
    expected = [told.quote_id for told, _ in library.had_by(viewer)]
    assert [item.part.id for item in page.items if item.part] == expected
    assert page.count == len(expected)


# What a failing library teaches is in its shortest form. To explain it piece by piece takes minutes.
@pytest.mark.slow_on_postgresql
@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture],
          phases=set(Phase) - {Phase.explain})
@given(STORIES)
def test_whatever_happens_to_stories_the_library_has_what_the_rule_gives_and_no_more(
    session: Session, world: SimpleNamespace, stories: list
) -> None:
    """fault 44, fault 45"""
    world.project = makers.make_project(session, new_id())
    for role, name in ((Role.COMMISSIONER, "commissioner"), (Role.BOARD_MEMBER, "board_member"),
                       (Role.ANALYST, "analyst")):
        setattr(world, name, makers.viewer_of(session, makers.make_person(session, world.project, role)))
    library = Library(session, world)
    for one in stories:
        note(f"{one}")
        library.tell(*one)
    for name, viewer in library.people.items():
        note(name)
        for check in (_check_list, _check_themes, _check_search, _check_charts, _check_collection):
            check(library, viewer)
        event(f"{name} had {min(2, len(list(library.had_by(viewer))))} or more")
