"""Copies are stored and named in one transaction, or leave nothing behind."""

import hashlib
from io import BytesIO
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.work import FenceLost, Held, Kind
from server.models.consent import Erasure
from server.models.story import Story
from server.models.work import Job
from server.services import derivatives, erasures, work
from server.services.derivatives import Made
from server.storage.store import MediaStore, StoredBytes
from tests import makers


@pytest.fixture
def store(app: Flask) -> MediaStore:
    return app.extensions["earshot"].store


@pytest.fixture
def story(session: Session) -> Story:
    project = makers.make_project(session)
    return makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))


def _made(content: bytes = b"a copy") -> Made:
    return Made(BytesIO(content), hashlib.sha256(content).hexdigest())


def _held(session: Session, kind: Kind, subject_id: str) -> Held:
    job = work.request(session, kind=kind, subject_id=subject_id, story_id=None, project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def test_a_playback_copy_is_stored_and_the_length_known(session: Session, store: MediaStore, story: Story) -> None:
    recording, made = makers.add_recording(session, story), _made()
    held = _held(session, Kind.PLAYBACK, recording.id)
    derivatives.store_playback(session, store, recording.id, made, 1234, held)
    assert (recording.playback_sha256, recording.duration_ms) == (made.sha256, 1234)
    assert made.sha256 in store
    assert session.get_one(Job, held.job_id).state == "done"


def test_a_photo_copy_is_stored_with_its_size(session: Session, store: MediaStore, story: Story) -> None:
    photo, made = makers.add_photo(session, story), _made()
    derivatives.store_photo(session, store, photo.id, made, (640, 480), _held(session, Kind.PHOTO, photo.id))
    assert (photo.derivative_sha256, photo.width, photo.height) == (made.sha256, 640, 480)


def test_a_clip_is_cut_from_the_recording_between_the_excerpts_times(session: Session, store: MediaStore,
                                                                     story: Story) -> None:
    recording = makers.add_recording(session, story)
    excerpt = makers.add_excerpt(session, recording, session.get_one(makers.Person, story.researcher_id))
    passage = derivatives.clip_source(session, excerpt.id)
    assert passage == derivatives.Passage(recording.sha256, excerpt.start_ms, excerpt.end_ms)
    made = _made()
    derivatives.store_clip(session, store, excerpt.id, made, _held(session, Kind.CLIP, excerpt.id))
    assert excerpt.clip_sha256 == made.sha256


def test_bytes_that_were_expected_and_are_named_now_are_no_longer_to_be_erased(session: Session, store: MediaStore,
                                                                              story: Story) -> None:
    photo, made = makers.add_photo(session, story), _made()
    photo.derivative_sha256 = None
    erasures.expect(session, made.sha256)
    derivatives.store_photo(session, store, photo.id, made, (1, 1), _held(session, Kind.PHOTO, photo.id))
    assert session.scalars(select(Erasure)).all() == []


class Watched:
    """Counts how often it is given bytes."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store
        self.put_count = 0

    def put(self, source: BinaryIO) -> StoredBytes:
        self.put_count += 1
        return self._store.put(source)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._store


def test_bytes_that_were_put_before_are_only_named(session: Session, store: MediaStore, story: Story) -> None:
    photo, made, watched = makers.add_photo(session, story), _made(), Watched(store)
    photo.derivative_sha256 = None
    derivatives.expect(session, made)
    session.commit()
    derivatives.put(store, made)
    derivatives.store_photo(session, watched, photo.id, made, (1, 1), _held(session, Kind.PHOTO, photo.id))
    assert watched.put_count == 0
    assert session.scalars(select(Erasure)).all() == []


def test_bytes_that_were_erased_before_they_were_named_are_put_again(session: Session, store: MediaStore,
                                                                     story: Story) -> None:
    photo, made, watched = makers.add_photo(session, story), _made(), Watched(store)
    derivatives.expect(session, made)
    session.commit()
    derivatives.put(store, made)
    erasures.erase(session, store, made.sha256)
    session.commit()
    derivatives.store_photo(session, watched, photo.id, made, (1, 1), _held(session, Kind.PHOTO, photo.id))
    session.commit()
    assert watched.put_count == 1
    assert made.sha256 in store
    erasures.erase(session, store, made.sha256)
    assert made.sha256 in store


def test_bytes_that_nobody_wants_are_erased_however_late_they_come(session: Session, store: MediaStore) -> None:
    made = _made()
    derivatives.expect(session, made)
    derivatives.abandon(session, made)
    assert session.scalars(select(Job.kind)).all() == [Kind.ERASE]
    erasures.erase(session, store, made.sha256)
    derivatives.put(store, made)
    assert session.scalars(select(Erasure.sha256)).all() == [made.sha256]


def test_an_attempt_that_lost_its_job_stores_no_bytes(session: Session, store: MediaStore, story: Story) -> None:
    """fault 35"""
    photo, made = makers.add_photo(session, story), _made()
    held = _held(session, Kind.PHOTO, photo.id)
    with pytest.raises(FenceLost):
        derivatives.store_photo(session, store, photo.id, made, (1, 1), Held(held.job_id, held.fence - 1))
    assert made.sha256 not in store


@pytest.mark.parametrize(("kind", "use"), [(Kind.PHOTO, Use.PHOTOS), (Kind.PLAYBACK, Use.RECORD)])
def test_without_agreement_there_is_nothing_to_copy_and_nothing_is_stored(session: Session, store: MediaStore,
                                                                          kind: Kind, use: Use) -> None:
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER),
                              uses=makers.ALL_USES - {use})
    made = _made()
    if kind is Kind.PHOTO:
        part_id = makers.add_photo(session, story).id
        held = _held(session, kind, part_id)
        assert derivatives.photo_source(session, part_id) is None
        derivatives.store_photo(session, store, part_id, made, (1, 1), held)
    else:
        part_id = makers.add_recording(session, story).id
        held = _held(session, kind, part_id)
        assert derivatives.playback_source(session, part_id) is None
        derivatives.store_playback(session, store, part_id, made, 1, held)
    assert made.sha256 not in store
    assert session.get_one(Job, held.job_id).state == "cancelled"


def test_what_is_gone_has_no_source(session: Session) -> None:
    for source in (derivatives.playback_source, derivatives.photo_source, derivatives.clip_source):
        assert source(session, new_id()) is None
