"""Whom a project has heard, as each audience may know it, on both databases."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Scope, Use
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.suppression import Shown
from server.domain.voice import Chart, Counts, Dimension, Target, Voices
from server.models.group import Belonging, SelfDescription
from server.models.project import Project
from server.models.story import Story
from server.services import groups, redactions, targets, voices, withdrawal_scopes
from tests import makers

NOW = datetime(2026, 11, 23, tzinfo=UTC)
INSIDE = makers.ALL_USES - {Use.BOARD, Use.PUBLICATION}


class World(SimpleNamespace):
    """A project in which every number from five on is shown."""

    session: Session
    project: Project
    commissioner: Viewer
    board: Viewer

    def tell(self, times: int, place: str = "Northgate", *, uses: frozenset[Use] = makers.ALL_USES, people: int = 1,
             language: str = "en", group_id: str = "", at: datetime = makers.NOON) -> list[Story]:
        found = []
        for _ in range(times):
            story = makers.make_story(self.session, self.project, self.researcher, uses=uses, place=place)
            story.language, story.people, story.told_at = language, people, at
            story.described = people if group_id else 0
            for _ in range(people if group_id else 0):
                teller = makers.add_participant(self.session, story, new_id(), uses)
                self.session.add(SelfDescription(participant_id=teller.id, story_id=story.id, own_words=""))
                self.session.flush()
                self.session.add(Belonging(participant_id=teller.id, group_id=group_id, story_id=story.id))
            found.append(story)
        self.session.flush()
        return found

    def see(self, viewer: Viewer | None = None) -> Voices:
        return voices.get(self.session, viewer or self.commissioner, self.project.id, NOW)


@pytest.fixture
def world(session: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("server.domain.suppression.threshold", lambda *_: 5)
    project = makers.make_project(session)
    people = {role: makers.make_person(session, project, role) for role in Role}
    world = World(session=session, project=project, researcher=people[Role.RESEARCHER],
                 commissioner=makers.viewer_of(session, people[Role.COMMISSIONER]),
                 board=makers.viewer_of(session, people[Role.BOARD_MEMBER]),
                 analyst=makers.viewer_of(session, people[Role.ANALYST]),
                 administrator=makers.viewer_of(session, people[Role.ADMINISTRATOR]))
    # Of no place and no language, so that the others may be shown as they are.
    world.tell(5, "", language="")
    return world


def rows(found: Voices, dimension: Dimension) -> dict[str, Shown]:
    chart: Chart = next(chart for chart in found.charts if chart.dimension is dimension)
    return {row.name: row.shown for row in chart.rows}


def test_stories_and_people_are_counted_by_group_place_and_language(world: World) -> None:
    young = groups.add(world.session, world.commissioner, world.project.id, "Young carers")
    world.tell(7, "Leith", people=2, language="so", group_id=young)
    world.tell(3, " leith ", people=1, language="cy")
    world.tell(12, "Northgate")
    found = world.see()
    assert rows(found, Dimension.PLACE) == {"Leith": Shown(10, 15), "Northgate": Shown(10, 10)}
    assert rows(found, Dimension.LANGUAGE) == {"en": Shown(10, 10), "so": Shown(5, 10)}
    assert rows(found, Dimension.GROUP) == {"Young carers": Shown(5, 10), "": Shown(15, 15)}


def test_each_audience_counts_what_it_may_have(world: World) -> None:
    world.tell(20, "Leith", uses=INSIDE)
    world.tell(10, "Northgate")
    assert rows(world.see(), Dimension.PLACE) == {"Leith": Shown(20, 20), "Northgate": Shown(10, 10)}
    for viewer in (world.board, world.analyst):
        assert rows(world.see(viewer), Dimension.PLACE) == {"Northgate": Shown(10, 10)}
    with pytest.raises(NotFound):
        world.see(world.administrator)


def test_a_withdrawn_story_is_counted_no_more_and_what_they_said_of_themselves_is_gone(world: World) -> None:
    group_id = groups.add(world.session, world.commissioner, world.project.id, "Young carers")
    stories = world.tell(9, group_id=group_id)
    world.tell(20)
    assert rows(world.see(), Dimension.GROUP)["Young carers"] == Shown(5, 5)
    for scope, story in zip((Scope.WORDS_ONLY, Scope.ANONYMOUS, Scope.ERASE, Scope.NO_NEW_USE), stories, strict=False):
        withdrawal_scopes.carry_out(world.session, world.commissioner, story.id, world.project.id, scope, NOW)
    world.session.flush()
    world.session.expire_all()
    assert world.session.query(SelfDescription).count() == world.session.query(Belonging).count() == 6
    withdrawal_scopes.carry_out(world.session, world.commissioner, stories[4].id, world.project.id, Scope.ERASE, NOW)
    assert rows(world.see(), Dimension.GROUP)["Young carers"] == Shown(None, None)


def test_a_place_that_is_withheld_is_the_place_of_nobody(world: World) -> None:
    stories = world.tell(6, "Mossy Hollow")
    world.tell(20)
    assert "Mossy Hollow" in rows(world.see(), Dimension.PLACE)
    for story in stories[:2]:
        redactions.make(world.session, world.commissioner, story.id, redactions.Asked("Mossy Hollow"))
    assert rows(world.see(), Dimension.PLACE) == {"Northgate": Shown(20, 20)}


def test_what_is_furthest_from_its_target_is_missing_first(world: World) -> None:
    session, viewer, project_id = world.session, world.commissioner, world.project.id
    young = groups.add(session, viewer, project_id, "Young carers")
    targets.replace(session, viewer, project_id, [
        Target(Dimension.PLACE, "Northgate", Counts.STORIES, 10), Target(Dimension.PLACE, "Leith", Counts.STORIES, 20),
        Target(Dimension.GROUP, young, Counts.PEOPLE, 30), Target(Dimension.LANGUAGE, "so", Counts.PEOPLE, 40),
        Target(Dimension.GROUP, new_id(), Counts.PEOPLE, 1)])
    world.tell(30)
    world.tell(7, "Leith", language="so", people=2)
    found = world.see()
    assert [(row.name, row.heard) for _, row in found.missing] == [("Young carers", 0), ("Leith", 5), ("so", 10)]


def test_what_was_told_this_quarter_is_counted_when_it_is_over(world: World) -> None:
    world.tell(6, at=datetime(2026, 2, 1, tzinfo=UTC))
    world.tell(8, at=datetime(2026, 9, 30, 23, tzinfo=UTC))
    world.tell(9, at=NOW - timedelta(days=2))
    world.tell(5, at=datetime(2020, 9, 1, tzinfo=UTC))
    found = [(one.begins and one.begins.month, one.shown.people, one.so_far.people) for one in world.see().quarters]
    assert [one for one in found if one[1]] == [(None, 5, 5), (1, 5, 10), (4, 5, 15), (7, 5, 20)]
    assert found[-1][0] == 7


def test_only_who_may_sets_groups_and_targets(world: World) -> None:
    group_id = groups.add(world.session, world.administrator, world.project.id, "Young carers")
    for attempt in (lambda: groups.add(world.session, world.board, world.project.id, "Others"),
                    lambda: groups.rename(world.session, world.board, group_id, "Others"),
                    lambda: groups.retire(world.session, world.analyst, group_id),
                    lambda: groups.move(world.session, world.analyst, new_id(), 1),
                    lambda: targets.replace(world.session, world.board, world.project.id, [])):
        with pytest.raises(NotFound):
            attempt()
