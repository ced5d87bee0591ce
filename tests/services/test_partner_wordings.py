"""A partner may ask with a wording of its own: its people's phones get that one, and others the project's."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent_wording import Reading, Text
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.suggested_wordings import SUGGESTED
from server.domain.sync import Cursor, PhoneClock
from server.models.project import Project
from server.models.story import Story
from server.services import consent_wordings, consents, draft_texts, feed, stories
from tests import makers, makers_of_partners
from tests.services import sending


class World:
    """A partner with a lead and a researcher beside those of the project."""

    def __init__(self, session: Session) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.partner = makers_of_partners.add_partner(session, self.project)
        self.administrator, self.researcher = (
            makers.viewer_of(session, makers.make_person(session, self.project, role))
            for role in (Role.ADMINISTRATOR, Role.RESEARCHER))
        self.lead, self.their_researcher = (
            makers.viewer_of(session, makers_of_partners.person_of(session, self.project, self.partner, role))
            for role in (Role.CUSTODIAN, Role.RESEARCHER))

    def publish(self, viewer: Viewer, title: str, organisation_id: str | None = None) -> int:
        text = Text("en", Reading.FULL, replace(SUGGESTED, title=title))
        draft_texts.save_text(self.session, viewer, self.project.id, text, 0, organisation_id)
        draft = draft_texts.get(self.session, viewer, self.project.id, organisation_id)
        return draft_texts.publish(self.session, viewer, self.project.id, draft.seen, organisation_id)

    def on_phone(self, viewer: Viewer) -> str:
        self.session.commit()
        told = feed.read(self.session, viewer, Cursor(0, 500)).changes
        [wording] = [one.content for one in told if one.kind == "wording"]
        return wording.wording.title


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_its_researchers_phones_get_its_own_and_others_the_projects(world: World) -> None:
    assert world.on_phone(world.their_researcher) == "Sharing your story"
    assert world.publish(world.lead, "Ours", world.partner) == 2
    assert (world.on_phone(world.their_researcher), world.on_phone(world.researcher)) == ("Ours", "Sharing your story")
    assert world.publish(world.administrator, "The project’s") == 3
    assert (world.on_phone(world.their_researcher), world.on_phone(world.researcher)) == ("Ours", "The project’s")
    assert consent_wordings.newest(world.session, world.administrator, world.project.id).version == 3


def test_each_writes_a_draft_of_its_own(world: World) -> None:
    text = Text("en", Reading.FULL, replace(SUGGESTED, title="Not ready"))
    draft_texts.save_text(world.session, world.lead, world.project.id, text, 0, world.partner)
    assert not draft_texts.get(world.session, world.administrator, world.project.id).differs
    draft_texts.discard(world.session, world.administrator, world.project.id)
    assert draft_texts.get(world.session, world.lead, world.project.id, world.partner).differs


def test_nobody_writes_the_wording_of_another(world: World) -> None:
    for viewer, whose in ((world.administrator, world.partner), (world.lead, None), (world.their_researcher, None),
                          (world.their_researcher, world.partner)):
        with pytest.raises(NotFound):
            draft_texts.get(world.session, viewer, world.project.id, whose)


@pytest.mark.parametrize(("collected_by", "kept"), [("their_researcher", True), ("researcher", False)])
def test_a_story_is_kept_by_the_partner_that_its_researcher_collects_for(world: World, collected_by: str,
                                                                         kept: bool) -> None:
    story = _send(world.session, getattr(world, collected_by), world.project)
    assert story.organisation_id == (world.partner if kept else None)


def test_a_story_that_was_agreed_to_with_a_partners_wording_is_kept_by_it_whoever_sends_it(world: World) -> None:
    world.publish(world.lead, "Ours", world.partner)
    assert _send(world.session, world.researcher, world.project).organisation_id == world.partner


def _send(session: Session, viewer: Viewer, project: Project) -> Story:
    story_id, wording = new_id(), makers.wording_of(session, project)
    consents.record(session, viewer, sending.consent(project.id, wording.id, story_id), sending.BODY, PhoneClock())
    stories.receive(session, viewer, sending.story(project.id, story_id), sending.BODY, PhoneClock())
    return session.get_one(Story, story_id)
