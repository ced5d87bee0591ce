"""Stories a page at a time: in order, each once, filtered in the database, and with what is cleared alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.consent import Audience, Content, Use
from server.domain.errors import NotFound
from server.domain.story_filter import StoryFilter
from server.services import story_list, turning
from server.services.clearances import asked_for
from server.services.story_list import StoryPage
from server.services.turning import ON_A_PAGE
from tests import makers
from tests.services.test_clearing import counted

EVERYTHING, NEWEST = StoryFilter(), Turn()


def _page(session: Session, world, only: StoryFilter = EVERYTHING, to: Turn = NEWEST) -> StoryPage:
    return story_list.get_page(session, world.commissioner, world.project.id, only, to)


def _places(session: Session, world) -> list[str] | None:
    asked = asked_for(world.commissioner, world.project.id, Audience.COMMISSIONERS)
    return story_list.list_places(session, world.project.id, asked)


def _names(page: StoryPage) -> list[str]:
    return [story.pseudonym for story in page.stories]


def _make(session: Session, world, count: int, **wishes) -> list[str]:
    """So many stories, two told at the same moment each time; their names, newest first."""
    for number in range(count):
        makers.make_story(session, world.project, world.researcher, pseudonym=f"{number:03}",
                          told_at=makers.NOON + timedelta(hours=number // 2), **wishes)
    return [f"{number:03}" for number in reversed(range(count))]


def test_turning_to_older_pages_shows_every_story_once(session: Session, world) -> None:
    names = _make(session, world, 2 * ON_A_PAGE + 5)
    page, seen = _page(session, world), []
    seen += _names(page)
    while page.older:
        page = _page(session, world, to=Turn(page.older))
        seen += _names(page)
    assert len(seen) == len(names)
    assert sorted(seen, reverse=True) == names
    assert [name[:2] for name in seen] == [name[:2] for name in names]


def test_turning_back_shows_the_same_pages(session: Session, world) -> None:
    _make(session, world, 3 * ON_A_PAGE)
    first = _page(session, world)
    second = _page(session, world, to=Turn(first.older))
    third = _page(session, world, to=Turn(second.older))
    assert (first.newer, third.older) == (None, None)
    assert _names(_page(session, world, to=Turn(third.newer, is_newer=True))) == _names(second)
    back = _page(session, world, to=Turn(second.newer, is_newer=True))
    assert (_names(back), back.newer) == (_names(first), None)


def test_a_bookmark_whose_story_is_gone_still_holds_its_place(session: Session, world) -> None:
    names = _make(session, world, ON_A_PAGE + 2)
    older = _page(session, world).older
    last = session.query(makers.Story).filter_by(id=older.id).one()
    session.query(makers.ConsentRecord).filter_by(story_id=last.id).delete()
    session.execute(text("DELETE FROM clearance WHERE story_id = :id"), {"id": last.id})
    assert _names(_page(session, world, to=Turn(older))) == names[-2:]


def test_where_nothing_is_older_any_more_the_newest_page_is_shown(session: Session, world) -> None:
    names = _make(session, world, ON_A_PAGE + 1)
    older = _page(session, world).older
    oldest = session.query(makers.Story).filter_by(pseudonym="000").one()
    session.execute(text("DELETE FROM clearance WHERE story_id = :id"), {"id": oldest.id})
    page = _page(session, world, to=Turn(older))
    assert (_names(page), page.newer) == (names[:-1], None)


def test_what_commissioners_may_not_have_takes_no_place_on_a_page(session: Session, world) -> None:
    """fault 44"""
    _make(session, world, 5)
    makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.COMMISSIONERS},
                      place="Hidden", told_at=makers.NOON + timedelta(days=9))
    page = _page(session, world)
    assert len(page.stories) == page.total == page.found == 5
    assert _places(session, world) == ["Northgate"]


def test_filters_find_what_a_story_has(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    makers.add_quote(session, makers.make_story(session, world.project, world.researcher, pseudonym="quote"))
    said = makers.make_story(session, world.project, world.researcher, pseudonym="said")
    makers.tag(session, theme, world.researcher,
               makers.add_excerpt(session, makers.add_recording(session, said), world.researcher))
    photo = makers.add_photo(session, makers.make_story(session, world.project, world.researcher, pseudonym="photo",
                                                        place="Harbour"))
    makers.tag(session, theme, world.researcher, photo)
    for only, found in (
        (StoryFilter(has=frozenset({Content.AUDIO})), {"said"}),
        (StoryFilter(has=frozenset({Content.AUDIO, Content.WORDS})), {"said"}),
        (StoryFilter(has=frozenset({Content.QUOTE})), {"quote"}),
        (StoryFilter(has=frozenset({Content.PHOTO})), {"photo"}),
        (StoryFilter(place="Harbour"), {"photo"}), (StoryFilter(theme_id=theme.id), {"said", "photo"}),
        (StoryFilter(theme_id=theme.id, place="Harbour", has=frozenset({Content.PHOTO})), {"photo"}),
        (StoryFilter(theme_id=theme.id, has=frozenset({Content.QUOTE})), set()), (StoryFilter(place="Nowhere"), set()),
    ):
        page = _page(session, world, only)
        assert set(_names(page)) == found, only
        assert (page.found, page.total) == (len(found), 3)


@pytest.mark.parametrize(("refused", "has"), [(Use.PHOTOS, Content.PHOTO), (Use.TRANSCRIBE, Content.WORDS),
                                             (Use.RECORD, Content.AUDIO)])
def test_what_was_refused_makes_no_story_pass_a_filter(session: Session, world, refused: Use, has: Content) -> None:
    """fault 44"""
    story = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {refused})
    theme = makers.make_theme(session, world.project)
    recording = makers.add_recording(session, story)
    for part in (makers.add_photo(session, story), makers.add_excerpt(session, recording, world.researcher)):
        makers.tag(session, theme, world.researcher, part)
    assert _page(session, world, StoryFilter(has=frozenset({has}))).stories == []
    by_theme = _page(session, world, StoryFilter(theme_id=theme.id)).stories
    assert len(by_theme) == 1, "the part that was agreed to still carries the theme"


def test_a_photo_whose_copy_is_not_made_yet_is_no_photo(session: Session, world) -> None:
    story = makers.make_story(session, world.project, world.researcher)
    makers.add_photo(session, story).derivative_sha256 = None
    assert _page(session, world, StoryFilter(has=frozenset({Content.PHOTO}))).stories == []


def test_places_are_offered_once_each_by_name(session: Session, world) -> None:
    for place in ("quay", "Harbour", "", "Ålesund", "Harbour", "Northgate"):
        makers.make_story(session, world.project, world.researcher, place=place)
    assert _places(session, world) == ["Harbour", "Northgate", "quay", "Ålesund"]


def test_too_many_places_are_not_offered_one_by_one(session: Session, world, monkeypatch) -> None:
    monkeypatch.setattr(story_list, "PLACES_OFFERED", 2)
    for place in ("a", "b"):
        makers.make_story(session, world.project, world.researcher, place=place)
    assert _places(session, world) == ["a", "b"]
    makers.make_story(session, world.project, world.researcher, place="c")
    assert _places(session, world) is None


def test_nobody_counts_further_than_is_shown(session: Session, world, monkeypatch) -> None:
    monkeypatch.setattr(turning, "COUNTED", ON_A_PAGE + 1)
    _make(session, world, ON_A_PAGE + 1)
    assert _page(session, world).total == ON_A_PAGE + 1
    _make(session, world, 1)
    assert (_page(session, world).total, _page(session, world, StoryFilter(place="Northgate")).found) == (None, None)


def test_a_page_reads_the_stories_on_it_and_no_others(session: Session, world) -> None:
    _make(session, world, ON_A_PAGE + 1)
    with counted(session) as for_two_pages:
        _page(session, world)
    _make(session, world, 2 * ON_A_PAGE)
    with counted(session) as for_four:
        page = _page(session, world)
    assert len(for_four) == len(for_two_pages)
    assert len(page.stories) == ON_A_PAGE


def test_no_question_goes_through_all_stories_of_a_project(session: Session, world) -> None:
    """Stories are found in their order or by their ids. SQLite plans by rules, so three tell as much as a million."""
    if session.get_bind().dialect.name != "sqlite":
        return
    _make(session, world, 3)
    with counted(session) as statements:
        _page(session, world)
    steps = {statement: _plan(session, statement) for statement in statements}
    assert not [step for plan in steps.values() for step in plan if step.startswith("SCAN story")]
    assert not [step for statement, plan in steps.items() for step in plan
                if "story.id IN" in statement and "(project_id=?" in step]
    in_order = [plan for statement, plan in steps.items() if statement.startswith("SELECT story.told_at, story.id")]
    assert in_order
    assert not [step for plan in in_order for step in plan if "TEMP B-TREE" in step]


def _plan(session: Session, statement: str) -> list[str]:
    values = ("x",) * statement.count("?")
    return [row[-1] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def test_only_people_who_browse_stories_get_a_page(session: Session, world) -> None:
    """fault 44"""
    elsewhere = makers.viewer_of(session, makers.make_person(session, makers.make_project(session, "Other"), *Role))
    for viewer in (world.board_member, world.analyst, elsewhere):
        with pytest.raises(NotFound):
            story_list.get_page(session, viewer, world.project.id, EVERYTHING, Turn())
