"""A person of the project chooses how much of a story is withdrawn, reads what goes and what stays, and does it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope
from server.domain.withdrawal_step import BACKUPS_KEPT
from server.models.audit import AuditEntry
from server.models.consent import Erasure, PartialWithdrawal, Withdrawal
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.models.work import Job
from server.services import anonymous_stories, withdrawal_steps
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def researcher(session: Session, project: Project) -> Person:
    return makers.make_person(session, project, Role.RESEARCHER, name="Wilhelmina")


@pytest.fixture
def story(session: Session, project: Project, researcher: Person) -> Story:
    story = makers.make_story(session, project, researcher, pseudonym="Amal", place="Northgate")
    recording = makers.add_recording(session, story)
    makers.add_excerpt(session, recording, researcher)
    makers.add_quote(session, story)
    makers.add_photo(session, story)
    session.commit()
    return story


WORDS = {
    Scope.NO_NEW_USE: ("Stop every use", "nothing is deleted", "Every use is stopped"),
    Scope.WORDS_ONLY: ("Remove voice, pictures and names", "is kept and shown to nobody",
                       "Voice, pictures and names are removed"),
    Scope.ANONYMOUS: ("Make it anonymous", "the month in which they were told", "The story is anonymous"),
    Scope.ERASE: ("Delete everything", "that there was a story", "The story is withdrawn"),
}


def test_what_was_done_to_a_story_is_not_offered_again(session: Session, sign_in_as: Callable[..., Browser],
                                                       project: Project, researcher: Person, story: Story) -> None:
    story_id = story.id
    browser, address = sign_in_as(researcher), f"/projects/{project.id}/register/{story_id}/withdraw"
    offered = re.compile(r'name="scope" type="radio" value="(\w+)"')
    assert offered.findall(browser.get(address).text) == list(Scope)
    browser.post(address, data={"scope": Scope.WORDS_ONLY.value})
    again = browser.get(address)
    assert_sound(again)
    assert offered.findall(again.text) == [Scope.NO_NEW_USE, Scope.ANONYMOUS, Scope.ERASE]
    browser.post(address, data={"scope": Scope.ANONYMOUS.value})
    session.expire_all()
    lives_on = session.query(Story).one().id
    administrator = sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))
    assert offered.findall(administrator.get(address.replace(story_id, lives_on)).text) == [
        Scope.NO_NEW_USE, Scope.ERASE]


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_is_chosen_explained_and_carried_out(session: Session, sign_in_as: Callable[..., Browser],
                                                     project: Project, researcher: Person, story: Story,
                                                     scope: Scope) -> None:
    browser, address = sign_in_as(researcher), f"/projects/{project.id}/register/{story.id}/withdraw"
    name, explained, done = WORDS[scope]
    choice = browser.get(address)
    assert_sound(choice)
    assert name in choice.text
    question = browser.get(f"{address}?asked=1&scope={scope.value}")
    assert_sound(question)
    assert explained in question.text
    assert ("This cannot be undone." in question.text) == (scope is not Scope.NO_NEW_USE)
    assert session.query(AuditEntry).filter_by(action="withdrew").count() == 0
    answer = browser.post(address, data={"scope": scope.value})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert_sound(page)
    assert done in page.text
    assert "Amal" not in page.text
    session.expire_all()
    found = [row.scope for owner in (Withdrawal, PartialWithdrawal) for row in session.query(owner)
             if row.story_id == story_id_of(address)]
    assert found == ([] if scope is Scope.NO_NEW_USE else [scope.value])


def story_id_of(address: str) -> str:
    return address.split("/")[-2]


@pytest.mark.parametrize("said", [{}, {"scope": ""}, {"scope": "a little"}])
def test_without_a_choice_nothing_is_withdrawn(session: Session, sign_in_as: Callable[..., Browser], project: Project,
                                               researcher: Person, story: Story, said: dict[str, str]) -> None:
    browser, address = sign_in_as(researcher), f"/projects/{project.id}/register/{story.id}/withdraw"
    for answer in (browser.post(address, data=said), browser.get(address, query_string={"asked": "1"} | said)):
        assert answer.status_code == 400
        assert_sound(answer)
        assert "Choose what they asked for." in answer.text
    assert session.query(Withdrawal).count() == session.query(PartialWithdrawal).count() == 0


def test_an_anonymous_story_is_in_the_register_as_nobodys(session: Session, sign_in_as: Callable[..., Browser],
                                                          project: Project, researcher: Person, story: Story) -> None:
    administrator = sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR, name="Ada"))
    mine, address = sign_in_as(researcher), f"/projects/{project.id}/register"
    mine.post(f"{address}/{story.id}/withdraw", data={"scope": "anonymous"})
    page = administrator.get(address)
    assert_sound(page)
    assert "Somebody" in page.text
    assert researcher.name not in page.text
    assert "Somebody" not in mine.get(address).text
    became = session.query(Withdrawal).one().became_id
    entry = administrator.get(f"{address}/{became}")
    assert_sound(entry)
    assert "1 May 2026" in entry.text


def test_until_when_the_passages_can_be_told_is_said_and_then_that_they_cannot(
        session: Session, sign_in_as: Callable[..., Browser], project: Project, researcher: Person,
        story: Story) -> None:
    mine, address = sign_in_as(researcher), f"/projects/{project.id}/register/{story.id}"
    mine.post(f"{address}/withdraw", data={"scope": "anonymous"})
    withdrawal_steps.settle(session, datetime.now(UTC))
    session.execute(delete(Job))
    session.execute(delete(Erasure))
    withdrawal_steps.settle(session, datetime.now(UTC))
    session.commit()
    day = (datetime.now(UTC) + BACKUPS_KEPT).strftime("%-d %B %Y")
    assert f"Until {day} Earshot can still tell" in mine.get(f"{address}/withdrawn/steps").text
    assert f"Earshot can still tell until {day}" in mine.get(f"{address}/withdrawn/receipt").text
    withdrawal_steps.settle(session, datetime.now(UTC) + BACKUPS_KEPT)
    anonymous_stories.forget_origins(session)
    session.commit()
    for page in ("steps", "receipt"):
        shown = mine.get(f"{address}/withdrawn/{page}")
        assert_sound(shown)
        assert "Earshot can no longer tell" in shown.text
        assert "can still tell" not in shown.text
