"""Stories that were taken back on a phone which somebody else uses by then, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.errors import ItemOfNobodyHere, NotFound
from server.domain.ids import new_id
from server.domain.item import Became
from server.domain.sent import SentParticipant
from server.domain.sync import Body
from server.importing import bring_in
from server.models.audit import AuditEntry
from server.models.consent import Withdrawal, WithdrawnCode
from server.models.held import HeldArrival
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Story
from server.services import people, pushes, stories
from tests import makers
from tests.item_files import entry_of
from tests.services import sending
from tests.services.test_item_imports import SavedOn
from tests.services.test_phone_withdrawals import CLOCK, push, withdrawal
from tests.services.test_withdrawn_codes import ALI, ROSE, SAM, choir_of, hashes, look_up, told


@pytest.fixture
def colleague(session: Session, project: Project) -> Viewer:
    """Somebody who collects for the same project, on the same phone."""
    return makers.viewer_of(session, makers.make_person(session, project, Role.RESEARCHER, name="Lou"))


@pytest.fixture
def choir(session: Session, project: Project, viewer: Viewer) -> str:
    """The id of a story that the viewer collected, and that Rose and Ali told."""
    sent = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0], participants=tuple(
        SentParticipant(new_id(), name, hashes(code)[0]) for name, code in (("Rose", ROSE), ("Ali", ALI))))
    assert told(session, project, viewer, sent)
    session.commit()
    return sent.id


@pytest.mark.parametrize("code", [ROSE, ALI])
def test_a_colleague_who_names_a_receipt_code_of_it_passes_it_on(session: Session, project: Project, choir: str,
                                                                 colleague: Viewer, code: str) -> None:
    """Its participant waits for nobody to sign in: only a phone that had the story knows a code of it."""
    sent = withdrawal(project.id, choir, receipt_code_hashes=hashes(code))
    assert push(session, colleague, sent)[1] is True
    session.commit()
    assert session.get(Story, choir) is None
    assert session.get_one(Withdrawal, choir).recorded_by == colleague.person_id
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.WITHDREW)).one()
    assert (entry.person_id, entry.subject_id, entry.details) == (
        colleague.person_id, choir, {"made_at": makers.NOON.isoformat(), "scope": "erase"})
    assert push(session, colleague, sent)[1] is False


def test_so_does_a_colleague_for_a_story_that_waits_for_consent(session: Session, project: Project, viewer: Viewer,
                                                                colleague: Viewer) -> None:
    story_id = new_id()
    body, sent = choir_of(project, story_id)
    pushes.push_story(session, viewer, sent, body, CLOCK)
    assert session.query(HeldArrival).count() == 1
    assert push(session, colleague, withdrawal(project.id, story_id, receipt_code_hashes=hashes(ALI)))[1] is True
    assert session.query(HeldArrival).count() == 0
    assert look_up(session, ROSE).had_come is True


def test_nobody_passes_on_what_they_cannot_name_a_code_of(session: Session, project: Project, choir: str,
                                                          viewer: Viewer, colleague: Viewer) -> None:
    """fault 44: a code of another story is none, and nothing is said of it."""
    other = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(SAM)[0])
    stories.receive(session, viewer, other, Body.of(b"other"), CLOCK)
    for codes in ((), hashes(SAM), ("0" * 64,)):
        with pytest.raises(NotFound):
            push(session, colleague, withdrawal(project.id, choir, receipt_code_hashes=codes))
        session.rollback()
    assert session.get(Story, choir) is not None


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.COMMISSIONER, Role.ANALYST])
def test_whoever_may_withdraw_nothing_there_passes_nothing_on(session: Session, project: Project, choir: str,
                                                              role: Role) -> None:
    """fault 44"""
    reader = makers.viewer_of(session, makers.make_person(session, project, role))
    elsewhere = makers.make_project(session, "Another")
    people.add_role(session, reader.person_id, elsewhere.id, Role.RESEARCHER)
    both = makers.viewer_of(session, session.get_one(Person, reader.person_id))
    session.commit()
    for project_id in (project.id, elsewhere.id):
        with pytest.raises(NotFound):
            push(session, both, withdrawal(project_id, choir, receipt_code_hashes=hashes(ROSE)))
        session.rollback()
    assert session.get(Story, choir) is not None


def test_a_colleague_adds_no_receipt_of_their_own_with_it(session: Session, project: Project, choir: str,
                                                          colleague: Viewer) -> None:
    """fault 44"""
    push(session, colleague, withdrawal(project.id, choir, receipt_code_hashes=hashes(ROSE, SAM)))
    kept = set(session.scalars(select(WithdrawnCode.receipt_code_hash).where(WithdrawnCode.story_id == choir)))
    assert hashes(SAM)[0] not in kept
    assert hashes(ALI)[0] in kept


def test_one_in_a_saved_file_ends_the_story_though_whoever_collected_it_has_left(
        session: Session, project: Project, choir: str, viewer: Viewer) -> None:
    """fault 26: in the name of the administrator who brings it in. Nothing else of such a file comes in."""
    saved = SavedOn(session, project, session.get_one(Person, viewer.person_id))
    administrator = makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))
    session.query(Membership).filter_by(person_id=viewer.person_id).delete()
    session.commit()
    ended = entry_of("withdrawal", {"id": new_id(), "project_id": project.id, "story_id": choir, "reason": "",
                                    "withdrawn_at": "2026-05-04T12:00:00+01:00"})
    for entries, who in (([saved.quote(choir), ended], administrator), ([ended], None)):
        with pytest.raises(ItemOfNobodyHere):
            bring_in(saved.file(entries), project.id, who)
    assert [outcome.became for outcome in bring_in(saved.file([ended]), project.id, administrator)] == [Became.CAME_IN]
    ended_now = session.get_one(Withdrawal, choir)
    assert (ended_now.recorded_by, ended_now.written_down_at is not None) == (administrator.person_id, True)
    assert session.get(Story, choir) is None
