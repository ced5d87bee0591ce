"""Stories as phones send them."""

import json

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.sync import receipt_code_hash
from server.models.consent import Tombstone, Withdrawal
from server.models.people import Person
from server.models.story import Conversation, Story
from server.services import withdrawals
from tests.api.phone import Phone, picture, receipt_code, sound
from tests.makers import viewer_of


def test_what_was_sent_is_what_is_kept_and_the_code_is_not(phone: Phone, session: Session) -> None:
    code = receipt_code("a")
    dashed = "-".join(code[at:at + 4] for at in range(0, 26, 4)).lower()
    story_id = phone.send_story(pseudonym="<b>Ann</b> 😀", place="", receipt_code=dashed)
    row = session.get_one(Story, story_id)
    assert (row.pseudonym, row.place) == ("<b>Ann</b> 😀", "")
    assert row.receipt_code_hash == receipt_code_hash(code)


def test_a_group_conversation_holds_several_stories(phone: Phone, session: Session) -> None:
    conversation = {"id": new_id(), "started_at": "2026-05-04T12:00:00Z", "place": "Northgate"}
    phone.send_story(conversation=conversation)
    phone.send_story(conversation=conversation)
    assert session.query(Conversation).count() == 1


def test_a_conversation_of_another_project_is_refused(phone: Phone, other_phone: Phone) -> None:
    conversation = {"id": new_id(), "started_at": "2026-05-04T12:00:00Z", "place": "Northgate"}
    phone.send_story(conversation=conversation)
    story_id = new_id()
    other_phone.put("consents", other_phone.consent_body(story_id))
    answer = other_phone.put("stories", other_phone.story_body(story_id, conversation=conversation))
    assert (answer.status_code, answer.json["code"]) == (409, "same_id_other_content")


def test_the_same_bytes_again_get_the_first_receipt_and_others_are_refused(phone: Phone, session: Session) -> None:
    """fault 23"""
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    body = phone.story_body(story_id)
    first, again = phone.put("stories", body), phone.put("stories", body)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    changed = phone.put("stories", body | {"pseudonym": "Bo"})
    assert (changed.status_code, changed.json["code"]) == (409, "same_id_other_content")
    assert session.get_one(Story, story_id).pseudonym == "Amal"


def test_a_receipt_code_belongs_to_one_story(phone: Phone) -> None:
    phone.send_story(receipt_code=receipt_code("same"))
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    answer = phone.put("stories", phone.story_body(story_id, receipt_code=receipt_code("same")))
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["receipt_code"])


@pytest.mark.parametrize("code", ["", "short", "U" * 26, "é" * 26, "0" * 27, 12])
def test_a_weak_or_strange_receipt_code_is_refused(phone: Phone, code: object) -> None:
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    answer = phone.put("stories", phone.story_body(story_id, receipt_code=code))
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["receipt_code"])


def test_a_story_of_another_project_does_not_exist(phone: Phone, other_phone: Phone) -> None:
    """fault 44"""
    story_id = phone.send_story()
    part_id = new_id()
    phone.upload(story_id, sound(), part_id=part_id)
    quote = phone.quote_body(story_id)
    phone.put("quotes", quote)
    assert other_phone.put("stories", phone.story_body(story_id)).status_code == 404
    taken = other_phone.put("stories", other_phone.story_body(story_id))
    assert taken.status_code in (404, 409)
    assert other_phone.put("quotes", other_phone.quote_body(story_id)).status_code == 404
    assert other_phone.announce(story_id, sound()).status_code == 404
    for part in (story_id, part_id, quote["id"], new_id()):
        assert other_phone.receipt(part).json == other_phone.receipt(new_id()).json
    url = f"/api/v1/uploads/{part_id}"
    for answer in (other_phone.head(url), other_phone.patch(url, 0, b"x"), other_phone.delete(url)):
        assert answer.status_code == 404
    assert phone.head(url).status_code == 200


def test_a_withdrawn_story_is_refused_for_ever(phone: Phone, session: Session) -> None:
    """fault 26"""
    story_id, part_id = new_id(), new_id()
    consent = phone.consent_body(story_id)
    story, quote = phone.story_body(story_id), phone.quote_body(story_id)
    for folder, body in (("consents", consent), ("stories", story), ("quotes", quote)):
        assert phone.put(folder, body).status_code == 201
    phone.upload(story_id, sound(), part_id=part_id)
    half_sent = phone.announce(story_id, picture(), kind="photo").headers["Location"]
    phone.patch(half_sent, 0, picture()[:9])
    person = session.query(Person).filter_by(id=session.get_one(Story, story_id).researcher_id).one()
    withdrawals.withdraw(session, viewer_of(session, person), story_id)
    session.commit()
    answers = [
        phone.put("consents", phone.consent_body(story_id)), phone.put("stories", story), phone.put("quotes", quote),
        phone.put("quotes", phone.quote_body(story_id)), phone.announce(story_id, sound(), part_id=part_id),
        phone.announce(story_id, sound()), phone.patch(half_sent, 9, picture()[9:]), phone.delete(half_sent),
        phone.receipt(story_id), phone.receipt(part_id), phone.receipt(quote["id"]),
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(410, "withdrawn")] * len(answers)
    assert phone.head(half_sent).status_code == 410
    assert session.query(Story).count() == 0


def test_a_withdrawal_in_another_project_is_not_told(phone: Phone, other_phone: Phone, session: Session) -> None:
    """fault 44"""
    story_id = phone.send_story()
    person = session.query(Person).filter_by(id=session.get_one(Story, story_id).researcher_id).one()
    withdrawals.withdraw(session, viewer_of(session, person), story_id)
    session.commit()
    assert session.query(Withdrawal).count() == 1
    assert session.query(Tombstone).count() > 0
    assert other_phone.receipt(story_id).status_code == 404
    assert other_phone.put("quotes", other_phone.quote_body(story_id)).status_code == 404


def test_keys_that_nobody_knows_yet_are_ignored(phone: Phone) -> None:
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id) | {"weather": {"rain": True}})
    assert phone.put("stories", phone.story_body(story_id, mood="calm")).status_code == 201
    assert json.loads(phone.receipt(story_id).data)["kind"] == "story"
