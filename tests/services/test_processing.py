"""The record of processing: what is written, in versions, and what the project really does."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound, VersionConflict, VersionMissing
from server.domain.processing import Processing
from server.models.audit import AuditEntry
from server.models.project import Project
from server.services import audit, processing, withdrawals
from tests import makers

WRITTEN = Processing("Northgate NHS Trust", "Public task", "24/NW/0001", "DPIA-7", "Ring us")


def test_what_is_written_is_there_in_a_new_version(session: Session, project: Project, administrator: Viewer) -> None:
    processing.change(session, administrator, project.id, WRITTEN, 1)
    session.commit()
    assert processing.get(session, administrator, project.id) == processing.Versioned(WRITTEN, 2)


def test_it_is_in_the_audit_without_a_word_and_the_chain_holds(session: Session, project: Project,
                                                              administrator: Viewer) -> None:
    """fault 47"""
    processing.change(session, administrator, project.id, WRITTEN, 1)
    session.commit()
    entry = session.query(AuditEntry).order_by(AuditEntry.sequence.desc()).first()
    assert (entry.person_id, entry.action, entry.kind, entry.details) == (
        administrator.person_id, "changed", "processing", {})
    assert audit.verify(session).problem is None


def test_two_who_change_it_see_both(session: Session, project: Project, administrator: Viewer) -> None:
    """fault 25"""
    processing.change(session, administrator, project.id, WRITTEN, 1)
    with pytest.raises(VersionConflict) as conflict:
        processing.change(session, administrator, project.id, Processing("Somebody else"), 1)
    assert conflict.value.current["controller"] == "Northgate NHS Trust"
    with pytest.raises(VersionMissing):
        processing.change(session, administrator, project.id, Processing("Somebody else"), None)


def test_the_record_says_what_the_project_really_does(session: Session, project: Project,
                                                      administrator: Viewer) -> None:
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher)
    makers.add_recording(session, story)
    makers.add_photo(session, story)
    makers.add_participant(session, makers.make_story(session, project, researcher), "Rose")
    gone = makers.make_story(session, project, researcher)
    makers.add_quote(session, gone)
    withdrawals.withdraw(session, administrator, gone.id)
    other = makers.make_project(session, "Another")
    makers.add_quote(session, makers.make_story(session, other, researcher))
    project.retention_months, project.keep_hours = 24, 7
    session.commit()
    record = processing.get_record(session, administrator, project.id)
    assert record.kept == processing.Kept(stories=2, people=2, recordings=1, photos=1, quotes=0, evidence=0)
    assert record.purposes[Use.BOARD] == "May we board?"
    assert (record.retention_months, record.keep_hours, record.wording_version) == (24, 7, 1)
    assert record.members[Role.RESEARCHER] == 1
    assert record.members[Role.ANALYST] == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_finds_it(session: Session, project: Project, role: Role) -> None:
    """fault 44"""
    other = makers.viewer_of(session, makers.make_person(session, project, role))
    for asked in (lambda: processing.get(session, other, project.id),
                  lambda: processing.get_record(session, other, project.id),
                  lambda: processing.change(session, other, project.id, WRITTEN, 1)):
        with pytest.raises(NotFound):
            asked()
