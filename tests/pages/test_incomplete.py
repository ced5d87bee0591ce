"""An administrator has a recording made of what came, after a page that says what will be missing."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.access import Role
from server.domain.manifest import recording_of_its_own
from server.models.audit import AuditEntry
from server.models.project import Project
from server.models.segment import RecordingManifest
from server.models.story import Story
from server.models.work import Job
from server.services import withdrawals
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


class Place:
    """A story of which the second of three parts has not come."""

    def __init__(self, session: Session) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.story = makers.make_story(session, self.project,
                                       makers.make_person(session, self.project, Role.RESEARCHER, name="Ade Bello"),
                                       pseudonym="Rose & Co")
        self.manifest: RecordingManifest = makers.add_manifest(session, self.story)
        for number in (0, 2):
            makers.add_segment(session, self.manifest, number)
        session.commit()

    @property
    def entry(self) -> str:
        return f"/projects/{self.project.id}/register/{self.story.id}"

    @property
    def address(self) -> str:
        return f"{self.entry}/recordings/{self.manifest.id}/make"


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


@pytest.fixture
def administrator(session: Session, place: Place, sign_in_as) -> Browser:
    return sign_in_as(makers.make_person(session, place.project, Role.ADMINISTRATOR))


def words(answer: TestResponse) -> str:
    assert_sound(answer)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_the_page_of_the_story_leads_to_what_will_be_missing_and_one_press_makes_it(
        session: Session, place: Place, administrator: Browser) -> None:
    """fault 30"""
    assert "A recording has not come whole yet" in words(administrator.get(f"/projects/{place.project.id}/register"))
    answer = administrator.get(place.entry)
    assert "Part 2 of 3 has not come yet. Nobody can listen to it until then." in words(answer)
    assert f'href="{place.address}"' in answer.text
    asked = words(administrator.get(place.address))
    assert "What will be missing Part 2 of 3: 10 seconds of sound First ask Ade Bello" in asked
    assert "From the story of Rose & Co" in asked
    assert ("If a missing part comes after all It is kept, and stands by itself after this recording. It can be "
            "listened to and is written down like any other. The recording made now stays as it is, and so do its "
            "transcript, its excerpts and their themes.") in asked
    made = administrator.post(place.address)
    assert (made.status_code, made.headers["Location"]) == (303, place.entry)
    after = words(administrator.get(place.entry))
    assert "The recording is being made of what came." in after
    assert "A recording that is not all here" not in after
    session.expire_all()
    assert place.manifest.left_out == [place.manifest.segments[1]["id"]]
    assert session.query(Job).filter_by(kind="join", subject_id=place.manifest.id).count() == 1
    assert session.query(AuditEntry).filter_by(action="made", subject_id=place.manifest.id).count() == 1
    again = administrator.post(place.address)
    assert (again.status_code, "nothing_missing" in again.text) == (409, True)


def test_what_is_said_where_nothing_came(session: Session, place: Place, administrator: Browser) -> None:
    story = makers.make_story(session, place.project, makers.make_person(session, place.project, Role.RESEARCHER))
    empty = makers.add_manifest(session, story, parts=1)
    session.commit()
    entry = f"/projects/{place.project.id}/register/{story.id}"
    page = words(administrator.get(entry))
    assert "The sound of this recording has not come yet." in page
    assert "nothing can be made of it" in page
    for answer in (administrator.get(f"{entry}/recordings/{empty.id}/make"),
                   administrator.post(f"{entry}/recordings/{empty.id}/make")):
        assert (answer.status_code, "nothing_came" in answer.text) == (409, True)


def test_a_part_that_is_being_stored_is_said_to_be_here_and_nothing_can_be_decided(
        session: Session, place: Place, administrator: Browser) -> None:
    """fault 50"""
    makers.add_segment(session, place.manifest, 1, stored_at=None)
    session.commit()
    answer = administrator.get(place.entry)
    assert "Part 2 of 3 is here, and is being stored. Nothing has to be decided until that is done." in words(answer)
    assert "/make" not in answer.text
    assert "has not come yet" not in answer.text
    for refused in (administrator.get(place.address), administrator.post(place.address)):
        assert (refused.status_code, "being_stored" in refused.text) == (409, True)
    session.expire_all()
    assert place.manifest.left_out == []


def test_of_a_recording_without_a_list_of_its_parts_nobody_claims_to_know_what_is_missing(
        session: Session, place: Place, administrator: Browser, sign_in_as) -> None:
    """fault 30"""
    story = makers.make_story(session, place.project, makers.make_person(session, place.project, Role.RESEARCHER))
    manifest = makers.add_manifest(session, story)
    parts = [makers.add_segment(session, manifest, number) for number in range(2)]
    session.delete(manifest)
    session.commit()
    entry, recording_id = f"/projects/{place.project.id}/register/{story.id}", parts[0].recording_id
    reader = sign_in_as(makers.make_person(session, place.project, Role.COMMISSIONER))
    read = words(reader.get(f"/stories/{story.id}"))
    assert "2 parts of a recording came. We do not know how many parts there are." in read
    assert "An administrator can then have the recording made of what came." in read
    page = words(administrator.get(entry))
    assert "2 parts came, and are safe. We do not know how many parts there are. Nobody can listen to it yet." in page
    asked = words(administrator.get(f"{entry}/recordings/{recording_id}/make"))
    assert "So nobody knows what will be missing. The phone says it at the end of a recording." in asked
    made = administrator.post(f"{entry}/recordings/{recording_id}/make")
    assert (made.status_code, made.headers["Location"]) == (303, entry)
    assert "A recording that is not all here" not in words(administrator.get(entry))
    assert session.query(Job).filter_by(kind="join", subject_id=recording_id).count() == 1
    read = words(reader.get(f"/stories/{story.id}"))
    assert "We do not know how many parts there are. The recording is being made of what came." in read
    assert "All of this recording came" not in read


def test_a_part_without_a_list_that_is_being_stored_is_said_to_be_here(session: Session, place: Place,
                                                                      administrator: Browser) -> None:
    story = makers.make_story(session, place.project, makers.make_person(session, place.project, Role.RESEARCHER))
    manifest = makers.add_manifest(session, story)
    makers.add_segment(session, manifest, 0)
    makers.add_segment(session, manifest, 1, stored_at=None)
    session.delete(manifest)
    session.commit()
    answer = administrator.get(f"/projects/{place.project.id}/register/{story.id}")
    assert "Part 2 is here, and is being stored." in words(answer)
    assert "1 part came, and is safe. We do not know how many parts there are." in words(answer)
    assert "/make" not in answer.text


def test_nobody_but_an_administrator_of_the_project_finds_the_page(session: Session, place: Place,
                                                                   sign_in_as) -> None:
    """fault 44"""
    other = makers.make_project(session, "Another")
    for person in (makers.make_person(session, place.project, *set(Role) - {Role.ADMINISTRATOR}),
                   makers.make_person(session, other, *Role)):
        browser = sign_in_as(person)
        for answer in (browser.get(place.address), browser.post(place.address)):
            assert answer.status_code == 404
    researcher = sign_in_as(session.get_one(makers.Person, place.story.researcher_id))
    assert "/make" not in researcher.get(place.entry).text
    session.expire_all()
    assert place.manifest.left_out == []


def test_a_form_without_its_token_makes_nothing(session: Session, place: Place, administrator: Browser) -> None:
    """fault 43"""
    administrator.csrf_token = "guessed"
    assert administrator.post(place.address).status_code == 403
    session.expire_all()
    assert place.manifest.left_out == []


def test_of_a_withdrawn_story_the_page_is_gone(app: Flask, session: Session, place: Place,
                                               administrator: Browser) -> None:
    """fault 26"""
    address = place.address
    viewer = makers.viewer_of(session, makers.make_person(session, place.project, Role.ADMINISTRATOR))
    withdrawals.withdraw(session, viewer, place.story.id)
    session.commit()
    for answer in (administrator.get(address), administrator.post(address)):
        assert answer.status_code == 404


def test_a_commissioner_is_told_who_can_do_something_and_an_administrator_is_led_there(
        session: Session, place: Place, sign_in_as) -> None:
    story: Story = place.story
    project: Project = place.project
    reader = sign_in_as(makers.make_person(session, project, Role.COMMISSIONER))
    page = words(reader.get(f"/stories/{story.id}"))
    assert "An administrator can then have the recording made of what came." in page
    both = sign_in_as(makers.make_person(session, project, Role.COMMISSIONER, Role.ADMINISTRATOR))
    assert f'href="{place.entry}"' in both.get(f"/stories/{story.id}").text
    both.post(place.address)
    assert "2 parts of 3 came, and the recording is being made of them." in words(both.get(f"/stories/{story.id}"))
    assert "has not come yet" not in words(reader.get(f"/stories/{story.id}"))


def test_a_part_that_was_left_out_is_said_to_be_missing_where_it_would_be(session: Session, place: Place,
                                                                         sign_in_as) -> None:
    made = makers.add_recording(session, place.story)
    makers.add_manifest(session, place.story, made.id)
    makers.add_gap(session, made.id, 2000, 65_000, "left_out", segment=1)
    reader = sign_in_as(makers.make_person(session, place.project, Role.COMMISSIONER))
    page = words(reader.get(f"/stories/{place.story.id}"))
    said = ("Part 2 of 3 has not come, and is missing here. It is 1 minute 5 seconds long. "
            "The recording was made without it.")
    assert f"1 part of it is missing. 0:02 {said}" in page
    assert f"We waited all night 0:02 {said} 0:02 for a bed." in page


def test_where_nobody_knows_what_is_missing_or_whether_there_is_more_that_is_said(session: Session, place: Place,
                                                                                 sign_in_as) -> None:
    made = makers.add_recording(session, place.story)
    makers.add_manifest(session, place.story, made.id).body_bytes = 0
    makers.add_gap(session, made.id, 2000, 0, "not_known")
    makers.add_gap(session, made.id, 2000, 0, "unplayable", segment=2)
    makers.add_gap(session, made.id, 3500, 0, "may_go_on")
    page = words(sign_in_as(makers.make_person(session, place.project, Role.COMMISSIONER)).get(
        f"/stories/{place.story.id}"))
    later = "The recording was made of what came. What comes later stands by itself after it."
    assert f"Some of the recording is missing here. We do not know how much. {later}" in page
    assert "Part 3 cannot be played here. We do not know how long it is. The file is kept as it came." in page
    assert f"The end may be missing. We do not know how many parts there are. {later}" in page
    assert "1 part of it cannot be played. Some of it is missing. The end may be missing." in page


def test_a_part_that_came_later_is_said_to_be_missing_here_and_to_stand_by_itself(session: Session, place: Place,
                                                                                 sign_in_as) -> None:
    made = makers.add_recording(session, place.story)
    manifest = makers.add_manifest(session, place.story, made.id)
    makers.add_gap(session, made.id, 2000, 65_000, "came_later", segment=1)
    makers.add_recording(session, place.story, id=recording_of_its_own(manifest.segments[1]["id"]))
    reader = sign_in_as(makers.make_person(session, place.project, Role.COMMISSIONER))
    page = words(reader.get(f"/stories/{place.story.id}"))
    said = ("Part 2 of 3 is missing here. It is 1 minute 5 seconds long. It came later, and stands by itself after "
            "this recording.")
    assert f"1 part of it came later and stands by itself. 0:02 {said}" in page
    assert f"We waited all night 0:02 {said} 0:02 for a bed." in page
    assert "has not come, and is missing" not in page
    belongs = "The phone sent this later than the rest. It belongs at 0:02 of the recording that it is missing from ."
    assert page.count(belongs) == 1
    assert page.index(belongs) > page.index(said)
