"""Which languages and names to expect in recordings, on the pages of a project's administrators."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.audit import AuditEntry
from server.models.project import Project
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def address(project: Project) -> str:
    return f"/projects/{project.id}/settings/speech"


def test_they_are_said_in_words_and_can_be_changed(administrator: Browser, project: Project, session: Session) -> None:
    settings = administrator.get(f"/projects/{project.id}/settings").text
    assert "People may speak any language that the computer knows." in settings
    assert_sound(administrator.get(address(project)))
    sent = {"language": ["cy", "en"], "vocabulary": "Ysbyty Gwynedd\n<b>CAMHS", "version": "1"}
    saved = administrator.post(address(project), data=sent, follow_redirects=True)
    assert_sound(saved)
    for words in ("recordings that are written down from now on", "People may speak English, Welsh.",
                  "It looks out for 2 names and words."):
        assert words in saved.text
    form = administrator.get(address(project)).text
    assert form.count(" checked") == 2
    assert "Ysbyty Gwynedd\n&lt;b&gt;CAMHS" in form
    session.expire_all()
    kept = session.get_one(Project, project.id)
    assert (kept.languages, kept.vocabulary, kept.version) == (["en", "cy"], ["Ysbyty Gwynedd", "<b>CAMHS"], 2)


def test_the_field_says_how_many_names_are_used(administrator: Browser, project: Project) -> None:
    assert "The computer has room for about a dozen, so put those first that come up most." in (
        administrator.get(address(project)).text)
    for count, said in ((12, "It looks out for 12 names and words."),
                        (13, "It is given 13 names and words, and has room for about the first dozen.")):
        sent = {"vocabulary": "\n".join(map(str, range(count))), "version": str(count - 11)}
        assert said in administrator.post(address(project), data=sent, follow_redirects=True).text


def test_it_is_in_the_audit_without_the_words(administrator: Browser, project: Project, session: Session) -> None:
    administrator.post(address(project), data={"vocabulary": "Ysbyty Gwynedd", "version": "1"})
    session.rollback()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.action, entry.kind, entry.subject_id) == ("changed", "speech settings", project.id)
    assert "Gwynedd" not in str(entry.details)


def test_what_will_not_do_comes_back_with_what_to_do(administrator: Browser, project: Project) -> None:
    answer = administrator.post(address(project), data={"language": ["cy", "tlh"], "vocabulary": "a" * 61,
                                                        "version": "1"})
    assert answer.status_code == 422
    assert_sound(answer)
    for words in ("Choose languages from the list.", "60 letters or shorter", "a" * 61, 'value="cy" checked'):
        assert words in answer.text


def test_two_who_change_them_at_once_see_both_and_can_choose(administrator: Browser, project: Project,
                                                             session: Session) -> None:
    administrator.post(address(project), data={"language": ["en"], "vocabulary": "CAMHS", "version": "1"})
    mine = {"language": ["cy", "ur"], "vocabulary": "Gwynedd", "version": "1"}
    answer = administrator.post(address(project), data=mine)
    assert answer.status_code == 412
    assert_sound(answer)
    for words in ("CAMHS", "English", "Gwynedd", 'name="languages" value="Urdu\nWelsh"', 'name="version" value="2"'):
        assert words in answer.text
    administrator.post(address(project), data={"languages": "Urdu\r\nWelsh", "vocabulary": "Gwynedd", "version": "2"})
    session.expire_all()
    assert session.get_one(Project, project.id).languages == ["ur", "cy"]


def test_a_form_that_says_no_version_saves_nothing(administrator: Browser, project: Project, session: Session) -> None:
    assert administrator.post(address(project), data={"vocabulary": "CAMHS"}).status_code == 428
    session.expire_all()
    assert session.get_one(Project, project.id).vocabulary == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_may(session: Session, project: Project, sign_in_as, role: Role) -> None:
    browser = sign_in_as(makers.make_person(session, project, role))
    assert browser.get(address(project)).status_code == 404
    assert browser.post(address(project), data={"vocabulary": "CAMHS", "version": "1"}).status_code == 404
