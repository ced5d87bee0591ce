"""The codebook, and who sees what of it."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer, browses_as
from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.domain.theme import ThemeText
from server.services import theme_list, themes
from server.services.tagged import ThemeEntry
from server.services.theme_list import Wanted
from tests import makers


def _tagged_quote(session: Session, world, theme, uses=makers.ALL_USES, text: str = "Nobody told us.") -> None:
    story = makers.make_story(session, world.project, world.researcher, uses=uses)
    makers.tag(session, theme, world.researcher, makers.add_quote(session, story, text))


def _entries(session: Session, viewer: Viewer, world) -> list[ThemeEntry]:
    return theme_list.get_page(session, viewer, world.project.id, Wanted()).entries


def test_two_names_that_differ_only_in_case_are_one_theme(session: Session, world) -> None:
    themes.create(session, world.commissioner, world.project.id, ThemeText("Waiting"))
    with pytest.raises(Invalid) as refusal:
        themes.create(session, world.commissioner, world.project.id, ThemeText(" WAITING "))
    assert "name" in refusal.value.fields
    assert [theme.name for theme in themes.list_themes(session, world.commissioner, world.project.id)] == ["Waiting"]


def test_the_same_name_may_be_used_in_another_project(session: Session, world) -> None:
    elsewhere = makers.make_project(session, "Another project")
    other = makers.viewer_of(session, makers.make_person(session, elsewhere, Role.COMMISSIONER))
    themes.create(session, world.commissioner, world.project.id, ThemeText("Waiting"))
    themes.create(session, other, elsewhere.id, ThemeText("Waiting"))
    assert len(themes.list_themes(session, other, elsewhere.id)) == 1


def test_a_theme_can_be_renamed_described_and_change_only_its_case(session: Session, world) -> None:
    theme_id = themes.create(session, world.commissioner, world.project.id, ThemeText("waiting"))
    themes.change(session, world.commissioner, theme_id, ThemeText("Waiting", "Long nights."), 1)
    theme, _tagged = themes.get_tagged(session, world.commissioner, theme_id)
    assert (theme.name, theme.description) == ("Waiting", "Long nights.")


def test_a_theme_cannot_take_the_name_of_another(session: Session, world) -> None:
    themes.create(session, world.commissioner, world.project.id, ThemeText("Waiting"))
    other = themes.create(session, world.commissioner, world.project.id, ThemeText("Nights"))
    with pytest.raises(Invalid):
        themes.change(session, world.commissioner, other, ThemeText("waiting"), 1)
    assert themes.get_tagged(session, world.commissioner, other)[0].name == "Nights"


def test_finding_a_theme_by_name_makes_it_once(session: Session, world) -> None:
    first = themes.find_or_create(session, world.commissioner, world.project.id, "Waiting")
    assert themes.find_or_create(session, world.commissioner, world.project.id, "waiting ") == first


def test_a_board_member_counts_only_what_is_cleared_for_boards(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    _tagged_quote(session, world, theme)
    _tagged_quote(session, world, theme, makers.ALL_USES - {Use.BOARD}, "Not for the board.")
    assert [tagged.count for tagged in _entries(session, world.commissioner, world)] == [2]
    assert [tagged.count for tagged in _entries(session, world.board_member, world)] == [1]


def test_a_board_member_is_not_told_of_a_theme_that_holds_nothing_for_boards(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    _tagged_quote(session, world, theme, makers.ALL_USES - {Use.BOARD})
    assert _entries(session, world.board_member, world) == []
    with pytest.raises(NotFound):
        themes.get_tagged(session, world.board_member, theme.id)


def test_somebody_with_both_roles_browses_as_a_commissioner(session: Session, world) -> None:
    person = makers.make_person(session, world.project, Role.COMMISSIONER, Role.BOARD_MEMBER)
    viewer = makers.viewer_of(session, person)
    assert browses_as(viewer, world.project.id) is Audience.COMMISSIONERS


def test_board_members_and_analysts_change_no_theme(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    for viewer in (world.board_member, world.analyst):
        with pytest.raises(NotFound):
            themes.create(session, viewer, world.project.id, ThemeText("Nights"))
        with pytest.raises(NotFound):
            themes.change(session, viewer, theme.id, ThemeText("Nights"), 1)
    researcher = makers.viewer_of(session, makers.make_person(session, world.project, Role.RESEARCHER))
    with pytest.raises(NotFound):
        _entries(session, researcher, world)
