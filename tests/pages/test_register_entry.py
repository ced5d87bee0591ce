"""Who agreed to what, and the file that shows it."""

import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.audit import AuditEntry
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.project import Project
from server.models.story import Story
from tests.makers import add_evidence_of_consent, add_participant, make_person, make_project, make_story
from tests.pages.page_checks import assert_sound

SIGNED = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    return make_story(session, project, make_person(session, project, Role.RESEARCHER), pseudonym="The choir")


@pytest.fixture
def evidence(app: Flask, session: Session, story: Story) -> ConsentEvidence:
    person = add_participant(session, story, "Rose", {Use.RECORD})
    record = session.query(ConsentRecord).filter_by(participant_id=person.id).one()
    record.language, record.reading, record.wording_sha256 = "ur", "easy", "a" * 64
    record.for_whom, record.agreed_by, record.witness = "child", "Her mother", "The ward sister"
    app.extensions["earshot"].store.put(io.BytesIO(SIGNED))
    found = add_evidence_of_consent(session, story, record, SIGNED)
    session.commit()
    return found


def test_the_page_says_who_agreed_to_what_and_how(session: Session, sign_in_as, project: Project, story: Story,
                                                  evidence: ConsentEvidence) -> None:
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    answer = browser.get(f"/projects/{project.id}/register/{story.id}")
    assert_sound(answer)
    for words in ("Rose", "A child", "Her mother", "The ward sister", "Urdu", "easy to read", "Signature",
                  f"/evidence/{evidence.id}"):
        assert words in answer.text, words


@pytest.mark.parametrize(("stored", "named", "words"), [
    (True, "0" * 64, "has not come yet"), (False, None, "It is being stored")])
def test_evidence_that_is_not_here_is_said_to_be_missing(session: Session, sign_in_as, project: Project, story: Story,
                                                         evidence: ConsentEvidence, stored: bool, named: str | None,
                                                         words: str) -> None:
    if named:
        session.query(ConsentRecord).filter(ConsentRecord.evidence_id.is_not(None)).one().evidence_sha256 = named
    if not stored:
        evidence.stored_at = None
    session.commit()
    browser = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    page = browser.get(f"/projects/{project.id}/register/{story.id}").text
    assert words in page
    assert "Save the file" not in page
    listed = browser.get(f"/projects/{project.id}/register").text
    assert ("Evidence has not come yet" in listed) == bool(named)


def test_the_file_is_saved_byte_for_byte_and_opens_in_no_page(session: Session, sign_in_as, project: Project,
                                                              story: Story, evidence: ConsentEvidence) -> None:
    person = make_person(session, project, Role.ADMINISTRATOR)
    browser = sign_in_as(person)
    answer = browser.get(f"/projects/{project.id}/register/{story.id}/evidence/{evidence.id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SIGNED, "image/png")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-signature.png"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    session.rollback()
    entry = session.query(AuditEntry).order_by(AuditEntry.sequence.desc()).first()
    assert (entry.person_id, entry.action, entry.kind, entry.subject_id) == (person.id, "seen", "evidence", evidence.id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_gets_the_file_and_a_researcher_is_told_that_it_is_kept(
    session: Session, sign_in_as, project: Project, story: Story, evidence: ConsentEvidence, role: Role
) -> None:
    """fault 44"""
    person = make_person(session, project, role)
    if role is Role.RESEARCHER:
        story.researcher_id = person.id
    session.commit()
    browser = sign_in_as(person)
    assert browser.get(f"/projects/{project.id}/register/{story.id}/evidence/{evidence.id}").status_code == 404
    page = browser.get(f"/projects/{project.id}/register/{story.id}")
    assert page.status_code == (200 if role is Role.RESEARCHER else 404)
    if role is Role.RESEARCHER:
        assert "Only an administrator can open it" in page.text
