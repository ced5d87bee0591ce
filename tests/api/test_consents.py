"""Consents as phones send them: kept once, before the story, and decided at once."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.consent import Clearance, ConsentRecord
from tests.api.phone import TOLD_AT, Phone


def clearances(session: Session, story_id: str) -> set[tuple[str, str]]:
    query = select(Clearance.audience, Clearance.content).where(Clearance.story_id == story_id)
    return {tuple(row) for row in session.execute(query)}


def test_a_consent_gets_a_receipt_for_its_exact_bytes(phone: Phone) -> None:
    body = phone.consent_body(new_id())
    content = json.dumps(body, indent=3).encode()
    answer = phone.put_bytes("consents", body["id"], content)
    assert answer.status_code == 201
    receipt = answer.json
    assert (receipt["id"], receipt["kind"], receipt["bytes"]) == (body["id"], "consent", len(content))
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()
    assert receipt["notices"] == []
    assert phone.receipt(body["id"]).json == {key: receipt[key] for key in receipt.keys() - {"notices"}}


def test_a_consent_clears_its_story_before_the_story_is_there(phone: Phone, session: Session) -> None:
    """fault 24"""
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id, {Use.BOARD}))
    assert clearances(session, story_id) == {("board", "quote")}


def test_a_change_of_mind_is_another_record_and_shrinks_what_is_cleared(phone: Phone, session: Session) -> None:
    story_id = phone.send_story()
    assert len(clearances(session, story_id)) == 10
    assert phone.put("consents", phone.consent_body(story_id, {Use.PUBLICATION})).status_code == 201
    session.expire_all()
    assert clearances(session, story_id) == {("publication", "quote")}
    assert session.query(ConsentRecord).filter_by(story_id=story_id).count() == 2


def test_the_same_bytes_again_get_the_first_receipt(phone: Phone, session: Session) -> None:
    body = phone.consent_body(new_id())
    first, again = phone.put("consents", body), phone.put("consents", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert session.query(ConsentRecord).count() == 1


def test_other_bytes_under_the_same_id_are_refused(phone: Phone, session: Session) -> None:
    """fault 23"""
    story_id = new_id()
    body = phone.consent_body(story_id, {Use.BOARD})
    phone.put("consents", body)
    changed = phone.put("consents", body | {"answers": {use.value: True for use in Use}})
    assert (changed.status_code, changed.json["code"]) == (409, "same_id_other_content")
    spaced = phone.put_bytes("consents", body["id"], json.dumps(body, indent=1).encode())
    assert spaced.status_code == 409
    assert clearances(session, story_id) == {("board", "quote")}


def test_nobody_decides_about_a_story_of_another_project(phone: Phone, other_phone: Phone, session: Session) -> None:
    """fault 44"""
    story_id = phone.send_story({Use.BOARD})
    stranger = other_phone.put("consents", other_phone.consent_body(story_id))
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")
    assert clearances(session, story_id) == {("board", "quote")}
    elsewhere = other_phone.put("consents", other_phone.consent_body(new_id(), project_id=phone.project_id))
    assert elsewhere.status_code == 404


def test_the_wording_of_another_project_is_refused(phone: Phone, other_phone: Phone) -> None:
    answer = phone.put("consents", phone.consent_body(new_id(), wording_id=other_phone.wording_id))
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["wording_id"])


@pytest.mark.parametrize(("changes", "field"), [
    ({"answers": {"record": True}}, "answers.transcribe"),
    ({"answers": {use.value: "yes" for use in Use}}, "answers.record"),
    ({"answers": {use.value: 1 for use in Use}}, "answers.board"),
    ({"answers": None}, "answers"),
    ({"how": "shouted"}, "how"),
    ({"how": ["spoken"]}, "how"),
    ({"for_whom": None}, "for_whom"),
    ({"given_at": "yesterday"}, "given_at"),
    ({"given_at": "2026-05-04T12:00:00"}, "given_at"),
    ({"given_at": "0001-01-01T00:00:00+14:00"}, "given_at"),
    ({"given_at": 1_700_000_000}, "given_at"),
    ({"story_id": "12"}, "story_id"),
    ({"id": "0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b"}, "id"),
])
def test_an_unclear_consent_is_refused_and_says_where(phone: Phone, session: Session, changes: dict[str, object],
                                                      field: str) -> None:
    body = phone.consent_body(new_id())
    answer = phone.put_bytes("consents", body["id"], json.dumps(body | changes).encode())
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert field in answer.json["fields"]
    assert session.query(ConsentRecord).count() == 0


def test_a_clock_years_behind_is_corrected_and_both_times_are_kept(phone: Phone, session: Session) -> None:
    """fault 31"""
    sent_at = datetime.now(UTC)
    slow = sent_at - timedelta(days=3 * 365)
    body = phone.consent_body(new_id(), given_at=(slow - timedelta(hours=2)).isoformat())
    answer = phone.put("consents", body, Device_Time=slow.isoformat())
    row = session.scalars(select(ConsentRecord)).one()
    assert abs(row.given_at - (sent_at - timedelta(hours=2))) < timedelta(minutes=1)
    assert row.given_at_phone == slow - timedelta(hours=2)
    assert [notice["code"] for notice in answer.json["notices"]] == ["clock_wrong"]
    assert "about 3 years behind" in answer.json["notices"][0]["message"]


@pytest.mark.parametrize("device_time", [
    "", "soon", "0001-01-01T00:00:00+00:00", "99999-01-01T00:00:00Z", "2026-05-04T12:00:00", "9" * 5000, "\x7f",
    "1969-12-31T23:59:59Z",
])
def test_a_device_time_that_cannot_be_read_is_ignored(phone: Phone, session: Session, device_time: str) -> None:
    """fault 31"""
    answer = phone.put("consents", phone.consent_body(new_id()), Device_Time=device_time)
    assert (answer.status_code, answer.json["notices"]) == (201, [])
    assert session.scalars(select(ConsentRecord)).one().given_at == datetime.fromisoformat(TOLD_AT)


@pytest.mark.parametrize("device_time", ["1970-01-01T00:00:00Z", "9999-12-30T00:00:00Z"])
def test_a_clock_at_the_end_of_the_calendar_does_no_harm(phone: Phone, device_time: str) -> None:
    """fault 31"""
    body = phone.consent_body(new_id(), given_at=device_time)
    assert phone.put("consents", body, Device_Time=device_time).status_code == 201
    late = phone.consent_body(new_id(), given_at="9999-12-30T23:00:00-23:00")
    assert phone.put("consents", late, Device_Time=device_time).status_code in (201, 422)
