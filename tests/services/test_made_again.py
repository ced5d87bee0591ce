"""What is withheld can be played and seen by nobody from the moment somebody withholds it."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.work import FenceLost, Held, Kind
from server.models.consent import Erasure
from server.models.people import Person
from server.models.redaction import PhotoRegion
from server.models.story import Photo, Recording, Story
from server.models.work import Job
from server.services import derivatives, joining, kept_files, making, restored, work
from server.services.derivatives import Made
from server.storage.store import MediaStore
from tests import makers

NAMES, MORE = [[1000, 1500, "bleep"]], [[1000, 1500, "bleep"], [2000, 2500, "silence"]]


@pytest.fixture
def store(app: Flask) -> MediaStore:
    return app.extensions["earshot"].store


@pytest.fixture
def recording(session: Session, story: Story) -> Recording:
    return makers.add_recording(session, story)


@pytest.fixture
def photo(session: Session, story: Story) -> Photo:
    return makers.add_photo(session, story)


def _made(content: str) -> Made:
    return Made(BytesIO(content.encode()), hashlib.sha256(content.encode()).hexdigest())


def _held(session: Session, kind: Kind, subject_id: str) -> Held:
    job = work.request_again(session, kind=kind, subject_id=subject_id, story_id=None, project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def _withhold(session: Session, recording: Recording, stretches: Sequence[Any]) -> None:
    recording.withheld = list(stretches)
    derivatives.make_again(session, recording.id)


def _cover(session: Session, photo: Photo, person_id: str) -> PhotoRegion:
    region = PhotoRegion(id=new_id(), photo_id=photo.id, left=1, top=2, width=3, height=4, made_by=person_id,
                         made_at=makers.NOON)
    session.add(region)
    session.flush()
    derivatives.make_photo_again(session, photo.id)
    return region


def _to_erase(session: Session) -> set[str]:
    return set(session.scalars(select(Erasure.sha256)))


def _state(session: Session, kind: Kind, subject_id: str) -> str | None:
    return session.scalar(select(Job.state).where(Job.kind == kind, Job.subject_id == subject_id))


def test_the_copy_with_the_words_can_be_played_no_more_and_is_the_clean_one(session: Session,
                                                                          recording: Recording) -> None:
    before = recording.playback_sha256
    _withhold(session, recording, NAMES)
    assert (recording.playback_sha256, recording.clean_sha256) == (None, before)
    assert _state(session, Kind.PLAYBACK, recording.id) == "waiting"
    assert _to_erase(session) == set()


def test_the_clips_of_its_excerpts_go_and_are_cut_again(session: Session, story: Story, recording: Recording) -> None:
    excerpt = makers.add_excerpt(session, recording, session.get_one(Person, story.researcher_id))
    clip = excerpt.clip_sha256
    _withhold(session, recording, NAMES)
    session.refresh(excerpt)
    assert excerpt.clip_sha256 is None
    assert _to_erase(session) == {clip}
    assert _state(session, Kind.CLIP, excerpt.id) == "waiting"


def test_a_copy_that_withholds_less_goes_when_more_is_withheld(session: Session, store: MediaStore,
                                                              recording: Recording) -> None:
    clean = recording.playback_sha256
    _withhold(session, recording, NAMES)
    less = _made("less")
    derivatives.store_playback(session, store, recording.id, less, 9, _held(session, Kind.PLAYBACK, recording.id),
                               NAMES)
    assert recording.playback_sha256 == less.sha256
    _withhold(session, recording, MORE)
    assert (recording.playback_sha256, recording.clean_sha256) == (None, clean)
    assert _to_erase(session) == {less.sha256}


def test_where_nothing_is_withheld_any_more_the_clean_copy_is_played_again(session: Session, store: MediaStore,
                                                                          recording: Recording) -> None:
    clean = recording.playback_sha256
    _withhold(session, recording, NAMES)
    less = _made("less")
    derivatives.store_playback(session, store, recording.id, less, 9, _held(session, Kind.PLAYBACK, recording.id),
                               NAMES)
    _withhold(session, recording, [])
    assert (recording.playback_sha256, recording.clean_sha256) == (clean, None)
    assert _to_erase(session) == {less.sha256}


def test_a_recording_without_a_copy_yet_gets_both(session: Session, store: MediaStore, recording: Recording) -> None:
    recording.playback_sha256 = None
    _withhold(session, recording, NAMES)
    found = derivatives.playback_source(session, recording.id)
    assert found == derivatives.Sound(recording.sha256, NAMES, lacks_clean=True)
    made, clean = _made("copy"), _made("clean")
    derivatives.store_playback(session, store, recording.id, made, 9, _held(session, Kind.PLAYBACK, recording.id),
                               NAMES, clean)
    assert (recording.playback_sha256, recording.clean_sha256) == (made.sha256, clean.sha256)
    assert {made.sha256, clean.sha256} <= set(kept_files.list_stored(session))


@pytest.mark.parametrize("made_with", [[], NAMES, [[1000, 1500, "silence"]]])
def test_a_copy_of_what_was_withheld_before_is_thrown_away_and_made_again(
        session: Session, store: MediaStore, recording: Recording, made_with: list[Any]) -> None:
    recording.withheld, recording.playback_sha256 = MORE, None
    held, made = _held(session, Kind.PLAYBACK, recording.id), _made("too much in it")
    derivatives.store_playback(session, store, recording.id, made, 9, held, made_with, _made("clean"))
    assert recording.playback_sha256 is None
    assert recording.clean_sha256 is None
    assert made.sha256 in _to_erase(session)
    assert session.get_one(Job, held.job_id).state == "waiting"


def test_whoever_makes_a_copy_while_more_is_withheld_writes_nothing(session: Session, store: MediaStore,
                                                                   recording: Recording) -> None:
    """fault 35"""
    held = _held(session, Kind.PLAYBACK, recording.id)
    _withhold(session, recording, NAMES)
    with pytest.raises(FenceLost):
        derivatives.store_playback(session, store, recording.id, _made("too much in it"), 9, held)
    assert recording.playback_sha256 is None


def test_a_clip_is_told_what_is_withheld_of_it_at_its_own_times(session: Session, store: MediaStore, story: Story,
                                                               recording: Recording) -> None:
    excerpt = makers.add_excerpt(session, recording, session.get_one(Person, story.researcher_id))
    _withhold(session, recording, [*NAMES, [5000, 6000, "bleep"]])
    passage = derivatives.clip_source(session, excerpt.id)
    assert passage is not None
    assert passage.withheld == (NAMES[0],)
    held, made = _held(session, Kind.CLIP, excerpt.id), _made("too much in it")
    derivatives.store_clip(session, store, excerpt.id, made, held)
    session.refresh(excerpt)
    assert excerpt.clip_sha256 is None
    assert session.get_one(Job, held.job_id).state == "waiting"
    derivatives.store_clip(session, store, excerpt.id, made, _held(session, Kind.CLIP, excerpt.id), passage.withheld)
    session.refresh(excerpt)
    assert excerpt.clip_sha256 == made.sha256


def test_a_clip_from_a_segment_has_its_stretches_shifted(session: Session, story: Story, recording: Recording) -> None:
    manifest = makers.add_manifest(session, story, recording.id, parts=1)
    makers.add_segment(session, manifest, 0, start_ms=400, duration_ms=3000)
    excerpt = makers.add_excerpt(session, recording, session.get_one(Person, story.researcher_id))
    recording.withheld = NAMES
    passage = derivatives.clip_source(session, excerpt.id)
    assert passage is not None
    assert (passage.start_ms, passage.withheld) == (100, ([600, 1100, "bleep"],))


def test_a_joined_recording_that_is_made_again_is_not_played_with_what_is_withheld(session: Session, story: Story,
                                                                                  recording: Recording) -> None:
    manifest = makers.add_manifest(session, story, recording.id, parts=1)
    recording.playback_sha256 = recording.sha256
    _withhold(session, recording, NAMES)
    assert recording.clean_sha256 == recording.sha256
    joining.join_again(session, recording.id)
    again = making.File("a" * 64, 10, "mp3", "a" * 64)
    making.complete_joined(session, manifest, {}, again)
    assert (recording.playback_sha256, recording.clean_sha256) == (None, "a" * 64)
    assert _state(session, Kind.PLAYBACK, recording.id) == "waiting"


def test_a_clean_copy_that_a_backup_lacks_is_made_again(session: Session, recording: Recording, photo: Photo,
                                                       story: Story) -> None:
    _withhold(session, recording, NAMES)
    _cover(session, photo, story.researcher_id)
    missing = [recording.clean_sha256 or "", photo.clean_sha256 or ""]
    restored.make_again(session, missing)
    session.refresh(recording)
    session.refresh(photo)
    assert (recording.clean_sha256, photo.clean_sha256) == (None, None)
    for kind, part in ((Kind.PLAYBACK, recording), (Kind.PHOTO, photo)):
        assert _state(session, kind, part.id) == "waiting"


def test_a_photo_that_is_covered_cannot_be_seen_until_its_copy_is_made_anew(session: Session, store: MediaStore,
                                                                           photo: Photo, story: Story) -> None:
    before = photo.derivative_sha256
    region = _cover(session, photo, story.researcher_id)
    assert (photo.derivative_sha256, photo.clean_sha256) == (None, before)
    found = derivatives.photo_source(session, photo.id)
    assert found == derivatives.Picture(photo.sha256, [[1, 2, 3, 4]])
    held, made = _held(session, Kind.PHOTO, photo.id), _made("too much in it")
    derivatives.store_photo(session, store, photo.id, made, (8, 6), held)
    assert photo.derivative_sha256 is None
    assert session.get_one(Job, held.job_id).state == "waiting"
    covered = _made("covered")
    derivatives.store_photo(session, store, photo.id, covered, (8, 6), _held(session, Kind.PHOTO, photo.id),
                            [[1, 2, 3, 4]])
    assert photo.derivative_sha256 == covered.sha256
    session.delete(region)
    session.flush()
    derivatives.make_photo_again(session, photo.id)
    assert (photo.derivative_sha256, photo.clean_sha256) == (before, None)
    assert covered.sha256 in _to_erase(session)
