"""Making and removing keys on the account page."""

import re

from sqlalchemy.orm import Session

from server.services import access_keys
from tests.makers import make_person, viewer_of
from tests.pages.page_checks import assert_sound


def test_a_key_is_shown_once_and_then_listed_without_its_secret(session: Session, sign_in_as) -> None:
    browser = sign_in_as(make_person(session))
    made = browser.post("/account/keys", data={"key_name": "The <b>importer</b>"})
    assert made.status_code == 200
    assert_sound(made)
    token = re.search(r'value="(ear_[^"]+)"', made.text)[1]
    assert access_keys.who_is(session, token) is not None
    listed = browser.get("/account")
    assert_sound(listed)
    assert token not in listed.text
    assert "The &lt;b&gt;importer&lt;/b&gt;" in listed.text
    assert "Not used yet" in listed.text


def test_a_key_without_a_name_is_explained(session: Session, sign_in_as) -> None:
    answer = sign_in_as(make_person(session)).post("/account/keys", data={"key_name": " "})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "Write what the key is for" in answer.text


def test_a_removed_key_is_gone_and_the_page_says_so(session: Session, sign_in_as) -> None:
    person = make_person(session)
    key, token = access_keys.make(session, viewer_of(session, person), "Importer")
    browser = sign_in_as(person)
    removed = browser.post(f"/account/keys/{key.id}/remove")
    assert removed.status_code == 303
    assert "The key is removed" in browser.get(removed.location).text
    assert access_keys.who_is(session, token) is None


def test_nobody_removes_the_key_of_another(session: Session, sign_in_as) -> None:
    """fault 44"""
    key, token = access_keys.make(session, viewer_of(session, make_person(session)), "Importer")
    assert sign_in_as(make_person(session)).post(f"/account/keys/{key.id}/remove").status_code == 404
    assert access_keys.who_is(session, token) is not None
