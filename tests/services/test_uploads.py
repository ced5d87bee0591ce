"""Files on their way in, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound, SameIdOtherContent, UseRefused
from server.domain.sent import PartKind, SentPart
from server.domain.sync import PhoneClock
from server.models.consent import Erasure
from server.models.project import Project
from server.models.story import Recording
from server.models.upload import Upload
from server.models.work import Job
from server.parts import parts
from server.services import arrivals, uploads
from server.storage.staging import Staging
from tests.api.phone import picture, sound
from tests.makers import make_person, make_project, make_story, record_consent, viewer_of
from tests.services import sending
from tests.services.together import together

CLOCK = PhoneClock()
LATER = datetime.now(UTC) + timedelta(days=31)


@pytest.fixture
def staging(settings: Settings) -> Staging:
    return Staging(settings.uploads_dir)


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def viewer(session: Session, project: Project) -> Viewer:
    return viewer_of(session, make_person(session, project, Role.RESEARCHER))


@pytest.fixture
def sent(session: Session, project: Project) -> SentPart:
    """A recording of a story that agrees to everything."""
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER))
    session.commit()
    return sending.part(story.id, sound())


def arrive(session: Session, viewer: Viewer, sent: SentPart, staging: Staging, content: bytes) -> uploads.Arriving:
    """Announce a file and stage all of it."""
    arriving, _ = uploads.begin(session, viewer, sent, CLOCK, staging)
    uploads.advance(session, arriving, staging.append(arriving.staged_as, 0, [content], most=len(content)))
    session.commit()
    return uploads.find(session, viewer, sent.id, staging)


def test_many_announcements_at_once_are_one_upload(app: Flask, session: Session, viewer: Viewer, sent: SentPart,
                                                   staging: Staging) -> None:
    """fault 22"""
    answers = together(app, [lambda own: uploads.begin(own, viewer, sent, CLOCK, staging)] * 10)
    assert sorted(is_new for _, is_new in answers) == [False] * 9 + [True]
    assert len({arriving.staged_as for arriving, _ in answers}) == 1
    assert session.query(Upload).count() == 1


def test_a_whole_file_becomes_a_recording_with_its_work(session: Session, viewer: Viewer, sent: SentPart,
                                                        staging: Staging) -> None:
    arriving = arrive(session, viewer, sent, staging, sound())
    arrivals.keep(session, viewer, arrivals.check(arriving, staging), staging, parts().store)
    session.commit()
    row = session.get_one(Recording, sent.id)
    assert (row.sha256, row.size, row.container) == (sent.sha256, sent.length, "matroska")
    assert set(session.scalars(select(Job.kind))) == {"playback", "transcribe"}
    assert uploads.find(session, viewer, sent.id, staging).is_stored
    assert row.sha256 in parts().store


def test_a_part_belongs_to_whoever_announced_it_last(session: Session, project: Project, viewer: Viewer,
                                                     sent: SentPart, staging: Staging) -> None:
    colleague = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    uploads.begin(session, viewer, sent, CLOCK, staging)
    with pytest.raises(NotFound):
        uploads.find(session, colleague, sent.id, staging)
    uploads.begin(session, colleague, sent, CLOCK, staging)
    assert uploads.find(session, colleague, sent.id, staging).part_id == sent.id
    with pytest.raises(NotFound):
        uploads.find(session, viewer, sent.id, staging)


def test_somebody_who_no_longer_collects_sends_no_more(session: Session, viewer: Viewer, sent: SentPart,
                                                       staging: Staging) -> None:
    uploads.begin(session, viewer, sent, CLOCK, staging)
    with pytest.raises(NotFound):
        uploads.find(session, replace(viewer, roles={}), sent.id, staging)


def test_another_file_under_the_same_id_is_refused(session: Session, viewer: Viewer, sent: SentPart,
                                                   staging: Staging) -> None:
    """fault 23"""
    uploads.begin(session, viewer, sent, CLOCK, staging)
    other = sending.part(sent.story_id, sound("ogg"), id=sent.id)
    with pytest.raises(SameIdOtherContent):
        uploads.begin(session, viewer, other, CLOCK, staging)


def test_consent_that_ended_in_the_meantime_keeps_the_file_out(session: Session, project: Project, viewer: Viewer,
                                                               sent: SentPart, staging: Staging) -> None:
    checked = arrivals.check(arrive(session, viewer, sent, staging, sound()), staging)
    record_consent(session, project, make_person(session, project), sent.story_id, {Use.BOARD, Use.PHOTOS})
    with pytest.raises(UseRefused):
        arrivals.keep(session, viewer, checked, staging, parts().store)
    assert sent.sha256 not in parts().store
    photo = sending.part(sent.story_id, picture(), PartKind.PHOTO)
    assert uploads.begin(session, viewer, photo, CLOCK, staging)[1]


def test_what_nobody_went_on_with_is_given_up_after_thirty_days(session: Session, viewer: Viewer, sent: SentPart,
                                                                staging: Staging, settings: Settings) -> None:
    arriving = arrive(session, viewer, sent, staging, sound()[:50])
    assert uploads.expire(session, LATER - timedelta(days=2), settings.uploads_dir) == 0
    assert staging.size(arriving.staged_as) == 50
    assert uploads.expire(session, LATER, settings.uploads_dir) == 1
    assert staging.names() == set()
    with pytest.raises(NotFound):
        uploads.find(session, viewer, sent.id, staging)


def test_staged_files_that_no_upload_knows_are_removed(session: Session, viewer: Viewer, sent: SentPart,
                                                       staging: Staging, settings: Settings) -> None:
    known = arrive(session, viewer, sent, staging, sound()[:50])
    staging.append("left-behind", 0, [b"bytes of a withdrawn story"], most=100)
    uploads.expire(session, datetime.now(UTC), settings.uploads_dir)
    assert staging.names() == {known.staged_as}


def test_bytes_stored_for_a_part_that_never_came_to_be_are_erased(session: Session, viewer: Viewer, sent: SentPart,
                                                                  staging: Staging, settings: Settings) -> None:
    """fault 17"""
    arriving = arrive(session, viewer, sent, staging, sound())
    parts().store.put(BytesIO(sound()))
    staging.discard(arriving.staged_as)
    uploads.expire(session, LATER, settings.uploads_dir)
    assert session.get(Erasure, sent.sha256) is not None
    assert list(session.execute(select(Job.kind, Job.subject_id))) == [("erase", sent.sha256)]


def test_giving_up_a_finished_upload_erases_nothing(session: Session, viewer: Viewer, sent: SentPart,
                                                    staging: Staging, settings: Settings) -> None:
    arriving = arrive(session, viewer, sent, staging, sound())
    arrivals.keep(session, viewer, arrivals.check(arriving, staging), staging, parts().store)
    session.commit()
    assert uploads.expire(session, LATER, settings.uploads_dir) == 1
    assert session.query(Erasure).count() == 0
    again, is_new = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert (again.is_stored, again.offset, is_new) == (True, sent.length, False)
