"""Evidence of consent over tus, and stories of several people, over HTTP."""

import hashlib

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.consent import ConsentEvidence
from server.models.story import Participant, Photo, Quote, Story
from tests.api.phone import Phone, picture, receipt_code, sound

SIGNATURE = picture("PNG")


def named(content: bytes, kind: str = "signature") -> dict[str, str]:
    return {"id": new_id(), "kind": kind, "sha256": hashlib.sha256(content).hexdigest()}


def test_a_signature_is_kept_as_it_was_sent(phone: Phone, session: Session) -> None:
    story_id, evidence = new_id(), named(SIGNATURE)
    consent = phone.consent_body(story_id, how="signed", evidence=evidence)
    assert phone.put("consents", consent).status_code == 201
    assert phone.put("stories", phone.story_body(story_id)).status_code == 201
    sent = phone.upload(story_id, SIGNATURE, kind="evidence", part_id=evidence["id"], consent_id=consent["id"],
                        evidence_kind="signature", type="image/png")
    assert sent.status_code == 204
    receipt = phone.receipt(evidence["id"])
    assert (receipt.status_code, receipt.json["kind"], receipt.json["sha256"]) == (
        200, "evidence", evidence["sha256"])
    assert session.get_one(ConsentEvidence, evidence["id"]).content_type == "image/png"


def test_a_spoken_statement_is_sound(phone: Phone, session: Session) -> None:
    story_id, evidence = new_id(), named(sound(), "spoken")
    consent = phone.consent_body(story_id, {Use.BOARD}, evidence=evidence)
    phone.put("consents", consent)
    phone.put("stories", phone.story_body(story_id))
    sent = phone.upload(story_id, sound(), kind="evidence", part_id=evidence["id"], consent_id=consent["id"],
                        evidence_kind="spoken")
    assert sent.status_code == 204
    assert session.get_one(ConsentEvidence, evidence["id"]).content_type == "audio/webm"


def test_a_file_that_the_consent_does_not_name_is_refused(phone: Phone) -> None:
    story_id = phone.send_story()
    consent = phone.consent_body(story_id, evidence=named(b"something else"))
    assert phone.put("consents", consent).status_code == 201
    answer = phone.announce(story_id, SIGNATURE, kind="evidence", consent_id=consent["id"],
                            evidence_kind="signature")
    assert (answer.status_code, answer.json["code"], set(answer.json["fields"])) == (422, "invalid", {"consent_id"})


@pytest.mark.parametrize("changes", [{"wording_sha256": "0" * 64, "language": "en", "reading": "full"}])
def test_words_that_were_never_published_are_refused(phone: Phone, changes: dict[str, str]) -> None:
    answer = phone.put("consents", phone.consent_body(new_id(), **changes))
    assert (answer.status_code, answer.json["code"]) == (422, "wording_mismatch")


def test_the_words_that_the_feed_tells_are_those_that_a_consent_may_name(phone: Phone) -> None:
    changes = phone.browser.get("/api/v1/changes?after=0").json["changes"]
    [wording] = [change["wording"] for change in changes if change["kind"] == "wording"]
    [text] = wording["texts"]
    body = phone.consent_body(new_id(), wording_sha256=text["sha256"], language=text["language"],
                              reading=text["reading"], agreed_by="", interpreter="Sana", witness="", evidence=None)
    assert phone.put("consents", body).status_code == 201


def test_a_story_of_two_waits_for_both_and_then_has_both(phone: Phone, session: Session) -> None:
    """fault 24"""
    story_id, people = new_id(), [new_id(), new_id()]
    told = phone.story_body(story_id, pseudonym="The choir", receipt_code=receipt_code(people[0]), participants=[
        {"id": person, "pseudonym": name, "receipt_code": receipt_code(person)}
        for person, name in zip(people, ("Rose", "Ali"), strict=True)])
    assert phone.put("consents", phone.consent_body(story_id, participant_id=people[0])).status_code == 201
    assert phone.put("stories", told).status_code == 202
    assert phone.put("consents", phone.consent_body(story_id, {Use.BOARD, Use.PHOTOS},
                                                    participant_id=people[1])).status_code == 201
    assert phone.put("stories", told).status_code == 200
    assert session.query(Story).count() == 1
    assert session.query(Participant).count() == 2
    refused = phone.announce(story_id, sound())
    assert (refused.status_code, refused.json["code"]) == (422, "use_refused")
    quote = phone.quote_body(story_id, participant_id=people[1])
    assert phone.put("quotes", quote).status_code == 201
    assert session.get_one(Quote, quote["id"]).participant_id == people[1]
    part_id = new_id()
    assert phone.upload(story_id, picture(), kind="photo", part_id=part_id, people="agreed",
                        people_note="Rose and Ali").status_code == 204
    assert (session.get_one(Photo, part_id).people, session.get_one(Photo, part_id).people_note) == (
        "agreed", "Rose and Ali")


def test_somebody_elses_receipt_code_is_refused(phone: Phone, session: Session) -> None:
    for story_id in (new_id(), new_id()):
        phone.put("consents", phone.consent_body(story_id))
        answer = phone.put("stories", phone.story_body(story_id, receipt_code="0" * 26, participants=[
            {"id": new_id(), "pseudonym": "Rose", "receipt_code": "0" * 26}]))
    assert (answer.status_code, set(answer.json["fields"])) == (422, {"receipt_code"})
    assert session.query(Participant).count() == 1
