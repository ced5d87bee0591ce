"""Agreement on its page: for commissioners of a project that wants it, by numbers in words and links to differences."""

import re
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.pages.agreement import of_hundred, two_places
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        ada = makers.make_person(session, project, Role.COMMISSIONER, name="Ada")
        ben = makers.make_person(session, project, Role.COMMISSIONER, name="Ben")
        quote = makers.add_quote(session, makers.make_story(session, project, researcher), "nobody told us then")
        other = makers.add_quote(session, makers.make_story(session, project, researcher), "it was cold at night there")
        care, nights = makers.make_theme(session, project, "Care"), makers.make_theme(session, project, "Nights")

    world = World()
    for person in (world.ada, world.ben):
        makers.tag(session, world.care, person, world.quote)
        makers.tag(session, world.care, person, world.other)
    makers.tag(session, world.nights, world.ada, world.other)
    session.commit()
    world.browser = sign_in_as(world.ada)
    world.administrator = sign_in_as(makers.make_person(session, world.project, Role.ADMINISTRATOR))
    world.page = f"/projects/{world.project.id}/agreement"
    world.both = f"{world.page}?first={world.ada.id}&second={world.ben.id}"
    world.switch = f"/projects/{world.project.id}/settings/agreement"
    return world


def test_an_administrator_turns_it_on_and_off_and_commissioners_find_it_beside_the_themes(session: Session,
                                                                                        world) -> None:
    off = world.browser.get(world.both)
    assert_sound(off)
    assert "does not measure agreement" in off.text
    assert "Kappa" not in off.text
    assert world.browser.post(world.switch, data={"wanted": "on"}).status_code == 404
    assert world.administrator.post(world.switch, data={"wanted": "on"}).status_code == 303
    settings = world.administrator.get(f"/projects/{world.project.id}/settings")
    assert_sound(settings)
    assert "This project measures how far two people agree" in settings.text
    assert world.page in world.browser.get(f"/projects/{world.project.id}/themes").text
    world.administrator.post(world.switch, data={"wanted": "off"})
    assert world.page not in world.browser.get(f"/projects/{world.project.id}/themes").text


def test_two_people_are_compared_by_theme_and_in_words(session: Session, world) -> None:
    world.administrator.post(world.switch, data={"wanted": "on"})
    chosen = world.browser.get(world.page)
    assert_sound(chosen)
    assert "Ben" in chosen.text
    page = world.browser.get(world.both)
    assert_sound(page)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    assert "10 words in 2 stories" in text
    assert "Care The same 100 % Kappa Cannot be said: both put it everywhere" in text
    assert "Nights : see where they differ The same 40 % Kappa 0.00, slight By both 0 By Ada alone 6" in text
    assert "Landis and Koch, 1977" in text
    differing = world.browser.get(f"{world.both}&theme={world.nights.id}")
    assert_sound(differing)
    assert "it was cold at night there" in differing.text
    assert f"/stories/{world.other.story_id}#quote-{world.other.id}" in differing.text
    assert f"quote-{world.quote.id}" not in differing.text


def test_one_person_twice_or_somebody_unknown_is_answered_with_what_to_do(session: Session, world) -> None:
    world.administrator.post(world.switch, data={"wanted": "on"})
    twice = world.browser.get(f"{world.page}?first={world.ada.id}&second={world.ada.id}")
    assert twice.status_code == 422
    assert 'href="#second"' in twice.text
    assert_sound(twice)
    assert world.browser.get(f"{world.page}?first={world.ada.id}&second={world.researcher.id}").status_code == 404
    assert world.browser.get(f"{world.both}&theme=nothing").status_code == 200


def test_numbers_say_what_they_are() -> None:
    assert [two_places(Fraction(number, 1000)) for number in (400, -250, -1, 1000)] == ["0.40", "−0.25", "0.00", "1.00"]
    shares = (Fraction(0), Fraction(1, 1000), Fraction(7, 10), Fraction(999, 1000), Fraction(1))
    assert [of_hundred(share) for share in shares] == ["0 %", "under 1 %", "70 %", "over 99 %", "100 %"]
