"""A phone says over HTTP that somebody takes their story back (faults 26, 27)."""

import hashlib
import json

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import Withdrawal
from server.models.story import Story
from tests.api.phone import TOLD_AT, Phone, picture, sound


def body(phone: Phone, told: str, **changes: object) -> dict[str, object]:
    return {"id": new_id(), "project_id": phone.project_id, "story_id": told, "reason": "They changed their mind.",
            "withdrawn_at": TOLD_AT} | changes


def test_the_first_answer_is_201_and_a_repeat_200_with_the_same_receipt(phone: Phone) -> None:
    story_id = phone.send_story()
    sent = body(phone, story_id)
    content = json.dumps(sent).encode()
    first = phone.put_bytes("withdrawals", sent["id"], content)
    assert first.status_code == 201
    assert (first.json["kind"], first.json["sha256"]) == ("withdrawal", hashlib.sha256(content).hexdigest())
    again = phone.put_bytes("withdrawals", sent["id"], content)
    assert (again.status_code, again.json) == (200, first.json)
    assert phone.receipt(sent["id"]).json["sha256"] == first.json["sha256"]
    assert phone.put("withdrawals", sent | {"reason": ""}).json["code"] == "same_id_other_content"


def test_what_comes_afterwards_is_refused_for_ever(phone: Phone) -> None:
    """fault 26"""
    story_id = new_id()
    assert phone.put("withdrawals", body(phone, story_id)).status_code == 201
    for late in (phone.put("consents", phone.consent_body(story_id)), phone.put("stories", phone.story_body(story_id)),
                 phone.put("quotes", phone.quote_body(story_id)), phone.announce(story_id, sound())):
        assert (late.status_code, late.json["code"]) == (410, "withdrawn")


def test_an_upload_that_is_under_way_is_stopped_and_its_bytes_go(phone: Phone) -> None:
    """fault 27"""
    story_id, part_id, content = phone.send_story(), new_id(), picture()
    url = phone.announce(story_id, content, kind="photo", part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content[:100]).status_code == 204
    assert phone.put("withdrawals", body(phone, story_id)).status_code == 201
    assert phone.patch(url, 100, content[100:]).status_code == 410
    assert phone.head(url).status_code == 410


def test_a_story_of_another_project_is_not_found(phone: Phone, other_phone: Phone, session: Session) -> None:
    """fault 44"""
    story_id = phone.send_story()
    for sent in (body(other_phone, story_id), body(phone, story_id)):
        answer = other_phone.put("withdrawals", sent)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert session.query(Withdrawal).count() == 0


def test_what_a_phone_says_of_receipts_is_answered_alike_whatever_the_server_knows_of_them(
        phone: Phone, other_phone: Phone, session: Session) -> None:
    """fault 44"""
    theirs = phone.story_body(phone.send_story())
    hashed = session.query(Story.receipt_code_hash).scalar()
    for code in (hashed, "0" * 64):
        sent = body(other_phone, new_id(), receipt_code_hashes=[code])
        answer = other_phone.put("withdrawals", sent)
        assert (answer.status_code, sorted(answer.json)) == (201, ["bytes", "id", "kind", "notices", "received_at",
                                                                   "sha256"])
    receipt = f"/receipt/{theirs['receipt_code']}"
    assert phone.browser.post(receipt, data={"name": "Amal"}).status_code == 303
    assert "Thank you for sharing" in phone.browser.get(receipt).text


@pytest.mark.parametrize(("changes", "field"), [
    ({"reason": None}, "reason"), ({"reason": "x" * 501}, "reason"), ({"story_id": "no"}, "story_id"),
    ({"withdrawn_at": "yesterday"}, "withdrawn_at"), ({"project_id": None}, "project_id"),
    ({"receipt_code_hashes": "0" * 64}, "receipt_code_hashes"), ({"receipt_code_hashes": [7]}, "receipt_code_hashes"),
    ({"receipt_code_hashes": ["0F3K9M2QXW4TB8ZH5CJ1VDN0RQ"]}, "receipt_code_hashes"),
    ({"receipt_code_hashes": ["0" * 64] * 41}, "receipt_code_hashes"),
])
def test_an_unclear_one_is_refused_and_says_where(phone: Phone, session: Session, changes: dict[str, object],
                                                  field: str) -> None:
    answer = phone.put("withdrawals", body(phone, new_id(), **changes))
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert session.query(Withdrawal).count() == 0
