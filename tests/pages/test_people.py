"""The page about a project's people."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from tests.makers import make_person, make_project, viewer_of
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


def test_everybody_is_listed_with_their_roles(session: Session, sign_in_as, project: Project) -> None:
    make_person(session, project, Role.ANALYST, Role.COMMISSIONER, name="W" * 80)
    answer = sign_in_as(make_person(session, project, Role.ADMINISTRATOR, name="Ada")).get(
        f"/projects/{project.id}/people")
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert f"Commissioner from {'W' * 80}" in page
    assert "No invitation is waiting" in page


def test_a_role_is_removed_after_a_question(session: Session, sign_in_as, project: Project) -> None:
    bo = make_person(session, project, Role.ANALYST, name="Bo")
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    address = f"/projects/{project.id}/people/{bo.id}/analyst/remove"
    question = browser.get(address)
    assert_sound(question)
    assert "Remove Bo as analyst?" in question.get_data(as_text=True)
    assert viewer_of(session, bo).roles_in(project.id) == {Role.ANALYST}
    assert browser.post(address).status_code == 303
    assert viewer_of(session, bo).roles_in(project.id) == frozenset()
    assert browser.post(address).status_code == 404


def test_a_removed_role_opens_nothing_from_the_next_click_on(session: Session, sign_in_as, project: Project) -> None:
    bo = make_person(session, project, Role.COMMISSIONER)
    browser = sign_in_as(bo)
    stories = f"/projects/{project.id}/stories"
    assert browser.get(stories).status_code == 200
    sign_in_as(make_person(session, project, Role.ADMINISTRATOR)).post(
        f"/projects/{project.id}/people/{bo.id}/commissioner/remove")
    assert browser.get(stories).status_code == 404


def test_the_last_administrator_cannot_leave(session: Session, sign_in_as, project: Project) -> None:
    ada = make_person(session, project, Role.ADMINISTRATOR)
    answer = sign_in_as(ada).post(f"/projects/{project.id}/people/{ada.id}/administrator/remove")
    assert answer.status_code == 409
    assert_sound(answer)
    assert "This is the last administrator" in answer.get_data(as_text=True)
    assert viewer_of(session, ada).roles_in(project.id) == {Role.ADMINISTRATOR}


def test_an_administrator_who_leaves_lands_at_home(session: Session, sign_in_as, project: Project) -> None:
    make_person(session, project, Role.ADMINISTRATOR)
    ada = make_person(session, project, Role.ADMINISTRATOR)
    browser = sign_in_as(ada)
    answer = browser.post(f"/projects/{project.id}/people/{ada.id}/administrator/remove")
    assert answer.location == "/"
    assert browser.get(f"/projects/{project.id}/people").status_code == 404


@pytest.mark.parametrize("role", ["owner", "researcher"])
def test_a_role_they_do_not_have_is_not_found(session: Session, sign_in_as, project: Project, role: str) -> None:
    bo = make_person(session, project, Role.ANALYST)
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    assert browser.get(f"/projects/{project.id}/people/{bo.id}/{role}/remove").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_other_roles_find_no_such_page(session: Session, sign_in_as, project: Project, role: Role) -> None:
    browser = sign_in_as(make_person(session, project, role))
    assert browser.get(f"/projects/{project.id}/people").status_code == 404
