"""Where themes stand, and whether they are in use."""

import pytest
from sqlalchemy.orm import Session

from server.domain.errors import Invalid, NotFound
from server.domain.theme import ThemeText
from server.domain.theme_change import ThemeChangeKind
from server.services import codebook, phone_projects, taggings, theme_history, theme_list, theme_moves, themes
from server.services.taggings import Part
from server.services.theme_list import Wanted
from tests import makers


@pytest.fixture
def world(session: Session, world):
    def make(name: str, parent: str | None = None) -> str:
        return themes.create(session, world.commissioner, world.project.id, ThemeText(name), parent)

    world.waiting, world.beds = make("Waiting"), make("Beds")
    world.nights = make("Nights", world.waiting)
    world.names = lambda: [(node.depth, node.name) for node in codebook.tree(session, world.project.id)]
    world.part = Part("quote", makers.add_quote(
        session, makers.make_story(session, world.project, world.researcher)).id)
    return world


def test_themes_stand_by_name_until_somebody_puts_them_in_an_order(session: Session, world) -> None:
    assert world.names() == [(0, "Beds"), (0, "Waiting"), (1, "Nights")]
    theme_moves.shift(session, world.commissioner, world.waiting, up=True)
    assert world.names() == [(0, "Waiting"), (1, "Nights"), (0, "Beds")]
    themes.create(session, world.commissioner, world.project.id, ThemeText("Arriving"))
    assert world.names()[-1] == (0, "Arriving")
    theme_moves.shift(session, world.commissioner, world.waiting, up=True)
    assert world.names()[0] == (0, "Waiting")


def test_a_theme_moves_with_all_that_is_under_it_and_never_under_itself(session: Session, world) -> None:
    theme_moves.move(session, world.commissioner, world.waiting, world.beds)
    assert world.names() == [(0, "Beds"), (1, "Waiting"), (2, "Nights")]
    for parent in (world.waiting, world.nights):
        with pytest.raises(Invalid, match="under itself"):
            theme_moves.move(session, world.commissioner, world.waiting, parent)
    theme_moves.move(session, world.commissioner, world.nights, None)
    assert world.names() == [(0, "Beds"), (1, "Waiting"), (0, "Nights")]
    assert codebook.descendants(session, world.beds) == {world.beds, world.waiting}


def test_it_moves_to_no_theme_of_another_project(session: Session, world) -> None:
    foreign = makers.make_theme(session, makers.make_project(session, "Another project"), "Foreign")
    with pytest.raises(NotFound):
        theme_moves.move(session, world.commissioner, world.waiting, foreign.id)


def test_a_retired_theme_keeps_what_it_is_on_and_is_put_on_nothing_more(session: Session, world) -> None:
    taggings.add(session, world.commissioner, world.part, [world.waiting])
    theme_moves.retire(session, world.commissioner, world.waiting)
    assert world.names() == [(0, "Beds"), (0, "Nights")]
    with pytest.raises(Invalid, match="not used any more"):
        taggings.add(session, world.commissioner, world.part, [world.waiting])
    with pytest.raises(Invalid, match="not used any more"):
        taggings.add(session, world.commissioner, world.part, [], "waiting")
    _theme, page = themes.get_tagged(session, world.commissioner, world.waiting)
    assert [part.id for part in page.parts] == [world.part.id]
    phones = phone_projects.list_codebook(session, world.project.id)
    assert [theme.name for theme in phones] == ["Beds", "Nights"]
    theme_moves.bring_back(session, world.commissioner, world.waiting)
    taggings.add(session, world.commissioner, world.part, [world.waiting])
    assert world.names() == [(0, "Beds"), (0, "Waiting"), (1, "Nights")]


def test_a_retired_theme_is_the_teams_alone(session: Session, world) -> None:
    for theme_id in (world.waiting, world.nights):
        taggings.add(session, world.commissioner, world.part, [theme_id])
    theme_moves.retire(session, world.commissioner, world.waiting)
    for viewer in (world.board_member, world.analyst):
        with pytest.raises(NotFound):
            themes.get_tagged(session, viewer, world.waiting)
        page = theme_list.get_page(session, viewer, world.project.id, Wanted(retired=True))
        assert [(entry.node.depth, entry.name) for entry in page.entries] == [(0, "Nights")]
        _theme, found = themes.get_tagged(session, viewer, world.nights)
        assert [[theme.name for theme in part.themes] for part in found.parts] == [["Nights"]]
    page = theme_list.get_page(session, world.commissioner, world.project.id, Wanted())
    assert ([entry.name for entry in page.entries], page.retired) == (["Beds", "Nights"], 1)


def test_nobody_else_moves_or_retires_a_theme(session: Session, world) -> None:
    for viewer in (world.board_member, world.analyst, makers.viewer_of(session, world.researcher)):
        for act in (lambda v: theme_moves.move(session, v, world.waiting, None),
                    lambda v: theme_moves.shift(session, v, world.waiting, up=True),
                    lambda v: theme_moves.retire(session, v, world.waiting),
                    lambda v: theme_moves.bring_back(session, v, world.waiting)):
            with pytest.raises(NotFound):
                act(viewer)


def test_the_history_says_who_did_what(session: Session, world) -> None:
    themes.change(session, world.commissioner, world.waiting, ThemeText("Waits", kind="need", colour="teal"), 1)
    theme_moves.move(session, world.commissioner, world.waiting, world.beds)
    theme_moves.retire(session, world.commissioner, world.waiting)
    found = theme_history.list_changes(session, world.waiting)
    assert [change.kind for change in found] == [ThemeChangeKind.RETIRED, ThemeChangeKind.MOVED,
                                                 ThemeChangeKind.CHANGED, ThemeChangeKind.MADE]
    assert {change.by for change in found} == {"Sam Okoro"}
    assert (found[1].before, found[1].after) == ({"parent": ""}, {"parent": "Beds"})
    assert (found[2].before, found[2].after) == ({"name": "Waiting", "kind": "", "colour": ""},
                                                 {"name": "Waits", "kind": "need", "colour": "teal"})


def test_the_list_comes_in_pages_of_whole_branches_and_finds_by_name(session: Session, world) -> None:
    for number in range(110):
        makers.make_theme(session, world.project, f"Theme {number:03}")
    first = theme_list.get_page(session, world.commissioner, world.project.id, Wanted())
    assert (len(first.entries), first.found, first.has_previous) == (100, 113, False)
    second = theme_list.get_page(session, world.commissioner, world.project.id, Wanted(), first.next or "")
    assert (second.next, second.has_previous, second.previous) == (None, True, None)
    assert len({entry.theme_id for entry in (*first.entries, *second.entries)}) == 113
    assert [entry.name for entry in second.entries][-2:] == ["Waiting", "Nights"]
    found = theme_list.get_page(session, world.commissioner, world.project.id, Wanted(name="NIGHT"))
    assert [(entry.name, entry.node.above) for entry in found.entries] == [("Nights", ("Waiting",))]
