"""What an analyst carries away."""

import csv
import io

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from tests import makers


@pytest.fixture
def world(session: Session):
    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        analyst = makers.make_person(session, project, Role.ANALYST)
        story = makers.make_story(session, project, researcher)
        quote = makers.add_quote(session, story, "Nobody told us.")
        excerpt = makers.add_excerpt(session, makers.add_recording(session, story), researcher)
        theme = makers.make_theme(session, project, "Being told")
        private = makers.make_story(session, project, researcher, uses=makers.ALL_USES - {Use.PUBLICATION},
                                    pseudonym="Bo")

    makers.tag(session, World.theme, World.researcher, World.quote)
    makers.add_quote(session, World.private, "Not for print.")
    session.commit()
    return World


@pytest.fixture
def analyst(world, sign_in_as):
    return sign_in_as(world.analyst)


def rows(browser, world, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/projects/{world.project.id}/exports/quotes.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_file_holds_every_quote_and_excerpt_that_may_be_published(world, analyst) -> None:
    assert {(row["kind"], row["text"]) for row in rows(analyst, world)} == {
        ("quote", "Nobody told us."), ("excerpt", "waited all night")}


def test_the_file_can_be_of_one_theme_and_the_page_says_what_that_leaves_out(world, analyst) -> None:
    query = f"?theme={world.theme.id}"
    assert [row["themes"] for row in rows(analyst, world, query)] == ["Being told"]
    page = analyst.get(f"/projects/{world.project.id}/exports{query}").text
    assert "1 left out by the theme" in page
    assert "Not for print." not in page


def test_a_theme_that_holds_nothing_for_print_is_not_named(world, session, analyst) -> None:
    theme = makers.make_theme(session, world.project, "What Bo alone said")
    makers.tag(session, theme, world.researcher, makers.add_quote(session, world.private, "Bo said this."))
    session.commit()
    page = analyst.get(f"/projects/{world.project.id}/exports").text
    assert "Being told" in page
    assert "What Bo alone said" not in page


def test_consent_is_asked_again_at_each_download(world, session, analyst) -> None:
    """fault 45"""
    makers.record_consent(session, world.project, world.researcher, world.story.id,
                          makers.ALL_USES - {Use.PUBLICATION})
    session.commit()
    assert rows(analyst, world) == []
    page = analyst.get(f"/projects/{world.project.id}/exports").text
    assert "nothing to export yet" in page
    assert "Excerpts come once somebody has listened to all of their words." in page


def test_nobody_but_an_analyst_of_the_project_gets_the_file(world, session, sign_in_as) -> None:
    elsewhere = makers.make_project(session, "Another project")
    for person in (world.researcher, makers.make_person(session, elsewhere, Role.ANALYST)):
        browser = sign_in_as(person)
        assert browser.get(f"/projects/{world.project.id}/exports").status_code == 404
        assert browser.get(f"/projects/{world.project.id}/exports/quotes.csv").status_code == 404
