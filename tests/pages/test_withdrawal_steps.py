"""What had to go after a withdrawal, as pages: the checklist, who has files, the letter, and the receipt."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope
from server.domain.work import Kind
from server.models.consent import Erasure
from server.models.story import Story
from server.models.work import Job
from server.services import withdrawal_scopes, withdrawal_steps, withdrawals
from tests import makers
from tests.conftest import Browser


class World:
    """A story of which an analyst took a quote away before it was withdrawn."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser]) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.people = {role: makers.make_person(session, self.project, role, name=f"Ann {role.value}")
                       for role in Role}
        story = makers.make_story(session, self.project, self.people[Role.RESEARCHER], pseudonym="Zebedee")
        staying = makers.make_story(session, self.project, self.people[Role.RESEARCHER])
        makers.add_quote(session, staying, "We were told.")
        quote = makers.add_quote(session, story, "Nobody told us.")
        makers.add_photo(session, story)
        session.commit()
        self.story_id, self.quote_id = story.id, quote.id
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.made = f"/projects/{self.project.id}/exports/made"
        self.steps = f"/projects/{self.project.id}/register/{story.id}/withdrawn/steps"
        self.csv = self.browsers[Role.ANALYST].get(f"/projects/{self.project.id}/exports/quotes.csv")
        withdrawals.withdraw(session, makers.viewer_of(session, self.people[Role.RESEARCHER]), story.id)
        session.commit()
        self.administrator, self.researcher = self.browsers[Role.ADMINISTRATOR], self.browsers[Role.RESEARCHER]

    def finish(self) -> None:
        """What a worker does with the bytes and the files of the database."""
        self.session.execute(delete(Erasure))
        self.session.execute(delete(Job).where(Job.kind == Kind.SCRUB))
        withdrawal_steps.settle(self.session, datetime.now(UTC))
        self.session.commit()


@pytest.fixture
def world(session: Session, sign_in_as: Callable[..., Browser]) -> World:
    return World(session, sign_in_as)


def test_the_checklist_says_what_is_gone_and_until_when_the_rest_is(world: World) -> None:
    page = world.researcher.get(world.steps).text
    assert "Words and details in the database" in page
    assert "Gone by" in page
    assert "once everything but the backups has gone" in page
    assert "Zebedee" not in page
    withdrawn = world.researcher.get(world.steps.removesuffix("/steps")).text
    assert world.steps in withdrawn


def test_every_checklist_is_found_again_from_the_register(world: World) -> None:
    listed = world.steps.split(world.story_id)[0] + "withdrawn"
    for browser in (world.administrator, world.researcher):
        assert listed in browser.get(listed.removesuffix("/withdrawn")).text
        page = browser.get(listed).text
        assert world.steps in page
        assert "Going" in page
        assert "Zebedee" not in page
    world.finish()
    assert "From backups by" in world.administrator.get(listed).text


def test_an_anonymous_story_is_listed_once_and_what_lives_on_of_it_is_not(world: World, session: Session) -> None:
    project, researcher = world.project, world.people[Role.RESEARCHER]
    story_id = makers.make_story(session, project, researcher).id
    makers.add_quote(session, session.get_one(Story, story_id))
    withdrawal_scopes.withdraw(session, makers.viewer_of(session, researcher), story_id, Scope.ANONYMOUS,
                               datetime.now(UTC))
    session.commit()
    page = world.administrator.get(world.steps.split(world.story_id)[0] + "withdrawn").text
    assert set(re.findall(r'register/([^"/]+)/withdrawn/steps"', page)) == {world.story_id, story_id}


