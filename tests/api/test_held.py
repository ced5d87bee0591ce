"""Things that come before what they belong to, over HTTP."""

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.held import HeldArrival
from server.models.story import Quote, Story
from server.models.upload import Upload
from tests.api.conftest import Place
from tests.api.phone import Phone, sound


def test_a_story_before_its_consent_is_held_and_says_so(phone: Phone, session: Session) -> None:
    """fault 24"""
    story_id = new_id()
    body = phone.story_body(story_id)
    early, again = phone.put("stories", body), phone.put("stories", body)
    assert (early.status_code, early.json["held"], early.json["kind"]) == (202, True, "story")
    assert (again.status_code, again.json) == (202, early.json)
    waiting = phone.receipt(story_id)
    assert (waiting.status_code, waiting.json) == (202, {"id": story_id, "kind": "story", "state": "held"})
    assert int(waiting.headers["Retry-After"]) > 0
    assert session.query(Story).count() == 0
    assert phone.put("consents", phone.consent_body(story_id)).status_code == 201
    kept = phone.put("stories", body)
    assert kept.status_code == 200
    assert kept.json == {key: value for key, value in early.json.items() if key != "held"}
    assert phone.receipt(story_id).status_code == 200


def test_other_bytes_under_the_id_of_something_held_are_refused(phone: Phone, session: Session) -> None:
    """fault 23"""
    body = phone.quote_body(new_id())
    assert phone.put("quotes", body).status_code == 202
    changed = phone.put("quotes", body | {"text": "Somebody told us."})
    assert (changed.status_code, changed.json["code"]) == (409, "same_id_other_content")
    assert b"Nobody told us." in session.query(HeldArrival).one().body


def test_a_file_and_a_quote_before_story_and_consent_are_let_in_with_them(phone: Phone, session: Session) -> None:
    """fault 24"""
    story_id, part_id = new_id(), new_id()
    quote = phone.quote_body(story_id)
    assert phone.upload(story_id, sound(), part_id=part_id).status_code == 204
    assert phone.put("quotes", quote).status_code == 202
    assert phone.put("stories", phone.story_body(story_id)).status_code == 202
    assert phone.receipt(part_id).json == {"id": part_id, "kind": "recording", "state": "held"}
    assert phone.put("consents", phone.consent_body(story_id)).status_code == 201
    session.expire_all()
    story = session.get_one(Story, story_id)
    assert [recording.id for recording in story.recordings] == [part_id]
    assert [kept.id for kept in story.quotes] == [quote["id"]]
    assert phone.receipt(quote["id"]).status_code == 200
    assert phone.receipt(part_id).json.get("state") != "held"


def test_what_nobody_agreed_to_is_dropped_and_refused_when_it_is_sent_again(phone: Phone, session: Session) -> None:
    """fault 24"""
    story_id, part_id = new_id(), new_id()
    quote = phone.quote_body(story_id)
    phone.upload(story_id, sound(), part_id=part_id)
    phone.put("quotes", quote)
    phone.put("stories", phone.story_body(story_id))
    phone.put("consents", phone.consent_body(story_id, {Use.PHOTOS}))
    assert phone.receipt(quote["id"]).status_code == phone.receipt(part_id).status_code == 404
    assert session.query(Quote).count() == session.query(Upload).count() == session.query(HeldArrival).count() == 0
    for answer in (phone.put("quotes", quote), phone.announce(story_id, sound(), part_id=part_id)):
        assert (answer.status_code, answer.json["code"]) == (422, "use_refused")


def test_what_is_held_is_in_no_feed_and_on_no_page(phone: Phone, place: Place) -> None:
    """fault 24"""
    cursor = phone.browser.get("/api/v1/changes").json["next"]
    phone.put("stories", phone.story_body(new_id(), pseudonym="Canary"))
    assert phone.browser.get(f"/api/v1/changes?after={cursor}").json["changes"] == []
    register = phone.browser.get(f"/projects/{place.project_id}/register")
    assert register.status_code == 200
    assert "Canary" not in register.text


@pytest.mark.parametrize("folder", ["stories", "quotes"])
def test_nobody_else_learns_that_something_is_held(phone: Phone, other_phone: Phone, folder: str) -> None:
    """fault 44"""
    body = (phone.story_body if folder == "stories" else phone.quote_body)(new_id())
    phone.put(folder, body)
    assert other_phone.receipt(body["id"]).json == other_phone.receipt(new_id()).json
    assert other_phone.put(folder, body | {"place": "x", "text": "x"}).status_code == 404
