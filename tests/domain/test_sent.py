"""Whatever fields come in, they are read into plain objects or refused: nothing else can happen."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.consent import EvidenceKind, People, Use
from server.domain.consent_wording import Reading
from server.domain.errors import Invalid
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentEvidence, read_consent, read_part, read_quote, read_story
from server.domain.sync import EARLIEST

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)
FIELDS = ("id", "project_id", "story_id", "wording_id", "answers", "how", "for_whom", "given_at", "conversation",
          "pseudonym", "told_at", "place", "receipt_code", "text", "written_at", "participant_id", "participants",
          "wording_sha256", "language", "reading", "agreed_by", "interpreter", "witness", "evidence")
TOLD_AT = "2026-05-04T12:00:00+01:00"
AN_ID = "0190b3a2-7c5d-7e1f-8a2b-3c4d5e6f7a8b"


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_any_json_object_is_read_or_refused(content: dict[str, Any]) -> None:
    for read in (read_consent, read_story, read_quote):
        with suppress(Invalid):
            read(content, AN_ID)


@given(st.dictionaries(st.sampled_from(("id", "kind", "story_id", "sha256", "started_at", "position", "description",
                                         "consent_id", "evidence_kind", "people", "people_note")),
                       st.text()))
def test_any_metadata_is_read_or_refused(metadata: dict[str, str]) -> None:
    with suppress(Invalid):
        read_part(metadata, 1, "")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_quote({"id": 1, "text": "", "written_at": "now"}, AN_ID)
    assert set(refused.value.fields) == {"id", "story_id", "text", "written_at"}


def test_a_photo_needs_no_time_and_a_recording_does() -> None:
    metadata = {"id": new_id(), "kind": "photo", "story_id": new_id(), "sha256": "A" * 64, "description": "Chairs"}
    photo = read_part(metadata, 9, "as sent")
    assert (photo.kind, photo.started_at, photo.position) == (PartKind.PHOTO, EARLIEST, 0)
    assert (photo.sha256, photo.length, photo.metadata) == ("a" * 64, 9, "as sent")
    with pytest.raises(Invalid) as refused:
        read_part(metadata | {"kind": "recording"}, 9, "")
    assert set(refused.value.fields) == {"started_at"}


def consent(**changes: Any) -> dict[str, Any]:
    return {"id": AN_ID, "project_id": new_id(), "story_id": new_id(), "wording_id": new_id(), "how": "paper",
            "answers": {use.value: True for use in Use}, "for_whom": "child", "given_at": TOLD_AT} | changes


def story(*codes: str, **changes: Any) -> dict[str, Any]:
    people = [{"id": new_id(), "pseudonym": f"Person {number}", "receipt_code": code}
              for number, code in enumerate(codes)]
    return {"id": AN_ID, "project_id": new_id(), "pseudonym": "The choir", "told_at": TOLD_AT, "place": "",
            "conversation": {"id": new_id(), "started_at": TOLD_AT, "place": ""}, "receipt_code": "0" * 26,
            "participants": people} | changes


def test_a_phone_of_before_says_nothing_of_the_new_fields() -> None:
    """fault 14"""
    sent = read_consent(consent(), AN_ID)
    assert (sent.participant_id, sent.wording_sha256, sent.language, sent.reading) == (None, None, "", None)
    assert (sent.agreed_by, sent.interpreter, sent.witness, sent.evidence) == ("", "", "", None)
    told = story()
    del told["participants"]
    assert read_story(told, AN_ID).participants == ()


def test_what_a_consent_rests_on_is_read() -> None:
    evidence = {"id": new_id(), "kind": "signature", "sha256": "B" * 64}
    sent = read_consent(consent(participant_id=new_id(), wording_sha256="a" * 64, language="cy", reading="easy",
                                agreed_by="Her mother", evidence=evidence), AN_ID)
    assert (sent.wording_sha256, sent.language, sent.reading) == ("a" * 64, "cy", Reading.EASY)
    assert sent.evidence == SentEvidence(evidence["id"], EvidenceKind.SIGNATURE, "b" * 64)


@pytest.mark.parametrize(("field", "value"), [
    ("wording_sha256", "a" * 63), ("language", "not a language"), ("reading", "quick"), ("participant_id", "me"),
    ("agreed_by", "x" * 121), ("witness", 7), ("evidence", []), ("how", "shouted")])
def test_a_consent_with_something_wrong_says_what(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        read_consent(consent(**{field: value}), AN_ID)
    assert field in refused.value.fields


def test_those_who_told_a_story_each_have_an_id_and_a_code() -> None:
    sent = read_story(story("0" * 26, "1" * 26), AN_ID)
    assert [one.pseudonym for one in sent.participants] == ["Person 0", "Person 1"]
    assert sent.participants[0].receipt_code_hash == sent.receipt_code_hash
    for wrong, field in ((story("0" * 26, "0" * 26), "participants"), (story("1" * 26), "receipt_code"),
                         (story(participants=[]), "participants"), (story(*["0" * 26] * 41), "participants")):
        with pytest.raises(Invalid) as refused:
            read_story(wrong, AN_ID)
        assert field in refused.value.fields


def test_evidence_names_its_consent_and_a_photo_says_who_is_in_it() -> None:
    metadata = {"id": new_id(), "kind": "evidence", "story_id": new_id(), "sha256": "a" * 64, "started_at": TOLD_AT}
    with pytest.raises(Invalid) as refused:
        read_part(metadata, 9, "")
    assert set(refused.value.fields) == {"consent_id", "evidence_kind"}
    sent = read_part(metadata | {"consent_id": new_id(), "evidence_kind": "spoken"}, 9, "")
    assert sent.evidence_kind is EvidenceKind.SPOKEN
    photo = metadata | {"kind": "photo", "people": "agreed", "people_note": "Rose and Ali"}
    assert read_part(photo, 9, "").people is People.AGREED
    with pytest.raises(Invalid):
        read_part(photo | {"people": "everybody"}, 9, "")
