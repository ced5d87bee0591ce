"""One person's consent as a document: all of theirs, and nothing of anybody else's."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Audience, Content, Scope, Standing, Use
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.retention import Cause
from server.exports.consent_json import write_json
from server.models.consent import ConsentRecord, Embargo, PartialWithdrawal
from server.models.project import Project
from server.models.story import Story
from server.services import consent_documents, consent_wordings, consents, withdrawal_scopes, withdrawals
from tests import makers
from tests.makers import NOON

SCHEMA = Path(__file__).parents[2] / "docs" / "consent.schema.json"
SECRETS = ("Quentin Mossback", "Aunt Philomena", "Uncle Barnaby", "owls", "Zebedee", "Mossy Hollow", "A worry")


def written(session: Session, story_id: str, participant_id: str | None = None) -> dict[str, Any]:
    """The file, as its description has it."""
    content = json.loads(write_json(consent_documents.of_participant(session, story_id, participant_id)))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(content)
    return content


@pytest.fixture
def told(session: Session, project: Project) -> Story:
    """A story that two people told, with names and words in every place that has room for one."""
    project.controller, project.lawful_basis = "Northgate NHS Trust", "Public task"
    project.ethics_reference, project.dpia_reference = "24/NW/0001", "DPIA-7"
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher, pseudonym="Zebedee", place="Mossy Hollow")
    session.query(ConsentRecord).delete()
    makers.add_participant(session, story, "Quentin Mossback")
    makers.add_participant(session, story, "Rose", uses={Use.RECORD, Use.TRANSCRIBE, Use.COMMISSIONERS})
    makers.add_quote(session, story, "owls counted the corridors")
    for record in session.query(ConsentRecord):
        record.witness, record.interpreter, record.agreed_by = "Aunt Philomena", "Uncle Barnaby", "Quentin Mossback"
    session.commit()
    return story


def of(session: Session, story: Story, name: str) -> str:
    return next(person.id for person in story.participants if person.pseudonym == name)


def test_it_says_all_that_one_person_answered_and_by_whose_responsibility(session: Session, told: Story) -> None:
    first = of(session, told, "Quentin Mossback")
    record = session.query(ConsentRecord).filter_by(participant_id=first).one()
    makers.add_evidence_of_consent(session, told, record)
    content = written(session, told.id, first)
    assert content["pii_controller"]["name"] == "Northgate NHS Trust"
    assert content["references"] == {"ethics": "24/NW/0001", "dpia": "DPIA-7"}
    assert (content["pii_principal_id"], content["others_who_must_agree"]) == (first, 1)
    [event] = content["events"]
    assert (event["record_id"], event["collection_method"], event["for_whom"]) == (record.id, "spoken", "self")
    assert event["evidence"] == {"kind": "signature", "sha256": record.evidence_sha256}
    assert [one["event_state"] for one in event["purposes"]] == ["given"] * len(Use)
    assert [one["question"] for one in event["purposes"]] == [f"May we {use.value}?" for use in Use]
    assert {one["event_state"] for one in content["standing"]} == {"granted"}


def test_it_holds_no_word_of_the_story_and_no_name(session: Session, told: Story) -> None:
    for person in told.participants:
        text = write_json(consent_documents.of_participant(session, told.id, person.id))
        assert [secret for secret in SECRETS if secret in text] == []


def test_what_the_others_answered_is_not_in_it(session: Session, told: Story) -> None:
    first, second = (person.id for person in told.participants)
    theirs = session.query(ConsentRecord).filter_by(participant_id=second).one().id
    text = json.dumps(written(session, told.id, first))
    assert second not in text
    assert theirs not in text
    document = consent_documents.of_participant(session, told.id, second)
    assert document.standings[Use.BOARD] is Standing.REFUSED
    assert {one.audience for one in document.allowed} == {Audience.COMMISSIONERS}


def test_the_very_words_that_were_read_are_in_it_with_their_hash(session: Session, project: Project,
                                                                told: Story) -> None:
    first = of(session, told, "Quentin Mossback")
    record = session.query(ConsentRecord).filter_by(participant_id=first).one()
    assert not written(session, told.id, first)["events"][0]["privacy_notice"]["is_what_was_read"]
    [text] = consent_wordings.texts_of(makers.wording_of(session, project))
    record.wording_sha256 = text.sha256
    session.flush()
    notice = written(session, told.id, first)["events"][0]["privacy_notice"]
    assert (notice["sha256"], notice["is_what_was_read"], notice["version"]) == (text.sha256, True, 1)
    assert (notice["title"], notice["introduction"]) == ("Sharing your story", "You choose.")


def test_a_yes_that_ended_says_when_and_clears_nothing(session: Session, told: Story) -> None:
    first = of(session, told, "Quentin Mossback")
    record = session.query(ConsentRecord).filter_by(participant_id=first).one()
    ended = datetime.now(NOON.tzinfo) - timedelta(days=1)
    record.until = {use.value: ended.isoformat() for use in Use}
    session.flush()
    consents.decide_again(session, told.id)
    content = written(session, told.id, first)
    assert {one["event_state"] for one in content["standing"]} == {"expired"}
    assert {one["until"] for one in content["events"][0]["purposes"]} == {ended.isoformat(timespec="seconds")}
    assert content["allowed"] == []


def test_that_it_is_held_back_is_neither_said_nor_to_be_guessed(session: Session, told: Story) -> None:
    first = of(session, told, "Quentin Mossback")
    before = written(session, told.id, first)
    session.add(Embargo(id=new_id(), story_id=told.id, project_id=told.project_id, reason="A worry", put_at=NOON))
    session.flush()
    consents.decide_again(session, told.id)
    after = written(session, told.id, first)
    assert after | {"made_at": ""} == before | {"made_at": ""}
    assert after["allowed"]


@pytest.mark.parametrize("cause", Cause)
def test_it_can_be_had_after_the_story_has_ended(session: Session, told: Story, cause: Cause) -> None:
    first = of(session, told, "Quentin Mossback")
    story_id = told.id
    withdrawals.end(session, None, story_id, told.project_id, "", NOON + timedelta(days=1), cause=cause)
    session.commit()
    content = written(session, story_id, first)
    assert [event["event_type"] for event in content["events"]] == ["answers", "withdrawal"]
    assert (content["events"][1]["scope"], content["events"][1]["cause"]) == ("erase", cause.value)
    assert {one["event_state"] for one in content["standing"]} == {"withdrawn"}
    assert content["allowed"] == []


@pytest.mark.parametrize("scope", [Scope.ANONYMOUS, Scope.ERASE])
def test_an_administrator_can_show_that_it_was_agreed_to_and_taken_back(
        session: Session, project: Project, administrator: Viewer, viewer: Viewer, told: Story, scope: Scope) -> None:
    first, second = of(session, told, "Quentin Mossback"), of(session, told, "Rose")
    story_id = told.id
    with pytest.raises(NotFound):
        consent_documents.list_asked(session, administrator, project.id, story_id)
    withdrawal_scopes.carry_out(session, None, story_id, project.id, scope, NOON + timedelta(days=1))
    session.commit()
    assert session.get(Story, story_id) is None
    assert consent_documents.list_asked(session, administrator, project.id, story_id) == [first, second]
    text = write_json(consent_documents.get(session, administrator, project.id, story_id, second))
    assert [secret for secret in (*SECRETS, "Rose") if secret in text] == []
    answers, ended = json.loads(text)["events"]
    assert {one["purpose"] for one in answers["purposes"] if one["event_state"] == "given"} == {
        "record", "transcribe", "commissioners"}
    assert (answers["collection_method"], answers["privacy_notice"]["version"]) == ("spoken", 1)
    assert (ended["scope"], ended["event_time"]) == (scope.value, "2026-05-05T12:00:00+00:00")
    elsewhere = makers.make_project(session, "Elsewhere")
    theirs = makers.viewer_of(session, makers.make_person(session, elsewhere, Role.ADMINISTRATOR))
    for who, project_id, person in ((viewer, project.id, first), (administrator, project.id, None),
                                    (administrator, project.id, new_id()), (theirs, project.id, first),
                                    (theirs, elsewhere.id, first)):
        with pytest.raises(NotFound):
            consent_documents.get(session, who, project_id, story_id, person)


def test_of_a_story_whose_records_named_nobody_it_is_one_person_that_is_shown(
        session: Session, project: Project, administrator: Viewer, story: Story) -> None:
    story_id = story.id
    withdrawals.end(session, None, story_id, project.id, "", NOON)
    assert consent_documents.list_asked(session, administrator, project.id, story_id) == [None]
    assert consent_documents.get(session, administrator, project.id, story_id, None).records


def test_a_story_whose_consent_never_came_has_nothing_to_show(session: Session, project: Project,
                                                              administrator: Viewer) -> None:
    withdrawals.end(session, None, story_id := new_id(), project.id, "", NOON)
    assert consent_documents.list_asked(session, administrator, project.id, story_id) == []
    with pytest.raises(NotFound):
        consent_documents.get(session, administrator, project.id, story_id, None)


def test_a_story_of_one_whose_record_names_nobody_has_its_document(session: Session, story: Story) -> None:
    content = written(session, story.id)
    assert (content["pii_principal_id"], content["others_who_must_agree"]) == (None, 0)
    assert {one["event_state"] for one in content["standing"]} == {"granted"}
    assert {(one["recipient"], one["content"]) for one in content["allowed"]} >= {
        (Audience.BOARD.value, Content.QUOTE.value)}


def test_the_only_one_who_told_it_is_that_person_also_where_nobody_is_named(session: Session, project: Project) -> None:
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    session.query(ConsentRecord).delete()
    person = makers.add_participant(session, story)
    content = written(session, story.id)
    assert (content["pii_principal_id"], content["others_who_must_agree"]) == (person.id, 0)
    assert len(content["events"]) == 1


def test_what_was_withdrawn_in_part_is_said_with_its_scope(session: Session, told: Story) -> None:
    first = of(session, told, "Quentin Mossback")
    session.add(PartialWithdrawal(story_id=told.id, scope=Scope.WORDS_ONLY.value, project_id=told.project_id,
                                  at=NOON + timedelta(days=2)))
    session.flush()
    content = written(session, told.id, first)
    assert content["events"][-1]["scope"] == "words_only"
    assert "audio" not in {one["content"] for one in content["allowed"]}


def test_only_an_administrator_gets_it_and_only_of_somebody_who_told_that_story(
        session: Session, project: Project, administrator: Viewer, viewer: Viewer, told: Story, story: Story) -> None:
    """fault 44"""
    first = of(session, told, "Quentin Mossback")
    assert consent_documents.get(session, administrator, project.id, told.id, first).participant_id == first
    for who, story_id, person in ((viewer, told.id, first), (administrator, story.id, first),
                                  (administrator, told.id, None), (administrator, told.id, new_id()),
                                  (administrator, new_id(), None)):
        with pytest.raises(NotFound):
            consent_documents.get(session, who, project.id, story_id, person)
