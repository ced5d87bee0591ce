"""Invitations, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import Invalid, LinkExpired, NotFound
from server.models.people import Invitation, Person
from server.models.project import Project
from server.services import invitations, passwords, people
from tests.makers import make_person, make_project, viewer_of

PASSWORD = "four words in a row"


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))


def test_an_invitation_gives_a_new_person_its_role(session: Session, project: Project, administrator: Viewer) -> None:
    _, token = invitations.make(session, administrator, project.id, "analyst", "Ona")
    person = invitations.accept_as_new(session, token, "Ona", "ona@example.org", passwords.choose(PASSWORD, ""))
    assert viewer_of(session, person).roles == {project.id: frozenset({Role.ANALYST})}


def test_an_invitation_adds_a_role_to_somebody_with_an_account(session: Session, project: Project,
                                                               administrator: Viewer) -> None:
    sam = make_person(session, project, Role.RESEARCHER)
    _, token = invitations.make(session, administrator, project.id, "board_member", "")
    invitations.accept(session, viewer_of(session, sam), token)
    assert viewer_of(session, sam).roles_in(project.id) == {Role.RESEARCHER, Role.BOARD_MEMBER}


def test_an_invitation_to_a_role_one_has_changes_nothing(session: Session, project: Project,
                                                         administrator: Viewer) -> None:
    sam = make_person(session, project, Role.RESEARCHER)
    _, token = invitations.make(session, administrator, project.id, "researcher", "")
    invitations.accept(session, viewer_of(session, sam), token)
    assert viewer_of(session, sam).roles_in(project.id) == {Role.RESEARCHER}


def test_an_invitation_works_once(session: Session, project: Project, administrator: Viewer) -> None:
    _, token = invitations.make(session, administrator, project.id, "analyst", "")
    invitations.accept(session, viewer_of(session, make_person(session)), token)
    second = make_person(session)
    with pytest.raises(LinkExpired):
        invitations.accept(session, viewer_of(session, second), token)
    assert viewer_of(session, second).roles == {}
    assert invitations.list_open(session, administrator, project.id) == []


def test_an_invitation_ends_after_two_weeks(session: Session, project: Project, administrator: Viewer) -> None:
    made, token = invitations.make(session, administrator, project.id, "analyst", "")
    assert timedelta(days=13) < made.expires_at - datetime.now(UTC) <= timedelta(days=14)
    session.query(Invitation).update({"expires_at": datetime.now(UTC) - timedelta(seconds=1)})
    with pytest.raises(LinkExpired):
        invitations.look_up(session, token)
    with pytest.raises(LinkExpired):
        invitations.accept_as_new(session, token, "Ona", "ona@example.org", passwords.choose(PASSWORD, ""))


def test_a_cancelled_invitation_no_longer_works(session: Session, project: Project, administrator: Viewer) -> None:
    made, token = invitations.make(session, administrator, project.id, "analyst", "")
    assert invitations.revoke(session, administrator, made.id) == (project.id, None)
    with pytest.raises(LinkExpired):
        invitations.look_up(session, token)


def test_whoever_is_removed_leaves_no_way_back_in(session: Session, project: Project,
                                                  administrator: Viewer) -> None:
    removed = make_person(session, project, Role.ADMINISTRATOR)
    _, token = invitations.make(session, viewer_of(session, removed), project.id, "administrator", "")
    people.remove_role(session, administrator, project.id, removed.id, Role.ADMINISTRATOR)
    with pytest.raises(LinkExpired):
        invitations.accept(session, viewer_of(session, removed), token)
    assert viewer_of(session, removed).roles == {}
    assert invitations.list_open(session, administrator, project.id) == []


def test_the_token_is_kept_nowhere(session: Session, project: Project, administrator: Viewer) -> None:
    _, token = invitations.make(session, administrator, project.id, "analyst", "Ona")
    row = session.query(Invitation).one()
    assert token not in {str(value) for value in vars(row).values()}


def test_an_account_that_is_refused_leaves_the_invitation_open(session: Session, project: Project,
                                                               administrator: Viewer) -> None:
    _, token = invitations.make(session, administrator, project.id, "analyst", "")
    with pytest.raises(Invalid):
        invitations.accept_as_new(session, token, "Ona", "ona@example.org", passwords.choose("short", ""))
    assert invitations.look_up(session, token).role is Role.ANALYST
    assert session.query(Person).filter_by(email="ona@example.org").count() == 0


def test_a_role_that_does_not_exist_is_refused(session: Session, project: Project, administrator: Viewer) -> None:
    with pytest.raises(Invalid) as refusal:
        invitations.make(session, administrator, project.id, "owner", "n" * 81)
    assert set(refusal.value.fields) == {"role", "label"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_invites_lists_or_cancels(session: Session, project: Project, administrator: Viewer,
                                              role: Role) -> None:
    made, _ = invitations.make(session, administrator, project.id, "analyst", "")
    outsider = viewer_of(session, make_person(session, make_project(session, "Another"), Role.ADMINISTRATOR))
    for viewer in (viewer_of(session, make_person(session, project, role)), outsider):
        with pytest.raises(NotFound):
            invitations.make(session, viewer, project.id, "administrator", "")
        with pytest.raises(NotFound):
            invitations.list_open(session, viewer, project.id)
        with pytest.raises(NotFound):
            invitations.revoke(session, viewer, made.id)