def test_a_researcher_finds_those_of_what_they_collected_and_nobody_else_any(
        world: World, sign_in_as: Callable[..., Browser]) -> None:
    listed = world.steps.split(world.story_id)[0] + "withdrawn"
    for role in (Role.ANALYST, Role.COMMISSIONER, Role.BOARD_MEMBER):
        assert world.browsers[role].get(listed).status_code == 404
    other = makers.make_person(world.session, world.project, Role.RESEARCHER, name="Other")
    elsewhere = makers.make_person(world.session, makers.make_project(world.session, "Elsewhere"), Role.ADMINISTRATOR)
    world.session.commit()
    assert "Nothing was withdrawn yet" in sign_in_as(other).get(listed).text
    assert sign_in_as(elsewhere).get(listed).status_code == 404


def test_who_has_files_is_named_and_an_administrator_has_the_letter(world: World) -> None:
    [link] = re.findall(rf'href="({world.made}/[^"]+)"', world.administrator.get(world.steps).text)
    assert "Ann analyst" in world.researcher.get(world.steps).text
    assert link not in world.researcher.get(world.steps).text
    letter = world.administrator.get(f"{link}/letter.txt")
    row = next(number for number, line in enumerate(world.csv.text.splitlines(), 1) if world.story_id in line)
    assert f"Row {row}: part {world.quote_id} of story {world.story_id}" in letter.text
    assert letter.text.startswith("Dear Ann analyst,")
    for page in (letter.text, world.administrator.get(link).text):
        assert "Nobody told us." not in page
        assert "Zebedee" not in page
        assert "withdrawn" in page


def test_the_list_of_files_says_how_much_of_each_is_to_be_removed(world: World) -> None:
    for role in (Role.ANALYST, Role.ADMINISTRATOR):
        page = world.browsers[role].get(world.made).text
        assert "2 parts" in page
        assert "Remove 1" in page
    for role in (Role.RESEARCHER, Role.COMMISSIONER, Role.BOARD_MEMBER):
        assert world.browsers[role].get(world.made).status_code == 404


def test_a_manifest_names_what_is_in_a_file_and_what_was_left_out(world: World) -> None:
    """fault 45"""
    [first] = re.findall(rf'href="{world.made}/([^"/]+)"', world.administrator.get(world.made).text)
    manifest = json.loads(world.administrator.get(f"{world.made}/{first}/manifest.json").text)
    assert [part["row"] for part in manifest["parts"]] == [2, 3]
    assert {part["part"]: part["because"] for part in manifest["parts"]}[world.quote_id] == "withdrawn"
    analyst = world.browsers[Role.ANALYST]
    analyst.get(f"/projects/{world.project.id}/exports/quotes.csv")
    ids = set(re.findall(rf'href="{world.made}/([^"/]+)"', analyst.get(world.made).text)) - {first}
    later = json.loads(analyst.get(f"{world.made}/{ids.pop()}/manifest.json").text)
    assert world.quote_id not in {part["part"] for part in later["parts"]}
    assert {(one["part"], one["because"]) for one in later["left_out"]} == {
        (world.quote_id, "withdrawn"), (world.story_id, "withdrawn")}


def test_the_receipt_comes_when_all_but_backups_has_gone_and_its_hash_is_of_its_json(world: World) -> None:
    receipt = world.steps.removesuffix("steps") + "receipt"
    assert world.researcher.get(receipt).status_code == 404
    world.finish()
    assert receipt in world.researcher.get(world.steps).text
    page = world.researcher.get(receipt).text
    content = world.researcher.get(f"{receipt}.json").data
    assert hashlib.sha256(content).hexdigest() in page
    found = json.loads(content)
    assert found["story"] == world.story_id
    assert found["files_taken_away_before"] == 1
    assert "The last copy is gone by" in page


def test_nobody_who_may_not_withdraw_sees_a_checklist(world: World) -> None:
    """fault 44"""
    for role in (Role.ANALYST, Role.COMMISSIONER, Role.BOARD_MEMBER):
        assert world.browsers[role].get(world.steps).status_code == 404
    never = world.steps.replace(world.story_id, makers.new_id())
    assert world.researcher.get(never).status_code == 404
