"""Signing in and out in the browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.models.people import Person, SignedIn
from server.pages.addresses import local_path
from server.services import sign_in
from tests.makers import make_person
from tests.pages.page_checks import assert_sound
from tests.signing_in import PASSWORD, signs_in


def _try(client: FlaskClient, email: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def test_the_right_password_leads_to_the_page_that_was_asked_for(client: FlaskClient, person: Person) -> None:
    asked = client.get("/account?a=1")
    assert asked.status_code == 302
    form = client.get(asked.location).get_data(as_text=True)
    assert 'name="next" value="/account?a=1"' in form
    answer = _try(client, person.email, next="/account?a=1")
    assert (answer.status_code, answer.location) == (303, "/account?a=1")
    assert "Ada Lind" in client.get("/account").get_data(as_text=True)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, person: Person) -> None:
    cookie = _try(client, person.email).headers["Set-Cookie"]
    assert cookie.startswith(COOKIE)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = client.post("/sign-in", data={"email": person.email, "password": PASSWORD},
                         base_url="https://localhost", headers={"Origin": "https://localhost"}).headers["Set-Cookie"]
    assert "Secure" in secure


def test_a_wrong_password_is_explained_and_the_email_kept(client: FlaskClient, person: Person) -> None:
    answer = _try(client, person.email, "wrong")
    assert answer.status_code == 422
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert "There is a problem" in page
    assert person.email in page
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_email_looks_the_same_as_a_wrong_password(client: FlaskClient, person: Person) -> None:
    known, unknown = _try(client, person.email, "wrong"), _try(client, "x@example.org", "wrong")
    assert known.status_code == unknown.status_code
    assert known.get_data(as_text=True).replace(person.email, "") == unknown.get_data(as_text=True).replace(
        "x@example.org", "")


def test_a_sign_in_form_on_another_site_is_refused(client: FlaskClient, person: Person) -> None:
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403


def test_signing_in_again_replaces_the_session(client: FlaskClient, session: Session, person: Person) -> None:
    _try(client, person.email)
    _try(client, person.email)
    assert session.query(SignedIn).count() == 1


def test_signing_out_ends_the_session_on_the_server(session: Session, sign_in_as, person: Person) -> None:
    browser = sign_in_as(person)
    token = browser.get_cookie(COOKIE).value
    assert browser.post("/sign-out").status_code == 303
    assert sign_in.who_is(session, token) is None
    assert browser.get("/").status_code == 302


def test_somebody_who_is_signed_in_goes_straight_on(sign_in_as, person: Person) -> None:
    assert sign_in_as(person).get("/sign-in?next=/account").location == "/account"


def test_looking_at_a_link_does_not_use_it_up(client: FlaskClient, session: Session, person: Person) -> None:
    token = sign_in.make_link(session, person)
    session.commit()
    for _ in range(2):
        assert_sound(client.get(f"/sign-in/link/{token}"))
    assert client.post(f"/sign-in/link/{token}").status_code == 303
    assert "Ada Lind" in client.get("/").get_data(as_text=True)
    assert client.post(f"/sign-in/link/{token}").status_code == 410


@pytest.mark.parametrize("wanted", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example",
                                    "javascript:alert(1)", "elsewhere", "", None, "/a\r\nSet-Cookie: x", "/\t/x"])
def test_only_paths_of_this_service_are_followed(wanted: str | None) -> None:
    assert local_path(wanted) == "/"


def test_the_path_may_have_a_query() -> None:
    assert local_path("/collect/?story=1#/home") == "/collect/?story=1#/home"


def test_changing_the_password(app: Flask, session: Session, sign_in_as, person: Person) -> None:
    browser, elsewhere = sign_in_as(person), sign_in_as(person)
    wrong = browser.post("/account/password", data={"current_password": "x", "new_password": "another four words"})
    assert wrong.status_code == 422
    assert_sound(wrong)
    right = browser.post("/account/password",
                         data={"current_password": PASSWORD, "new_password": "another four words"})
    assert right.status_code == 303
    assert "Your password is changed" in browser.get(right.location).get_data(as_text=True)
    assert elsewhere.get("/account").status_code == 302


def test_a_password_cannot_be_guessed_from_an_open_session(sign_in_as, person: Person) -> None:
    """fault 46"""
    browser = sign_in_as(person)
    guesses = [browser.post("/account/password", data={"current_password": "x"}).status_code for _ in range(11)]
    assert guesses == [422] * 10 + [429]
    right = {"current_password": PASSWORD, "new_password": "another four words"}
    assert browser.post("/account/password", data=right).status_code == 429


def test_somebody_who_came_by_a_link_can_choose_a_first_password(session: Session, sign_in_as) -> None:
    person = make_person(session)
    browser = sign_in_as(person)
    assert "Choose a password" in browser.get("/account").get_data(as_text=True)
    assert browser.post("/account/password", data={"new_password": PASSWORD}).status_code == 303
    assert signs_in(session, person.email, PASSWORD).id == person.id
