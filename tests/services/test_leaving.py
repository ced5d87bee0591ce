"""Whoever leaves a partner, and a partner that leaves a project, has no role of it left at once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.consent import FOREVER, NEVER
from server.domain.custody import ROLES_OF_PARTNERS
from server.domain.errors import Invalid, LastLead, LinkExpired, NotFound, RoleHeldForAnother
from server.domain.sync import Cursor
from server.models.audit import AuditEntry
from server.models.consent import Clearance
from server.models.organisation import CustodyOverride, Partner
from server.models.people import Membership
from server.services import feed, invitations, leaving, partners, people, register, withdrawals
from tests import makers, makers_of_partners


class World:
    """A partner that shares what it keeps, with two leads, and a person who holds every other role for it."""

    def __init__(self, session: Session) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.partner = makers_of_partners.add_partner(session, self.project, others_from=NEVER)
        self.administrator = makers.viewer_of(session, makers.make_person(session, self.project, Role.ADMINISTRATOR))
        self.lead = self.viewer(Role.CUSTODIAN)
        self.person = makers_of_partners.person_of(session, self.project, self.partner, *ROLES_OF_PARTNERS[1:])
        self.story = makers_of_partners.keep(session, makers.make_story(session, self.project, self.person),
                                             self.partner)

    def viewer(self, role: Role) -> Viewer:
        return makers.viewer_of(self.session, makers_of_partners.person_of(
            self.session, self.project, self.partner, role))

    def roles_of_partner(self) -> list[str]:
        return sorted(self.session.scalars(select(Membership.role).where(
            Membership.organisation_id == self.partner)))

    def invite(self, viewer: Viewer, role: str = "researcher", reason: str = "") -> str:
        return invitations.make(self.session, viewer, self.project.id, role, "", self.partner, reason)[1]


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_leaving_a_partner_ends_every_role_that_was_held_for_it_and_no_other(world: World) -> None:
    other = makers.make_project(world.session, "Another project")
    people.add_role(world.session, world.person.id, other.id, Role.ANALYST)
    people.add_role(world.session, world.person.id, world.project.id, Role.ADMINISTRATOR)
    leaving.end_person(world.session, world.lead, world.project.id, world.partner, world.person.id)
    viewer = makers.viewer_of(world.session, world.person)
    assert viewer.roles == {other.id: {Role.ANALYST}, world.project.id: {Role.ADMINISTRATOR}}
    assert viewer.organisations == {}
    world.session.commit()
    told = feed.read(world.session, viewer, Cursor(0, 100)).changes
    assert [one.content.collects for one in told if one.kind == "membership"] == [False], "their phone is told"


def test_the_last_lead_stays_until_there_is_another(world: World) -> None:
    with pytest.raises(LastLead):
        leaving.end_person(world.session, world.lead, world.project.id, world.partner, world.lead.person_id)
    another = world.viewer(Role.CUSTODIAN)
    leaving.end_person(world.session, another, world.project.id, world.partner, world.lead.person_id)
    assert world.roles_of_partner().count("custodian") == 1


def test_nobody_but_a_lead_ends_what_others_do_for_a_partner(world: World) -> None:
    other = makers_of_partners.add_partner(world.session, world.project, "Another")
    stranger = makers.viewer_of(world.session, makers_of_partners.person_of(
        world.session, world.project, other, Role.CUSTODIAN))
    for viewer in (world.administrator, stranger, makers.viewer_of(world.session, world.person)):
        with pytest.raises(NotFound):
            leaving.end_person(world.session, viewer, world.project.id, world.partner, world.person.id)


def test_a_partner_that_leaves_has_nobody_there_and_shares_nothing_at_once(world: World) -> None:
    token = world.invite(world.lead)
    leaving.end_partner(world.session, world.lead, world.project.id, world.partner)
    world.session.commit()
    assert world.roles_of_partner() == []
    with pytest.raises(LinkExpired):
        invitations.look_up(world.session, token)
    assert set(world.session.scalars(select(Clearance.others_from))) == {FOREVER}
    row = world.session.get_one(Partner, (world.project.id, world.partner))
    assert row.left_at is not None
    with pytest.raises(NotFound):
        partners.get(world.session, makers.viewer_of(world.session, world.person), world.project.id, world.partner)
    assert Action.OVERRODE_CUSTODY not in set(world.session.scalars(select(AuditEntry.action)))


def test_an_administrator_ends_a_partners_part_only_with_a_reason(world: World) -> None:
    with pytest.raises(Invalid):
        leaving.end_partner(world.session, world.administrator, world.project.id, world.partner)
    assert len(world.roles_of_partner()) == 5
    leaving.end_partner(world.session, world.administrator, world.project.id, world.partner, "They closed.")
    [row] = world.session.scalars(select(CustodyOverride))
    assert (row.kind, row.reason) == ("left", "They closed.")
    assert world.roles_of_partner() == []


def test_after_a_partner_left_its_stories_can_still_be_withdrawn_and_it_may_come_back(world: World) -> None:
    leaving.end_partner(world.session, world.lead, world.project.id, world.partner)
    entry = register.get_entry(world.session, world.administrator, world.project.id, world.story.id)
    assert entry.pseudonym != "Amal"
    name = dict(partners.list_names(world.session, world.project.id))[world.partner]
    assert partners.add(world.session, world.administrator, world.project.id, f" {name.upper()} ") == world.partner
    assert set(world.session.scalars(select(Clearance.others_from))) == {FOREVER}
    withdrawals.withdraw(world.session, world.administrator, world.story.id)
    assert not world.session.scalars(select(Clearance)).all()


@pytest.mark.parametrize("role", ["administrator", "nothing", ""])
def test_a_lead_invites_to_what_a_partner_may_do_and_to_no_more(world: World, role: str) -> None:
    with pytest.raises(Invalid):
        world.invite(world.lead, role)


def test_whoever_takes_up_an_invitation_holds_the_role_for_the_partner(world: World) -> None:
    newcomer = makers.viewer_of(world.session, makers.make_person(world.session))
    invitations.accept(world.session, newcomer, world.invite(world.lead, "commissioner"))
    held = world.session.get_one(Membership, (newcomer.person_id, world.project.id, "commissioner"))
    assert held.organisation_id == world.partner


def test_a_role_that_is_held_for_somebody_else_is_not_changed_by_an_invitation(world: World) -> None:
    researcher = makers.viewer_of(world.session, makers.make_person(world.session, world.project, Role.RESEARCHER))
    token = world.invite(world.lead)
    with pytest.raises(RoleHeldForAnother):
        invitations.accept(world.session, researcher, token)


def test_an_administrator_invites_the_first_lead_and_after_that_only_with_a_reason(world: World) -> None:
    begun, new = world.partner, partners.add(world.session, world.administrator, world.project.id, "Night shift")
    world.partner = new
    first, spare = (world.invite(world.administrator, "custodian") for _ in range(2))
    with pytest.raises(Invalid):
        world.invite(world.administrator, "commissioner")
    newcomer = makers.viewer_of(world.session, makers.make_person(world.session))
    invitations.accept(world.session, newcomer, first)
    with pytest.raises(LinkExpired):
        invitations.look_up(world.session, spare)
    for partner in (new, begun):
        world.partner = partner
        with pytest.raises(Invalid):
            world.invite(world.administrator, "custodian")
        assert not world.session.scalars(select(CustodyOverride)).all()
    token = world.invite(world.administrator, "custodian", "Their lead has died.")
    assert invitations.look_up(world.session, token).role is Role.CUSTODIAN
    [row] = world.session.scalars(select(CustodyOverride))
    assert (row.kind, row.organisation_id) == ("lead", begun)


def test_nobody_invites_to_a_partner_of_which_they_are_not_a_lead(world: World) -> None:
    for viewer in (makers.viewer_of(world.session, world.person), world.viewer(Role.COMMISSIONER)):
        with pytest.raises(NotFound):
            world.invite(viewer)
    with pytest.raises(Invalid):
        invitations.make(world.session, world.administrator, world.project.id, "custodian", "")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "\0", "Carers  together"])
def test_a_partner_has_a_name_that_no_other_of_the_project_has(world: World, name: str) -> None:
    with pytest.raises(Invalid):
        partners.add(world.session, world.administrator, world.project.id, name)
