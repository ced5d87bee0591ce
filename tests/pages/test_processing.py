"""Who answers for a project, and its record of processing, on the pages of its administrators."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

TYPED = {"controller": "Northgate NHS Trust\nThe Square", "lawful_basis": "Public task", "ethics_reference": "24/NW/1",
         "dpia_reference": "DPIA-7", "complaints": "Ring <b>us</b>"}


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as: Callable[..., Browser]) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def test_what_is_written_stands_in_the_record(administrator: Browser, project: Project) -> None:
    """fault 42"""
    settings = f"/projects/{project.id}/settings"
    assert "Nothing is written yet" in administrator.get(settings).text
    assert_sound(administrator.get(f"{settings}/processing"))
    saved = administrator.post(f"{settings}/processing", data=TYPED | {"version": "1"}, follow_redirects=True)
    assert_sound(saved)
    for words in ("Northgate NHS Trust", "24/NW/1", "Ring &lt;b&gt;us&lt;/b&gt;", "Sharing your story",
                  "May we board?", "kept for good"):
        assert words in saved.text
    assert "Not written yet" not in saved.text
    assert "All that the law asks you to write down is written." in administrator.get(settings).text


def test_a_record_says_what_is_missing(administrator: Browser, project: Project) -> None:
    page = administrator.get(f"/projects/{project.id}/settings/processing/record")
    assert_sound(page)
    assert page.text.count("Not written yet") == 5
    assert "No time is set" in page.text


def test_what_will_not_do_comes_back_with_what_to_write(administrator: Browser, project: Project) -> None:
    answer = administrator.post(f"/projects/{project.id}/settings/processing",
                                data=TYPED | {"ethics_reference": "x" * 300, "version": "1"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "Use 200 letters or fewer to say the ethics approval." in answer.text
    assert "Northgate NHS Trust" in answer.text


def test_two_who_change_it_see_both(administrator: Browser, project: Project) -> None:
    """fault 25"""
    address = f"/projects/{project.id}/settings/processing"
    administrator.post(address, data=TYPED | {"version": "1"})
    answer = administrator.post(address, data=TYPED | {"controller": "Somebody else", "version": "1"})
    assert answer.status_code == 412
    assert_sound(answer)
    assert "Somebody else" in answer.text
    assert "Northgate NHS Trust" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_finds_the_pages(project: Project, session: Session, sign_in_as: Callable[..., Browser],
                                     role: Role) -> None:
    """fault 44"""
    browser = sign_in_as(makers.make_person(session, project, role))
    for address in ("processing", "processing/record"):
        assert browser.get(f"/projects/{project.id}/settings/{address}").status_code == 404
