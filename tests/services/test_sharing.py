"""What a partner collected stays with it, and others have it on its terms: at once, from a day on, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.bookmark import Turn
from server.domain.consent import FOREVER, NEVER, Audience
from server.domain.custody import Choice, Terms
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.export import Stale
from server.models.audit import AuditEntry
from server.models.consent import Clearance
from server.models.export import ExportPart
from server.models.organisation import CustodyOverride, Partner
from server.services import clearing, consents, custody_overrides, export_list, kept_exports, publication, sharing
from tests import makers, makers_of_partners

DAY = timedelta(days=1)
NOT, AT_ONCE = Terms(FOREVER), Terms(NEVER)


class World:
    """A story that a partner keeps, its lead and its commissioner, and somebody of each role of the project."""

    def __init__(self, session: Session) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.partner = makers_of_partners.add_partner(session, self.project)
        self.lead, self.theirs, self.their_analyst = (
            self._viewer(makers_of_partners.person_of(session, self.project, self.partner, role))
            for role in (Role.CUSTODIAN, Role.COMMISSIONER, Role.ANALYST))
        self.researcher = makers_of_partners.person_of(session, self.project, self.partner, Role.RESEARCHER)
        self.administrator, self.commissioner, self.analyst = (
            self._viewer(makers.make_person(session, self.project, role))
            for role in (Role.ADMINISTRATOR, Role.COMMISSIONER, Role.ANALYST))
        self.story = self.make_story()

    def _viewer(self, person: makers.Person) -> Viewer:
        return makers.viewer_of(self.session, person)

    def make_story(self) -> makers.Story:
        story = makers.make_story(self.session, self.project, self.researcher)
        makers.add_quote(self.session, story, f"Nobody told us {story.id}.")
        return makers_of_partners.keep(self.session, story, self.partner)

    def sees(self, viewer: Viewer, story: makers.Story | None = None) -> bool:
        self.session.flush()
        try:
            clearing.get_story(self.session, viewer, (story or self.story).id, Audience.COMMISSIONERS)
        except NotFound:
            return False
        return True

    def set(self, viewer: Viewer, terms: Terms, reason: str = "", seen: int | None = None) -> None:
        version = self.session.scalar(select(Partner.version).where(Partner.organisation_id == self.partner))
        sharing.set_terms(self.session, viewer, self.project.id, self.partner, terms, seen or version, reason)

    def choose(self, viewer: Viewer, choice: Choice, *stories: makers.Story, reason: str = "") -> None:
        ids = [story.id for story in stories or (self.story,)]
        sharing.choose(self.session, viewer, self.project.id, self.partner, ids, choice, reason)

    def actions(self) -> list[str]:
        self.session.commit()
        return [entry.action for entry in self.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_until_it_is_shared_a_partners_own_people_alone_have_it(world: World) -> None:
    assert world.sees(world.theirs)
    assert not world.sees(world.commissioner)
    assert not world.sees(world.lead)
    assert not world.sees(world.administrator)


@pytest.mark.parametrize(("terms", "others"), [
    (AT_ONCE, True), (Terms(datetime.now(UTC) - DAY), True), (Terms(datetime.now(UTC) + DAY), False), (NOT, False)],
    ids=["at once", "since yesterday", "from tomorrow", "not"])
def test_terms_hold_for_all_that_is_there_and_all_that_comes(world: World, terms: Terms, others: bool) -> None:
    world.set(world.lead, terms)
    later = world.make_story()
    consents.decide_again(world.session, world.story.id)
    for story in (world.story, later):
        assert (world.sees(world.commissioner, story), world.sees(world.theirs, story)) == (others, True)


def test_one_story_may_differ_and_go_back_to_what_holds_for_all(world: World) -> None:
    other = world.make_story()
    world.choose(world.lead, Choice.SHARED)
    assert (world.sees(world.commissioner), world.sees(world.commissioner, other)) == (True, False)
    world.set(world.lead, AT_ONCE)
    world.choose(world.lead, Choice.KEPT)
    consents.decide_again(world.session, world.story.id)
    assert (world.sees(world.commissioner), world.sees(world.commissioner, other)) == (False, True)
    world.choose(world.lead, Choice.AS_ALL)
    assert world.sees(world.commissioner)


def test_taking_everything_back_holds_at_once_whatever_was_chosen_and_can_be_shared_again(world: World) -> None:
    other = world.make_story()
    world.set(world.lead, AT_ONCE)
    world.choose(world.lead, Choice.SHARED, other)
    world.set(world.lead, NOT)
    assert not world.sees(world.commissioner)
    assert not world.sees(world.commissioner, other)
    world.set(world.lead, AT_ONCE)
    assert world.sees(world.commissioner)
    assert world.sees(world.commissioner, other)


def test_files_that_others_took_are_not_to_be_used_while_it_is_kept(world: World) -> None:
    world.set(world.lead, AT_ONCE)
    taken = [publication.take_away(world.session, who, world.project.id).export_id
             for who in (world.analyst, world.their_analyst)]
    world.set(world.lead, NOT)
    world.session.flush()

    def why() -> list[str]:
        query = select(ExportPart.stale_because).where(ExportPart.export_id.in_(taken))
        return sorted(world.session.scalars(query))

    assert why() == ["", Stale.KEPT.value]
    world.set(world.lead, Terms(datetime.now(UTC) + DAY))
    assert why() == ["", Stale.KEPT.value]
    world.session.execute(update(Clearance).values(others_from=datetime.now(UTC) - DAY))
    assert kept_exports.let_be_used_again(world.session, datetime.now(UTC)) == 1
    assert why() == ["", ""]


def test_others_do_not_learn_from_the_list_of_files_what_a_partner_keeps(world: World) -> None:
    makers.add_quote(world.session, makers.make_story(world.session, world.project, world.researcher))
    export_id = publication.take_away(world.session, world.their_analyst, world.project.id).export_id
    world.session.flush()

    def parts(viewer: Viewer) -> int:
        [listed] = export_list.get_page(world.session, viewer, world.project.id, Turn()).files
        assert listed.parts == len(export_list.get_file(world.session, viewer, world.project.id, export_id).parts)
        return listed.parts

    assert (parts(world.their_analyst), parts(world.analyst), parts(world.administrator)) == (2, 1, 1)


@pytest.mark.parametrize("change", [lambda world, who: world.set(who, AT_ONCE),
                                    lambda world, who: world.choose(who, Choice.SHARED)], ids=["terms", "one story"])
def test_nobody_but_its_lead_decides_and_an_administrator_must_say_why(
    world: World, change: Callable[[World, Viewer], None]
) -> None:
    other = makers_of_partners.add_partner(world.session, world.project, "Another")
    stranger = makers.viewer_of(world.session, makers_of_partners.person_of(
        world.session, world.project, other, Role.CUSTODIAN, Role.COMMISSIONER))
    for viewer in (world.commissioner, world.theirs, world.analyst, stranger):
        with pytest.raises(NotFound):
            change(world, viewer)
    with pytest.raises(Invalid, match="missing or wrong"):
        change(world, world.administrator)
    assert not world.sees(world.commissioner)
    assert not world.session.scalars(select(CustodyOverride)).all()


def test_what_an_administrator_does_instead_is_in_the_audit_and_told_to_the_lead(world: World) -> None:
    world.set(world.administrator, AT_ONCE, reason="Nobody answers.")
    world.choose(world.administrator, Choice.KEPT, reason="They wrote to us.")
    assert world.actions().count(Action.OVERRODE_CUSTODY) == 2
    assert custody_overrides.count_unseen(world.session, world.lead, world.project.id) == 2
    assert custody_overrides.count_unseen(world.session, world.administrator, world.project.id) == 0
    newest, oldest = custody_overrides.list_all(world.session, world.project.id, world.partner)
    assert (newest.reason, oldest.reason) == ("They wrote to us.", "Nobody answers.")
    custody_overrides.see(world.session, world.lead, world.project.id, world.partner, newest.id)
    assert custody_overrides.count_unseen(world.session, world.lead, world.project.id) == 1
    with pytest.raises(NotFound):
        custody_overrides.see(world.session, world.administrator, world.project.id, world.partner, oldest.id)


def test_what_a_lead_does_is_in_the_audit_as_a_change(world: World) -> None:
    world.set(world.lead, AT_ONCE)
    actions = world.actions()
    assert Action.CHANGED in actions
    assert Action.OVERRODE_CUSTODY not in actions


def test_two_leads_do_not_overwrite_each_other(world: World) -> None:
    world.set(world.lead, AT_ONCE, seen=1)
    with pytest.raises(VersionConflict):
        world.set(world.lead, NOT, seen=1)
    assert world.sees(world.commissioner)


def test_a_story_that_another_keeps_is_not_there_to_choose_for(world: World) -> None:
    elsewhere = makers.make_story(world.session, world.project, world.researcher)
    with pytest.raises(NotFound):
        world.choose(world.lead, Choice.SHARED, world.story, elsewhere)
    assert not world.sees(world.commissioner)


def test_a_page_of_what_it_keeps_tells_stories_apart_and_an_administrator_no_place(world: World) -> None:
    for viewer, place in ((world.lead, "Northgate"), (world.administrator, "")):
        page = sharing.get_page(world.session, viewer, world.project.id, world.partner, Turn())
        assert [(one.id, one.place, one.choice) for one in page.stories] == [(world.story.id, place, Choice.AS_ALL)]


def test_somebody_of_the_project_who_collects_for_a_partner_reads_nothing_of_it(world: World) -> None:
    both = makers_of_partners.person_of(world.session, world.project, world.partner, Role.RESEARCHER)
    world.session.add(makers.Membership(person_id=both.id, project_id=world.project.id, role="commissioner"))
    world.session.flush()
    viewer = makers.viewer_of(world.session, both)
    assert not world.sees(viewer)
    assert clearing.list_stories(world.session, viewer, world.project.id, Audience.COMMISSIONERS, []) == []
