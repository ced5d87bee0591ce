"""The phones of a project's people, on the pages of their administrators."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.device import Device
from server.models.project import Project
from server.services import people
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

NOW = datetime.now(UTC)


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR, name="Ada"))


def add_phone(session: Session, project: Project, *, name: str = "Sam Okoro", days: int = 0, unsent: int = 3,
              label: str = "Chrome on Android") -> Device:
    person = makers.make_person(session, project, Role.RESEARCHER, name=name)
    row = Device(id=new_id(), person_id=person.id, label=label, app_version="0.3.0", unsent=unsent,
                 unsent_bytes=41_000_000 * unsent, oldest_unsent_at=NOW - timedelta(days=days + 1) if unsent else None,
                 first_seen_at=NOW, last_seen_at=NOW - timedelta(days=days))
    session.add(row)
    session.commit()
    return row


def test_where_no_phone_was_heard_of_the_page_says_when_one_is(administrator: Browser, project: Project) -> None:
    page = administrator.get(f"/projects/{project.id}/phones")
    assert_sound(page)
    assert "No phone has been heard of yet" in page.text
    assert f"/projects/{project.id}/phones" in administrator.get(f"/projects/{project.id}/people").text


def test_those_not_heard_of_for_a_week_with_something_unsent_stand_out_and_come_first(
        administrator: Browser, project: Project, session: Session) -> None:
    """fault 12"""
    add_phone(session, project, name="Fresh", days=6)
    add_phone(session, project, name="Long quiet, all sent", days=400, unsent=0)
    add_phone(session, project, name="Lost one", days=8, unsent=4)
    page = administrator.get(f"/projects/{project.id}/phones")
    assert_sound(page)
    assert page.text.index("Lost one") < page.text.index("Long quiet, all sent") < page.text.index("Fresh")
    assert page.text.count("Not heard of for a week") == 1
    for words in ("4 unsent", "4 parts not sent (164 MB)", "Last seen 8 days ago", "0.3.0", "Chrome on Android",
                  "Everything on it is sent.", "3 parts not sent (123 MB)"):
        assert words in " ".join(page.text.split())


def test_a_lost_phone_is_shut_out_after_a_page_that_says_what_that_does(
        administrator: Browser, project: Project, session: Session) -> None:
    """fault 32"""
    row = add_phone(session, project, days=2)
    address = f"/projects/{project.id}/phones/{row.id}"
    asked = administrator.get(f"{address}/revoke")
    assert_sound(asked)
    for words in ("What this does not do", "It deletes nothing on the phone", "3 parts", "change it on another device"):
        assert words in asked.text
    assert session.get_one(Device, row.id, populate_existing=True).revoked_at is None
    done = administrator.post(f"{address}/revoke", follow_redirects=True)
    assert_sound(done)
    for words in ("The phone is shut out", "Shut out", "by <bdi>Ada</bdi>", "3 parts not sent", "nobody else has them",
                  "Let it in again"):
        assert words in " ".join(done.text.split())
    assert "Shut this phone out" not in done.text
    assert administrator.post(f"{address}/allow").status_code == 303
    assert "Shut this phone out" in administrator.get(f"/projects/{project.id}/phones").text
    assert session.get_one(Device, row.id, populate_existing=True).revoked_at is None


def test_what_a_phone_says_of_itself_is_shown_as_text(administrator: Browser, project: Project,
                                                      session: Session) -> None:
    """fault 42"""
    row = add_phone(session, project, name="<script>alert(1)</script>", label="{{7*7}}<img src=x>")
    for address in ("", f"/{row.id}/revoke"):
        page = administrator.get(f"/projects/{project.id}/phones{address}")
        assert_sound(page)
        assert "&lt;script&gt;" in page.text
        assert "{{7*7}}&lt;img" in page.text


def test_nobody_but_an_administrator_sees_them(project: Project, session: Session, sign_in_as) -> None:
    """fault 44"""
    row = add_phone(session, project)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        browser = sign_in_as(makers.make_person(session, project, role))
        assert browser.get(f"/projects/{project.id}/phones").status_code == 404
        assert browser.post(f"/projects/{project.id}/phones/{row.id}/revoke").status_code == 404
    assert session.get_one(Device, row.id, populate_existing=True).revoked_at is None


def test_operators_see_that_a_phone_is_shut_out(administrator: Browser, project: Project, session: Session,
                                                sign_in_as) -> None:
    """fault 32"""
    row = add_phone(session, project, days=9)
    administrator.post(f"/projects/{project.id}/phones/{row.id}/revoke")
    operator = makers.make_person(session, name="Olu")
    operator.is_operator = True
    page = sign_in_as(operator).get("/operations")
    assert_sound(page)
    assert "It can no longer send or fetch anything." in page.text
    assert "Not heard of for a week" not in page.text, "there is nothing to ask of anybody"


def test_a_phone_that_another_project_shut_out_is_let_in_there_alone(
        administrator: Browser, project: Project, session: Session, sign_in_as) -> None:
    """fault 32"""
    row, other = add_phone(session, project), makers.make_project(session, "Another")
    people.add_role(session, row.person_id, other.id, Role.RESEARCHER)
    elsewhere = sign_in_as(makers.make_person(session, other, Role.ADMINISTRATOR, name="Bea"))
    session.commit()
    elsewhere.post(f"/projects/{other.id}/phones/{row.id}/revoke")
    page = administrator.get(f"/projects/{project.id}/phones")
    assert_sound(page)
    assert "Another project shut it out" in page.text
    assert "Let it in again" not in page.text
    assert administrator.post(f"/projects/{project.id}/phones/{row.id}/allow").status_code == 404
    assert "Let it in again" in elsewhere.get(f"/projects/{other.id}/phones").text
