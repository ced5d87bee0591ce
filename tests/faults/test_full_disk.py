"""Disks that are full in earnest: what cannot be kept is refused whole, reading goes on, and so does the rest later."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.ids import new_id
from server.models.story import Quote, Recording, Story
from server.models.upload import Upload
from server.models.work import Attempt, Job
from server.parts import parts
from server.services.work import try_passing
from server.storage.staging import Staging
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.faults.disks import SmallDisk, small_disk
from tests.faults.files import large_sound, small_sound
from tests.faults.working import sweep_here, work_on
from tests.makers import make_person
from tests.segments import Run, manifest_body

KIB = 1024


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """The small disk on which a test keeps the folder that it names."""
    with small_disk(tmp_path / "small", request.param) as mounted:
        yield mounted


@pytest.fixture
def full(request: pytest.FixtureRequest) -> str:
    """Which folder is on the small disk."""
    return str(request.param)


@pytest.fixture
def settings(settings: Settings, disk: SmallDisk, full: str) -> Settings:
    if full == "database":
        shutil.move(settings.data_dir / "earshot.sqlite3", disk.folder / "earshot.sqlite3")
        return replace(settings, database_url=f"sqlite:///{disk.folder / 'earshot.sqlite3'}")
    return replace(settings, **{full: disk.folder / full})


@pytest.fixture
def reader(session: Session, place: Place, sign_in_as: Callable[..., Browser]) -> Browser:
    person = make_person(session, place.project, Role.COMMISSIONER, name="Lou")
    session.commit()
    return sign_in_as(person)


def on(folder: str, kibibytes: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("full", "disk"), [(folder, kibibytes)], indirect=True)


def assert_reading_goes_on(phone: Phone, place: Place, reader: Browser, story_id: str) -> None:
    for browser, path in ((reader, f"/projects/{place.project_id}/stories"), (reader, f"/stories/{story_id}"),
                          (phone.browser, "/api/v1/session"), (phone.browser, "/api/v1/changes?after=0")):
        assert browser.get(path).status_code == 200, path


@on("uploads_dir", 8 * KIB)
def test_a_file_for_which_there_is_no_room_goes_on_once_there_is(
    app: Flask, session: Session, phone: Phone, place: Place, reader: Browser, disk: SmallDisk
) -> None:
    """fault 48"""
    content, part_id, story_id = large_sound(1, 900 * KIB), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content[:100 * KIB]).status_code == 204
    disk.fill()
    refused = phone.patch(url, 100 * KIB, content[100 * KIB:])
    assert (refused.status_code, refused.json["code"]) == (507, "storage_full")
    assert phone.head(url).headers["Upload-Offset"] == str(100 * KIB)
    staged_as = session.query(Upload.id).filter_by(part_id=part_id).scalar()
    session.rollback()
    assert Staging(parts().settings.uploads_dir).size(staged_as) == 100 * KIB
    assert_reading_goes_on(phone, place, reader, story_id)
    assert phone.announce(story_id, small_sound(2)).json["code"] == "storage_full"
    disk.empty()
    assert phone.patch(url, 100 * KIB, content[100 * KIB:]).status_code == 204
    work_on(app, "store")
    assert parts().store.open(session.get_one(Recording, part_id).sha256).read() == content


@on("media_dir", 256)
def test_a_file_that_the_store_has_no_room_for_stays_staged_until_it_has(
    app: Flask, session: Session, phone: Phone, place: Place, reader: Browser, disk: SmallDisk
) -> None:
    """faults 48, 50"""
    content, part_id, story_id = large_sound(1, 400 * KIB), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content).status_code == 204
    for _ in range(3):
        work_on(app, "store")
        sweep_here(app)
    assert phone.receipt(part_id).status_code == 202
    staging = Staging(parts().settings.uploads_dir)
    assert len(staging.names()) == 1
    assert_reading_goes_on(phone, place, reader, story_id)
    disk.grow(4 * KIB)
    sweep_here(app)
    work_on(app, "store")
    assert phone.receipt(part_id).status_code == 200
    assert parts().store.open(session.get_one(Recording, part_id).sha256).read() == content


@pytest.mark.parametrize(("full", "disk"), [("data_dir", 300), ("data_dir", 520)], indirect=True,
                         ids=["for the parts end to end", "for what they are joined to"])
def test_parts_for_whose_joining_there_is_no_room_lose_no_try_and_are_joined_once_there_is(
    app: Flask, session: Session, phone: Phone, disk: SmallDisk
) -> None:
    """faults 30, 48"""
    story_id = phone.send_story()
    runs = [Run(small_sound(number, 200 * KIB), 25_600) for number in range(2)]
    body = manifest_body(story_id, runs)
    assert phone.put("recordings", body).status_code == 201
    for run in runs:
        phone.upload_segment(body, run)
    for minutes in range(5):
        work_on(app, "join")
        job = session.query(Job).filter_by(kind="join").one()
        assert (job.state, job.tries) == ("blocked", 0)
        assert session.query(Attempt.error_code).filter_by(job_id=job.id).distinct().all() == [("storage_full",)]
        try_passing(session, datetime.now(UTC) + timedelta(minutes=2 * minutes + 2))
        session.commit()
    disk.grow(4 * KIB)
    work_on(app, "join")
    assert session.query(Job.state).filter_by(kind="join").one() == ("done",)
    assert session.get_one(Recording, body["id"]).playback_sha256 in parts().store


@on("database", 2560)
def test_while_the_database_has_no_room_nothing_is_half_kept_and_reading_goes_on(
    app: Flask, session: Session, phone: Phone, place: Place, reader: Browser, disk: SmallDisk
) -> None:
    """fault 48"""
    story_id, content = phone.send_story(), small_sound(1)
    assert_reading_goes_on(phone, place, reader, story_id)
    disk.fill()
    another = new_id()
    sent = [("consents", phone.consent_body(another)), ("stories", phone.story_body(another)),
            *(("quotes", phone.quote_body(story_id, "So many words. " * 300)) for _ in range(5))]
    refused = [phone.put(folder, body) for folder, body in sent]
    assert {(answer.status_code, answer.json["code"]) for answer in refused} == {(507, "storage_full")}
    announced = phone.announce(story_id, content, part_id=(part_id := new_id()))
    assert (announced.status_code, announced.json["code"]) == (507, "storage_full")
    assert_reading_goes_on(phone, place, reader, story_id)
    assert (session.query(Story).count(), session.query(Quote).count(), session.query(Upload).count()) == (1, 0, 0)
    session.rollback()
    disk.empty()
    assert [phone.put(folder, body).status_code for folder, body in sent] == [201] * len(sent)
    assert phone.upload(story_id, content, part_id=part_id).status_code == 204
