"""Files that come too early, too many, without room, or for a story that has ended."""

import hashlib
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.errors import StorageFull
from server.domain.ids import new_id
from server.models.people import Person
from server.models.story import Recording, Story
from server.models.upload import Upload
from server.models.work import Job
from server.parts import parts
from server.services import withdrawals
from server.storage.filesystem import FilesystemStore
from server.storage.staging import Staging
from tests.api.phone import Phone, sound
from tests.makers import viewer_of


def test_a_part_before_its_story_is_held_and_let_in_when_the_story_comes(phone: Phone, session: Session) -> None:
    """fault 24"""
    content, part_id, story_id = sound(), new_id(), new_id()
    assert phone.upload(story_id, content, part_id=part_id).status_code == 204
    held = phone.receipt(part_id)
    assert (held.status_code, held.json["state"]) == (202, "held")
    assert session.query(Recording).count() == session.query(Job).count() == 0
    assert phone.head(f"/api/v1/uploads/{part_id}").headers["Upload-Offset"] == str(len(content))
    phone.put("consents", phone.consent_body(story_id))
    assert phone.receipt(part_id).status_code == 202
    phone.put("stories", phone.story_body(story_id))
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()
    assert session.query(Recording).filter_by(id=part_id).one().story_id == story_id


def test_half_a_part_before_its_story_goes_on_after_it(phone: Phone) -> None:
    """fault 24"""
    content, part_id, story_id = sound(), new_id(), new_id()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content[:100])
    phone.send_story(story_id=story_id)
    assert phone.patch(url, 100, content[100:]).status_code == 204
    assert phone.receipt(part_id).status_code == 200


def test_a_held_part_that_somebody_said_no_to_goes_when_that_is_known(phone: Phone, session: Session) -> None:
    """fault 24"""
    content, part_id, story_id = sound(), new_id(), new_id()
    phone.upload(story_id, content, part_id=part_id)
    phone.send_story({Use.BOARD}, story_id=story_id)
    assert phone.receipt(part_id).status_code == 404
    assert session.query(Upload).count() == session.query(Recording).count() == 0
    assert phone.announce(story_id, content, part_id=part_id).json["code"] == "use_refused"


def test_a_held_part_of_somebody_outside_of_the_project_is_not_let_in(
    phone: Phone, other_phone: Phone, session: Session
) -> None:
    """fault 44"""
    part_id, story_id = new_id(), new_id()
    other_phone.upload(story_id, sound(), part_id=part_id)
    phone.send_story(story_id=story_id)
    assert session.query(Recording).count() == 0
    assert other_phone.head(f"/api/v1/uploads/{part_id}").status_code == 404


def test_when_the_store_is_full_the_file_stays_staged_until_there_is_room(phone: Phone, session: Session,
                                                                          app: Flask) -> None:
    """fault 48"""
    content, part_id = sound(), new_id()
    whole = app.extensions["earshot"]
    app.extensions["earshot"] = replace(whole, store=FullStore(whole.settings.media_dir))
    assert phone.upload(phone.send_story(), content, part_id=part_id).status_code == 204
    assert phone.receipt(part_id).status_code == 202
    assert len(staged()) == 1
    app.extensions["earshot"] = whole
    session.execute(update(Job).values(state="waiting"))  # as the sweep does after a while
    assert phone.receipt(part_id).status_code == 200


def test_without_room_a_file_is_refused_before_it_is_sent_and_the_offset_stays(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 48"""
    content, story_id = sound(), phone.send_story()
    url = phone.announce(story_id, content).headers["Location"]
    phone.patch(url, 0, content[:100])
    with monkeypatch.context() as patched:
        patched.setattr(Staging, "free_bytes", lambda _: 4 * 1024**2 + 10)
        answer = phone.announce(story_id, sound("ogg"))
        assert (answer.status_code, answer.json["code"]) == (507, "storage_full")
        answer = phone.patch(url, 100, content[100:])
        assert (answer.status_code, answer.json["code"]) == (507, "storage_full")
        assert phone.head(url).headers["Upload-Offset"] == "100"
    assert phone.patch(url, 100, content[100:]).status_code == 204


def test_what_one_person_has_under_way_has_a_limit(phone: Phone, app: Flask) -> None:
    """fault 49"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    parts_before = app.extensions["earshot"]
    settings = replace(parts_before.settings, max_unfinished_bytes=len(content) + 10)
    app.extensions["earshot"] = replace(parts_before, settings=settings)
    first = phone.announce(story_id, content, part_id=part_id)
    more = phone.announce(story_id, sound("ogg"))
    assert (more.status_code, more.json["code"]) == (429, "too_much_unfinished")
    assert int(more.headers["Retry-After"]) > 0
    assert phone.announce(story_id, content, part_id=part_id).status_code == 200
    phone.patch(first.headers["Location"], 0, content)
    assert phone.receipt(part_id).status_code == 200
    assert phone.announce(story_id, sound("ogg")).status_code == 201


def test_a_story_withdrawn_while_its_recording_is_sent_ends_the_upload(phone: Phone, session: Session) -> None:
    """fault 27"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content[:100])
    withdraw(session, story_id)
    for answer in (phone.head(url), phone.patch(url, 100, content[100:]), phone.announce(story_id, content)):
        assert answer.status_code == 410
    assert session.query(Upload).count() == session.query(Recording).count() == 0


def test_a_story_withdrawn_before_its_recording_is_stored_stores_nothing(phone: Phone, session: Session) -> None:
    """faults 26, 27"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content)
    withdraw(session, story_id)
    assert phone.receipt(part_id).status_code == 410
    assert phone.announce(story_id, content, part_id=part_id).status_code == 410
    assert hashlib.sha256(content).hexdigest() not in parts().store


def withdraw(session: Session, story_id: str) -> None:
    """As the researcher who collected it does."""
    story = session.get_one(Story, story_id)
    withdrawals.withdraw(session, viewer_of(session, session.get_one(Person, story.researcher_id)), story_id)
    session.commit()


class FullStore(FilesystemStore):
    """A store on a disk without room."""

    def adopt(self, path: object, sha256: str) -> None:
        raise StorageFull


def staged() -> set[str]:
    return Staging(parts().settings.uploads_dir).names()
