"""Themes on pages: the codebook, a theme's page, and tagging."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        story = makers.make_story(session, project, researcher)
        quote = makers.add_quote(session, story)

    world = World()
    world.commissioner = sign_in_as(makers.make_person(session, world.project, Role.COMMISSIONER))
    world.board_member = sign_in_as(makers.make_person(session, world.project, Role.BOARD_MEMBER))
    world.address = f"/projects/{world.project.id}/themes"
    return world


def test_without_themes_the_page_says_what_they_are(world) -> None:
    page = world.commissioner.get(world.address)
    assert_sound(page)
    assert "There are no themes yet" in page.text
    assert "There is nothing to browse yet" in world.board_member.get(world.address).text


def test_a_commissioner_adds_and_changes_a_theme(session: Session, world) -> None:
    answer = world.commissioner.post(world.address, data={"name": "Waiting", "description": "Long nights"})
    assert answer.status_code == 303
    page = world.commissioner.get(answer.location).text
    assert "The theme is in the list." in page
    theme = session.query(makers.Theme).one()
    change = f"/themes/{theme.id}/change"
    assert_sound(world.commissioner.get(change))
    world.commissioner.post(change, data={"name": "Waiting at night", "description": "", "version": "1"})
    assert "Waiting at night" in world.commissioner.get(f"/themes/{theme.id}").text


def test_a_name_that_is_taken_or_too_long_is_refused_beside_its_field(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project, "Waiting")
    other = makers.make_theme(session, world.project, "Nights")
    session.commit()
    for name in ("WAITING", "x" * 81, " "):
        for address in (world.address, f"/themes/{other.id}/change"):
            typed = {"name": name, "description": "Kept as typed", "version": "1"}
            answer = world.commissioner.post(address, data=typed)
            assert answer.status_code == 422
            assert_sound(answer)
            assert "Kept as typed" in answer.text
            assert "There is a problem" in answer.text
    assert theme.name == "Waiting"


def test_a_board_member_reads_themes_and_changes_none(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project, "Waiting")
    makers.tag(session, theme, world.researcher, world.quote)
    session.commit()
    page = world.board_member.get(f"/themes/{theme.id}")
    assert_sound(page)
    assert "Nobody told us he had moved." in page.text
    assert "Change" not in page.text
    assert world.story.id not in page.text
    assert world.board_member.post(world.address, data={"name": "Nights"}).status_code == 404
    assert world.board_member.get(f"/themes/{theme.id}/change").status_code == 404
    assert world.board_member.post(f"/quotes/{world.quote.id}/themes").status_code == 404


def test_counts_are_of_what_this_person_may_have(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project, "Waiting")
    makers.tag(session, theme, world.researcher, world.quote)
    closed = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.BOARD})
    makers.tag(session, theme, world.researcher, makers.add_quote(session, closed, "Not for the board"))
    session.commit()
    assert "2 quotes" in world.commissioner.get(world.address).text
    assert "1 quote<" in world.board_member.get(world.address).text
    assert "Not for the board" not in world.board_member.get(f"/themes/{theme.id}").text


def test_the_boxes_ticked_become_the_themes_of_quotes_photos_and_excerpts(session: Session, world) -> None:
    waiting, nights = (makers.make_theme(session, world.project, name) for name in ("Waiting", "Nights"))
    photo = makers.add_photo(session, world.story)
    excerpt = makers.add_excerpt(session, makers.add_recording(session, world.story), world.researcher)
    session.commit()
    for kind, part in (("quote", world.quote), ("photo", photo), ("excerpt", excerpt)):
        address = f"/{kind}s/{part.id}/themes"
        assert world.commissioner.post(address, data={"theme": [waiting.id, nights.id]}).status_code == 303
        answer = world.commissioner.post(address, data={"seen": [waiting.id, nights.id], "theme": [nights.id]})
        place = "passage" if kind == "excerpt" else kind
        assert answer.location == f"/stories/{world.story.id}#{place}-{part.id}"
    assert "1 excerpt, 1 quote, 1 photo" in world.commissioner.get(f"/themes/{nights.id}").text
    assert "Nothing has this theme yet" in world.commissioner.get(f"/themes/{waiting.id}").text


def test_saving_themes_leads_back_to_our_own_pages_only(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    session.commit()
    address = f"/quotes/{world.quote.id}/themes"
    assert world.commissioner.post(address, data={"next": f"/themes/{theme.id}"}).location == f"/themes/{theme.id}"
    assert world.commissioner.post(address, data={"next": "//evil.example"}).location.startswith("/stories/")


def test_markup_in_a_theme_is_shown_as_text(session: Session, world) -> None:
    """fault 42"""
    world.commissioner.post(world.address, data={"name": "<b>Night</b> {{7*7}}", "description": "<script>1</script>"})
    theme = session.query(makers.Theme).one()
    makers.tag(session, theme, world.researcher, world.quote)
    session.commit()
    for address in (world.address, f"/themes/{theme.id}", f"/themes/{theme.id}/change", f"/stories/{world.story.id}"):
        page = world.commissioner.get(address)
        assert_sound(page)
        assert "&lt;b&gt;Night&lt;/b&gt; {{7*7}}" in page.text


def test_nobody_else_opens_a_theme(session: Session, world, sign_in_as) -> None:
    """fault 44"""
    theme = makers.make_theme(session, world.project)
    makers.tag(session, theme, world.researcher, world.quote)
    elsewhere = makers.make_project(session, "Another project")
    people = [makers.make_person(session, elsewhere, *Role),
              makers.make_person(session, world.project, Role.RESEARCHER, Role.ADMINISTRATOR)]
    for browser in [sign_in_as(person) for person in people]:
        for address in (world.address, f"/themes/{theme.id}", f"/themes/{theme.id}/change"):
            assert browser.get(address).status_code == 404
