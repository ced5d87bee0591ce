"""Whoever shares something further is told what could point at one family, and says that they looked."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience
from server.services import clearing, reidentification
from tests import makers
from tests.conftest import Browser
from tests.pages.looking import looked_in, open_to_board


@pytest.fixture
def place(session: Session, sign_in_as) -> SimpleNamespace:
    """A quote that nobody else could have said, tagged, beside five stories that are like each other."""
    project = makers.make_project(session)
    people = {role: makers.make_person(session, project, role, name=role.value) for role in Role}
    theme = makers.make_theme(session, project, "Night")
    for _ in range(5):
        makers.make_story(session, project, people[Role.RESEARCHER], place="Northgate")
    story = makers.make_story(session, project, people[Role.RESEARCHER], place="Mossley")
    quote = makers.add_quote(session, story, "Then Siobhan the beekeeper came.")
    makers.tag(session, theme, people[Role.COMMISSIONER], quote)
    viewer = makers.viewer_of(session, people[Role.COMMISSIONER])
    reidentification.keep(session, viewer, clearing.get_quote(session, viewer, quote.id, Audience.COMMISSIONERS))
    session.commit()
    return SimpleNamespace(project=project, quote=quote, theme=theme,
                           browsers={role: sign_in_as(person) for role, person in people.items()})


def test_the_team_is_told_what_is_rare_together_and_how_to_change_it(place) -> None:
    page = place.browsers[Role.COMMISSIONER].get(f"/projects/{place.project.id}/look-first").text
    assert "Siobhan" in page
    assert "the place Mossley" in page
    assert f"/stories/{place.quote.story_id}/withheld" in page
    assert "I have looked at this" in page


def test_what_somebody_looked_at_is_not_listed_any_more_and_says_who_did(place) -> None:
    browser: Browser = place.browsers[Role.COMMISSIONER]
    listed, address = f"/projects/{place.project.id}/look-first", f"/quotes/{place.quote.id}/one-family"
    answer = browser.post(address, data={"looked": looked_in(browser.get(listed).text), "next": listed})
    assert answer.location == listed
    assert "Siobhan" not in browser.get(listed).text
    assert "<bdi>commissioner</bdi> looked at this" in browser.get(address).text


def test_a_part_of_another_page_is_just_what_warns(place) -> None:
    only = place.browsers[Role.COMMISSIONER].get(f"/quotes/{place.quote.id}/one-family?only=1").text
    assert "<html" not in only
    assert "Siobhan" in only


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_nobody_else_is_told(place, role: Role) -> None:
    browser = place.browsers[role]
    assert browser.get(f"/projects/{place.project.id}/look-first").status_code == 404
    assert browser.get(f"/quotes/{place.quote.id}/one-family").status_code == 404


def test_a_form_that_makes_no_sense_is_refused_in_words(place) -> None:
    answer = place.browsers[Role.COMMISSIONER].post(f"/quotes/{place.quote.id}/one-family", data={"looked": "nonsense"})
    assert answer.status_code == 422


def test_a_provocation_is_opened_once_somebody_has_looked(place) -> None:
    browser = place.browsers[Role.COMMISSIONER]
    made = browser.post(f"/projects/{place.project.id}/provocations/new", data={"question": "Who came?"}).location
    address = made.removesuffix("/arrange")
    browser.post(f"{address}/evidence", data={"kind": "quote", "part": place.quote.id})
    asked = browser.post(f"{address}/publish")
    assert "Siobhan" in asked.text
    assert place.browsers[Role.BOARD_MEMBER].get(address).status_code == 404
    open_to_board(browser, address)
    assert "Siobhan" in place.browsers[Role.BOARD_MEMBER].get(address).text
    assert browser.post(f"{address}/publish").status_code == 303, "nothing has changed since"


def test_an_analyst_looks_before_the_file_is_offered(place) -> None:
    browser, address = place.browsers[Role.ANALYST], f"/projects/{place.project.id}/exports"
    page = browser.get(address).text
    assert "the place Mossley" in page
    assert "Download as CSV" not in page
    browser.post(f"{address}/looked", data={"looked": looked_in(page)})
    assert "Download as CSV" in browser.get(address).text


def test_the_page_of_an_excerpt_or_story_tells_it_beside_what_it_is_about(place) -> None:
    assert "Siobhan" in place.browsers[Role.COMMISSIONER].get(f"/stories/{place.quote.story_id}").text.split(
        "Look at this before others see it")[1]
