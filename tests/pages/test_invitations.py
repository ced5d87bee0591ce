"""Inviting somebody, and taking up an invitation."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from tests.makers import make_person, make_project, viewer_of
from tests.pages.page_checks import assert_sound

PASSWORD = "four words in a row"


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, sign_in_as, project: Project):
    return sign_in_as(make_person(session, project, Role.ADMINISTRATOR, name="Ada"))


@pytest.fixture
def link(administrator, project: Project) -> str:
    answer = administrator.post(f"/projects/{project.id}/invitations", data={"role": "analyst", "label": "Ona <b>"})
    assert answer.status_code == 200
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert 'role="img" aria-label="QR code that opens the same link"' in page
    assert "Ona &lt;b&gt;" in page
    return re.search(r'value="http://localhost(/invitations/[\w-]+)"', page)[1]


def _account(client: FlaskClient, link: str, **changed: str):
    return client.post(link, data={"name": "Ona", "email": "ona@example.org", "password": PASSWORD, **changed})


def test_the_form_says_what_each_role_does(administrator, project: Project) -> None:
    answer = administrator.get(f"/projects/{project.id}/invitations/new")
    assert_sound(answer)
    assert "Read and hear stories" in answer.get_data(as_text=True)


def test_an_invitation_without_a_role_is_explained(administrator, project: Project) -> None:
    answer = administrator.post(f"/projects/{project.id}/invitations", data={"label": "Ona"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "Choose what they will do." in answer.get_data(as_text=True)
    assert 'value="Ona"' in answer.get_data(as_text=True)


def test_a_new_person_makes_an_account_and_is_signed_in(client: FlaskClient, link: str) -> None:
    page = client.get(link)
    assert_sound(page)
    assert "You are invited to Listening to carers" in page.get_data(as_text=True)
    assert _account(client, link).status_code == 303
    assert "Hello, Ona" in client.get("/").get_data(as_text=True)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(("changed", "words"), [
    ({"name": ""}, "Write your name."),
    ({"email": "ona"}, "Write your email address"),
    ({"password": "short"}, "Use 12 letters or more."),
    ({"password": "password1234"}, "Many people use this password"),
])
def test_what_is_wrong_with_an_account_is_said_and_the_rest_kept(client: FlaskClient, link: str,
                                                                 changed: dict[str, str], words: str) -> None:
    answer = _account(client, link, **changed)
    assert answer.status_code == 422
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert words in page
    assert PASSWORD not in page
    assert _account(client, link).status_code == 303


def test_somebody_with_an_account_is_told_to_sign_in_first(client: FlaskClient, session: Session, link: str) -> None:
    person = make_person(session, password=PASSWORD)
    session.commit()
    assert "Sign in first" in _account(client, link, email=person.email).get_data(as_text=True)
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "next": link})
    assert "Accept the invitation" in client.get(link).get_data(as_text=True)


def test_somebody_who_is_signed_in_accepts_with_one_button(session: Session, sign_in_as, link: str,
                                                           project: Project) -> None:
    person = make_person(session, name="Bo")
    browser = sign_in_as(person)
    page = browser.get(link)
    assert_sound(page)
    assert "You are signed in as Bo" in page.get_data(as_text=True)
    assert browser.post(link).status_code == 303
    assert viewer_of(session, person).roles_in(project.id) == {Role.ANALYST}


def test_a_cancelled_invitation_says_that_it_no_longer_works(client: FlaskClient, administrator, project: Project,
                                                             link: str) -> None:
    page = administrator.get(f"/projects/{project.id}/people").get_data(as_text=True)
    administrator.post(re.search(r'action="(/invitations/[\w-]+/revoke)"', page)[1])
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Ask for a new one" in answer.get_data(as_text=True)
    assert "Listening to carers" not in answer.get_data(as_text=True)


def test_an_invitation_form_on_another_site_is_refused(client: FlaskClient, link: str) -> None:
    answer = client.post(link, data={"name": "Ona"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_an_administrator_elsewhere_cannot_cancel_it(session: Session, sign_in_as, administrator, project: Project,
                                                     link: str) -> None:
    page = administrator.get(f"/projects/{project.id}/people").get_data(as_text=True)
    outsider = sign_in_as(make_person(session, make_project(session, "Another"), Role.ADMINISTRATOR))
    assert outsider.post(re.search(r'action="(/invitations/[\w-]+/revoke)"', page)[1]).status_code == 404
