"""Consent as a file, from the register."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.audit import AuditEntry
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.services import withdrawals
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    """Told by two."""
    found = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    for name in ("Rosalind", "Amal"):
        makers.add_participant(session, found, name)
    session.commit()
    return found


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as: Callable[..., Browser]) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def test_the_register_has_a_file_for_each_person(administrator: Browser, project: Project, story: Story,
                                                 session: Session) -> None:
    people = {person.pseudonym: person.id for person in story.participants}
    address = f"/projects/{project.id}/register/{story.id}"
    page = administrator.get(address)
    assert_sound(page)
    assert page.text.count("Save the consent of") == 2
    file = administrator.get(f"{address}/consent.json?participant={people['Rosalind']}")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="consent-20')
    assert file.mimetype == "application/json"
    assert json.loads(file.data)["pii_principal_id"] == people["Rosalind"]
    assert "Rosalind" not in file.text
    session.rollback()
    entry = session.query(AuditEntry).order_by(AuditEntry.sequence.desc()).first()
    assert (entry.action, entry.kind, entry.details["parts"]) == ("exported", "consent.json", [people["Rosalind"]])


def test_after_a_withdrawal_the_checklist_has_a_file_for_each_person_and_no_name(
        administrator: Browser, project: Project, story: Story, session: Session,
        sign_in_as: Callable[..., Browser]) -> None:
    researcher = sign_in_as(session.get_one(Person, story.researcher_id))
    ids = [person.id for person in story.participants]
    address = f"/projects/{project.id}/register/{story.id}"
    withdrawals.end(session, None, story.id, project.id, "", makers.NOON)
    session.commit()
    page = administrator.get(f"{address}/withdrawn/steps")
    assert_sound(page)
    assert "Save the consent of person 2 of 2" in page.text
    links = re.findall(rf'href="({address}/consent.json[^"]+)"', page.text)
    assert len(links) == 2
    assert [json.loads(administrator.get(link).data)["pii_principal_id"] for link in links] == ids
    theirs = researcher.get(f"{address}/withdrawn/steps")
    assert_sound(theirs)
    assert "What had to go" in theirs.text
    assert "consent.json" not in theirs.text
    assert researcher.get(links[0]).status_code == 404


def test_an_id_of_nobody_and_nothing_finds_nothing(administrator: Browser, project: Project, story: Story) -> None:
    """fault 44"""
    address = f"/projects/{project.id}/register/{story.id}/consent.json"
    for asked in ("", "?participant=", "?participant=nobody", "?participant=%00", f"?participant={story.id}"):
        assert administrator.get(address + asked).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_gets_it(project: Project, story: Story, session: Session, role: Role,
                             sign_in_as: Callable[..., Browser]) -> None:
    """fault 44"""
    browser = sign_in_as(makers.make_person(session, project, role))
    address = f"/projects/{project.id}/register/{story.id}/consent.json?participant={story.participants[0].id}"
    assert browser.get(address).status_code == 404
