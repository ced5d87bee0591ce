"""What an administrator is told of stories that go, and of consent that ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.sync import receipt_code_hash
from server.models.consent import ConsentRecord, Embargo
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.services import consents, retention
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

YEAR = timedelta(days=366)


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def researcher(session: Session, project: Project) -> Person:
    return makers.make_person(session, project, Role.RESEARCHER)


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as: Callable[..., Browser]) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def told(session: Session, project: Project, researcher: Person, days_ago: int, name: str) -> Story:
    return makers.make_story(session, project, researcher, pseudonym=name,
                             told_at=datetime.now(UTC) - timedelta(days=days_ago))


def keep_for_a_year(session: Session, project: Project) -> None:
    project.retention_months, project.retention_set_at = 12, datetime.now(UTC) - YEAR
    session.commit()


def test_it_says_how_long_and_can_be_changed(administrator: Browser, project: Project) -> None:
    address = f"/projects/{project.id}/settings/retention"
    page = administrator.get(address)
    assert_sound(page)
    for words in ("kept for good", "No story is to be deleted", "No consent ends", "Nothing yet"):
        assert words in page.text
    saved = administrator.post(address, data={"months": "24", "version": "1"}, follow_redirects=True)
    assert_sound(saved)
    assert "No story is deleted because of it in the next 30 days." in saved.text
    assert "kept for 24 months after it was told" in saved.text
    assert "kept for 24 months" in administrator.get(f"/projects/{project.id}/settings").text


def test_what_will_not_do_comes_back_with_what_to_write(administrator: Browser, project: Project) -> None:
    answer = administrator.post(f"/projects/{project.id}/settings/retention", data={"months": "<i>5", "version": "1"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "from 1 to 1,200" in answer.text
    assert "&lt;i&gt;5" in answer.text


def test_two_who_change_it_see_both(administrator: Browser, project: Project) -> None:
    """fault 25"""
    address = f"/projects/{project.id}/settings/retention"
    administrator.post(address, data={"months": "24", "version": "1"})
    answer = administrator.post(address, data={"months": "36", "version": "1"})
    assert answer.status_code == 412
    assert_sound(answer)
    assert "Months to keep a story" in answer.text


def test_an_administrator_is_warned_at_home_and_in_the_register(
        administrator: Browser, project: Project, session: Session, researcher: Person,
        sign_in_as: Callable[..., Browser]) -> None:
    told(session, project, researcher, 350, "Rosalind")
    told(session, project, researcher, 3, "Newcomer")
    keep_for_a_year(session, project)
    for address in ("/", f"/projects/{project.id}/register"):
        page = administrator.get(address)
        assert_sound(page)
        assert "1 story is to be deleted soon" in page.text
        for_others = sign_in_as(researcher).get(address)
        assert for_others.status_code == 200
        assert "to be deleted" not in for_others.text
    listed = administrator.get(f"/projects/{project.id}/settings/retention")
    assert_sound(listed)
    assert "Rosalind" in listed.text
    assert "Newcomer" not in listed.text


def test_one_that_is_held_back_says_so(administrator: Browser, project: Project, session: Session,
                                       researcher: Person) -> None:
    story = told(session, project, researcher, 400, "Rosalind")
    session.add(Embargo(id=new_id(), story_id=story.id, project_id=project.id, reason="Zebra", put_at=makers.NOON))
    keep_for_a_year(session, project)
    page = administrator.get(f"/projects/{project.id}/settings/retention").text
    assert "it goes when it is no longer held back" in page
    assert "Zebra" not in page


def test_consent_that_has_ended_says_until_when_the_story_is_kept(
        administrator: Browser, project: Project, session: Session, researcher: Person) -> None:
    story = told(session, project, researcher, 100, "Rosalind")
    record = session.query(ConsentRecord).filter_by(story_id=story.id).one()
    record.until = {use: (datetime.now(UTC) - timedelta(days=1)).isoformat() for use in record.answers}
    session.flush()
    consents.decide_again(session, story.id)
    keep_for_a_year(session, project)
    page = administrator.get(f"/projects/{project.id}/settings/retention")
    assert_sound(page)
    assert "Nobody can see this story any more. Ask again, or it is kept until" in page.text
    assert "1 story has consent that ends soon or has ended" in administrator.get("/").text


def test_what_has_gone_is_counted_by_the_day(administrator: Browser, project: Project, session: Session,
                                             researcher: Person) -> None:
    story = told(session, project, researcher, 400, "Rosalind")
    keep_for_a_year(session, project)
    assert retention.dispose(session, story.id)
    session.commit()
    page = administrator.get(f"/projects/{project.id}/settings/retention")
    assert_sound(page)
    assert ": 1 story</li>" in page.text
    assert "Rosalind" not in page.text


def test_the_receipt_says_that_its_time_was_over_and_not_that_somebody_withdrew(
        client: Browser, project: Project, session: Session, researcher: Person) -> None:
    story = told(session, project, researcher, 400, "Rosalind")
    code = "0123456789ABCDEFGHJKMNPQRS"
    story.receipt_code_hash = receipt_code_hash(code)
    keep_for_a_year(session, project)
    assert retention.dispose(session, story.id)
    session.commit()
    page = client.get(f"/receipt/{code}")
    assert_sound(page)
    assert "because the project keeps stories only for so long" in page.text
    assert "Rosalind" not in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_finds_the_page(project: Project, session: Session, sign_in_as: Callable[..., Browser],
                                    role: Role) -> None:
    """fault 44"""
    browser = sign_in_as(makers.make_person(session, project, role))
    assert browser.get(f"/projects/{project.id}/settings/retention").status_code == 404
    assert browser.post(f"/projects/{project.id}/settings/retention", data={"months": "1"}).status_code == 404
