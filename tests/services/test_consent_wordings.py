"""Consent wordings and what consents rest on, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import EvidenceKind, Given, Use
from server.domain.consent_wording import Question, Reading, Text, Wording
from server.domain.errors import Invalid, WordingMismatch
from server.domain.ids import new_id
from server.domain.languages import LANGUAGES
from server.domain.sent import SentEvidence
from server.domain.suggested_wordings import SUGGESTED, SUGGESTED_TEXTS
from server.domain.sync import PhoneClock
from server.models.consent import ConsentRecord
from server.models.project import ConsentWording, Project
from server.services import consent_wordings, consents, withdrawals
from tests.makers import make_person, make_project, viewer_of
from tests.services import sending

ENGLISH = Text("en", Reading.FULL, SUGGESTED)
EVERY_TEXT = [Text(language, reading, wording) for (language, reading), wording in SUGGESTED_TEXTS.items()]


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return viewer_of(session, make_person(session, project, Role.ADMINISTRATOR, Role.RESEARCHER))


def publish(session: Session, viewer: Viewer, project: Project, wording: Wording) -> int:
    return consent_wordings.publish(session, viewer, project.id, [Text("en", Reading.FULL, wording)], None)


def test_a_published_wording_is_never_changed(session: Session, project: Project, administrator: Viewer) -> None:
    before = consent_wordings.newest(session, administrator, project.id)
    assert publish(session, administrator, project, replace(SUGGESTED, title="Version two")) == 2
    assert consent_wordings.newest(session, administrator, project.id).wording.title == "Version two"
    first = session.query(ConsentWording).filter_by(project_id=project.id, version=1).one()
    assert first.title == before.wording.title


def test_the_questions_of_a_wording_are_stored_in_the_order_they_are_asked(session: Session, project: Project,
                                                                           administrator: Viewer) -> None:
    backwards = dict(reversed(list(SUGGESTED.questions.items())))
    publish(session, administrator, project, replace(SUGGESTED, questions=backwards))
    row = session.query(ConsentWording).filter_by(project_id=project.id, version=2).one()
    assert [item["use"] for item in row.uses] == list(Use)


def test_a_wording_that_says_nothing_new_is_not_published(session: Session, project: Project,
                                                          administrator: Viewer) -> None:
    same = consent_wordings.newest(session, administrator, project.id).wording
    with pytest.raises(Invalid):
        publish(session, administrator, project, replace(same, title=f" {same.title} "))


def test_every_question_of_a_wording_needs_its_words(session: Session, project: Project,
                                                     administrator: Viewer) -> None:
    questions = {**SUGGESTED.questions, Use.BOARD: Question(" ", "y" * 2001)}
    with pytest.raises(Invalid) as refusal:
        publish(session, administrator, project, replace(SUGGESTED, questions=questions))
    assert set(refusal.value.fields) == {"question_board", "explanation_board"}


def test_a_version_has_its_texts_in_every_language_and_reading(session: Session, project: Project,
                                                               administrator: Viewer) -> None:
    consent_wordings.publish(session, administrator, project.id, list(reversed(EVERY_TEXT)), None)
    session.expire_all()
    found = consent_wordings.newest(session, administrator, project.id)
    assert list(found.texts) == EVERY_TEXT
    assert (found.language, found.wording) == ("en", SUGGESTED)


def test_a_version_has_the_full_text_of_the_main_language(session: Session, project: Project,
                                                          administrator: Viewer) -> None:
    with pytest.raises(Invalid):
        consent_wordings.publish(session, administrator, project.id, EVERY_TEXT[1:], None)


def test_every_suggested_text_is_whole_and_tidy() -> None:
    for text in EVERY_TEXT:
        assert consent_wordings.checked(text.wording) == text.wording
        assert text.language in LANGUAGES


def test_lines_end_in_one_way_whatever_sent_them() -> None:
    assert consent_wordings.checked(replace(SUGGESTED, introduction=" One.\r\nTwo.\r\n")).introduction == "One.\nTwo."


def test_a_consent_names_the_very_words_that_were_read(session: Session, project: Project,
                                                       administrator: Viewer) -> None:
    consent_wordings.publish(session, administrator, project.id, EVERY_TEXT, None)
    newest = consent_wordings.newest(session, administrator, project.id)
    for text in newest.texts:
        sent = replace(sending.consent(project.id, newest.id, new_id()), wording_sha256=text.sha256,
                       language=text.language, reading=text.reading)
        assert consents.record(session, administrator, sent, sending.BODY, PhoneClock())[1]
    rows = session.scalars(select(ConsentRecord).order_by(ConsentRecord.sequence)).all()
    assert [(row.language, row.reading, row.wording_sha256) for row in rows] == [
        (text.language, text.reading.value, text.sha256) for text in newest.texts]


@pytest.mark.parametrize("changes", [
    {"wording_sha256": "0" * 64}, {"language": "cy"}, {"reading": Reading.EASY}, {"reading": None}, {"language": ""}])
def test_words_that_were_never_published_are_refused(session: Session, project: Project, administrator: Viewer,
                                                     changes: dict[str, object]) -> None:
    publish(session, administrator, project, SUGGESTED)
    newest = consent_wordings.newest(session, administrator, project.id)
    sent = replace(sending.consent(project.id, newest.id, new_id()), wording_sha256=ENGLISH.sha256, language="en",
                   reading=Reading.FULL)
    with pytest.raises(WordingMismatch):
        consents.record(session, administrator, replace(sent, **changes), sending.BODY, PhoneClock())
    session.commit()
    assert session.query(ConsentRecord).count() == 0
    assert consents.record(session, administrator, sent, sending.BODY, PhoneClock())[1]


def test_the_words_of_an_older_version_are_right_for_whoever_read_those(session: Session, project: Project,
                                                                        administrator: Viewer) -> None:
    older = consent_wordings.newest(session, administrator, project.id)
    publish(session, administrator, project, SUGGESTED)
    newer = consent_wordings.newest(session, administrator, project.id)
    [text] = older.texts
    for wording_id, is_right in ((older.id, True), (newer.id, False)):
        sent = replace(sending.consent(project.id, wording_id, new_id()), wording_sha256=text.sha256, language="en",
                       reading=Reading.FULL)
        if is_right:
            assert consents.record(session, administrator, sent, sending.BODY, PhoneClock())[1]
            continue
        with pytest.raises(WordingMismatch):
            consents.record(session, administrator, sent, sending.BODY, PhoneClock())


def test_who_stood_in_is_kept_and_forgotten_with_the_story(session: Session, project: Project,
                                                           administrator: Viewer) -> None:
    newest = consent_wordings.newest(session, administrator, project.id)
    evidence = SentEvidence(new_id(), EvidenceKind.PAPER, "a" * 64)
    sent = replace(sending.consent(project.id, newest.id, new_id()), how=Given.PAPER, agreed_by=" Her mother ",
                   interpreter="Mo", witness="Jo", evidence=evidence)
    consents.record(session, administrator, sent, sending.BODY, PhoneClock())
    row = session.query(ConsentRecord).one()
    assert (row.how, row.agreed_by, row.interpreter, row.witness) == ("paper", "Her mother", "Mo", "Jo")
    assert (row.evidence_id, row.evidence_kind, row.evidence_sha256) == (evidence.id, "paper", "a" * 64)
    withdrawals.withdraw(session, administrator, sent.story_id)
    session.expire_all()
    row = session.query(ConsentRecord).one()
    assert (row.agreed_by, row.interpreter, row.witness) == ("", "", "")
