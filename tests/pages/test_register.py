"""The register, and recording a withdrawal."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.consent import Withdrawal
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from tests.makers import NOON, add_photo, add_quote, add_recording, make_person, make_project, make_story
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def researcher(session: Session, project: Project) -> Person:
    return make_person(session, project, Role.RESEARCHER, name="Sam")


@pytest.fixture
def story(session: Session, project: Project, researcher: Person) -> Story:
    story = make_story(session, project, researcher, pseudonym="Amal", place="Northgate")
    add_recording(session, story)
    add_photo(session, story)
    add_quote(session, story, "Nobody told us he had moved.")
    return story


def test_the_register_shows_no_word_of_a_story(sign_in_as, project: Project, researcher: Person, story: Story) -> None:
    answer = sign_in_as(researcher).get(f"/projects/{project.id}/register")
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert "Amal" in page
    assert "4 May 2026, <bdi>Northgate</bdi>" in page
    assert "1 recording, 1 photo, 1 quote" in page
    assert "Nobody told us" not in page
    assert "waited all night" not in page


def test_a_long_register_is_turned_and_searched(session: Session, sign_in_as, project: Project,
                                                researcher: Person) -> None:
    for number in range(23):
        make_story(session, project, researcher, pseudonym=f"Person {number:02}", place="Quay" if number else "Harbour",
                   told_at=NOON + timedelta(days=number))
    browser = sign_in_as(researcher)
    answer = browser.get(f"/projects/{project.id}/register")
    assert_sound(answer)
    assert "Older stories" in answer.text
    assert "Person 22" in answer.text
    assert "Person 02" not in answer.text
    older = html.unescape(re.findall(r'href="([^"]*older=[^"]*)"', answer.text)[0])
    assert "Person 02" in browser.get(older).text
    found = browser.get(f"/projects/{project.id}/register?search=harb")
    assert_sound(found)
    assert "1 story has “<bdi>harb</bdi>”" in found.text
    assert "Person 00" in found.text
    nothing = browser.get(f"/projects/{project.id}/register?search=%3Cb%3E")
    assert_sound(nothing)
    assert "No story has that name or place" in nothing.text
    assert "&lt;b&gt;" in nothing.text
    assert browser.get(f"/projects/{project.id}/register?search=%00&older=x").status_code == 200


def test_an_empty_register_says_when_stories_come(sign_in_as, project: Project, researcher: Person) -> None:
    answer = sign_in_as(researcher).get(f"/projects/{project.id}/register")
    assert_sound(answer)
    assert "No stories here yet" in answer.get_data(as_text=True)


def test_a_withdrawal_is_asked_about_recorded_and_confirmed(session: Session, sign_in_as, project: Project,
                                                            researcher: Person, story: Story) -> None:
    browser, story_id = sign_in_as(researcher), story.id
    address = f"/projects/{project.id}/register/{story_id}/withdraw"
    choice = browser.get(address)
    assert_sound(choice)
    assert "What did they ask for?" in choice.get_data(as_text=True)
    question = browser.get(f"{address}?scope=erase")
    assert_sound(question)
    assert "This cannot be undone." in question.get_data(as_text=True)
    assert session.query(Withdrawal).count() == 0
    answer = browser.post(address, data={"reason": "They asked", "scope": "erase"})
    assert answer.status_code == 303
    confirmed = browser.get(answer.location)
    assert_sound(confirmed)
    page = confirmed.get_data(as_text=True)
    assert "The story is withdrawn" in page
    assert "Amal" not in page
    assert session.query(Withdrawal).one().reason == "They asked"
    assert session.query(Story).filter_by(id=story_id).count() == 0


def test_pressing_the_button_twice_changes_nothing(session: Session, sign_in_as, project: Project,
                                                   researcher: Person, story: Story) -> None:
    browser = sign_in_as(researcher)
    address = f"/projects/{project.id}/register/{story.id}/withdraw"
    first, second = (browser.post(address, data={"scope": "erase"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert session.query(Withdrawal).count() == 1


def test_a_researcher_cannot_withdraw_what_somebody_else_collected(session: Session, sign_in_as, project: Project,
                                                                   story: Story) -> None:
    browser = sign_in_as(make_person(session, project, Role.RESEARCHER))
    address = f"/projects/{project.id}/register/{story.id}/withdraw"
    assert "Amal" not in browser.get(f"/projects/{project.id}/register").get_data(as_text=True)
    assert browser.get(address).status_code == 404
    assert browser.post(address, data={"scope": "erase"}).status_code == 404
    assert session.query(Withdrawal).count() == 0


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.ANALYST, Role.BOARD_MEMBER])
def test_other_roles_find_no_register(session: Session, sign_in_as, project: Project, story: Story,
                                      role: Role) -> None:
    browser = sign_in_as(make_person(session, project, role))
    address = f"/projects/{project.id}/register"
    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}/{story.id}/withdraw", data={"scope": "erase"}).status_code == 404


def test_a_story_that_was_not_withdrawn_has_no_confirmation(sign_in_as, project: Project, researcher: Person,
                                                            story: Story) -> None:
    assert sign_in_as(researcher).get(f"/projects/{project.id}/register/{story.id}/withdrawn").status_code == 404
