"""Each kind of work, tried once in this process with a real child."""

import hashlib
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.work import Kind
from server.embedding import model
from server.jobs.attempt import run
from server.jobs.tasks import TASKS
from server.models.consent import Erasure, Tombstone
from server.models.redaction import Redaction
from server.models.suggestion import PassageVectors
from server.models.upload import Upload
from server.models.work import Attempt, Job
from server.services import withdrawals
from server.storage.staging import Staging
from tests import makers
from tests.jobs.conftest import Stories, try_once
from tests.media.sounds import encoded, notes


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.flac"
    path.write_bytes(encoded("flac", notes(2)))
    return path


def test_a_recording_gets_a_copy_to_play_and_its_length(app: Flask, session: Session, stories: Stories,
                                                        sound: Path) -> None:
    recording = stories.recording(sound)
    assert try_once(app, session, stories.ask(Kind.PLAYBACK, recording.id)).state == "done"
    assert recording.duration_ms == 2000
    assert recording.playback_sha256 in app.extensions["earshot"].store
    assert session.scalars(select(Erasure)).all() == []


def test_an_excerpt_gets_its_own_seconds(app: Flask, session: Session, stories: Stories, sound: Path) -> None:
    excerpt = makers.add_excerpt(session, stories.recording(sound), stories.researcher)
    excerpt.clip_sha256 = None
    assert try_once(app, session, stories.ask(Kind.CLIP, excerpt.id)).state == "done"
    assert excerpt.clip_sha256 in app.extensions["earshot"].store


def test_a_story_is_compared_in_a_child_with_no_word_that_is_withheld(app: Flask, session: Session,
                                                                     stories: Stories) -> None:
    """Its numbers are those of the words as they are shown."""
    quote = makers.add_quote(session, stories.story, "We waited for Leah all night.")
    session.add(Redaction(id=new_id(), story_id=stories.story.id, words="Leah", words_key="leah", replacement="[name]",
                          category="name", sound="bleep", made_by=stories.researcher.id, made_at=makers.NOON))
    assert try_once(app, session, stories.ask(Kind.EMBED, stories.story.id)).state == "done"
    [row] = session.scalars(select(PassageVectors)).all()
    assert (row.source_id, row.places) == (quote.id, [[0, 0]])
    assert row.vectors == model.embed(["We waited for [name] all night."])


def test_bytes_that_are_not_in_the_store_fail_the_attempt_and_are_named(app: Flask, session: Session,
                                                                       stories: Stories) -> None:
    photo = makers.add_photo(session, stories.story)
    assert try_once(app, session, stories.ask(Kind.PHOTO, photo.id)).state == "waiting"
    assert session.scalars(select(Attempt.error_code)).all() == ["media_missing"]


def test_work_that_nobody_agrees_to_any_more_is_cancelled_before_anything_is_read(app: Flask, session: Session,
                                                                                  stories: Stories) -> None:
    photo = makers.add_photo(session, stories.story)
    job = stories.ask(Kind.PHOTO, photo.id)
    makers.record_consent(session, stories.project, stories.researcher, stories.story.id,
                          makers.ALL_USES - {Use.PHOTOS})
    assert try_once(app, session, job).state == "cancelled"


def test_a_surprise_fails_the_attempt_and_its_message_is_not_kept(app: Flask, session: Session,
                                                                 stories: Stories) -> None:
    words = "what the participant said"

    def surprise(_attempt: object) -> None:
        raise RuntimeError(words)

    job_id = stories.ask(Kind.PHOTO, stories.story.id).id
    session.commit()
    run(app, {Kind.PHOTO: surprise}, job_id, Event())
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    assert attempt.error_code == "failed"
    assert "RuntimeError" in (attempt.error or "")
    assert words not in (attempt.error or "")


def test_staged_bytes_of_a_withdrawn_story_go(app: Flask, session: Session, stories: Stories) -> None:
    """fault 27"""
    staging = Staging(app.extensions["earshot"].settings.uploads_dir)
    upload = makers.add_upload(session, stories.story)
    staging.append(upload.id, 0, [b"half of a photo"], most=100)
    name = upload.id
    withdrawals.withdraw(session, makers.viewer_of(session, stories.researcher), stories.story.id)
    session.flush()
    job = session.scalars(select(Job).where(Job.kind == Kind.SCRUB)).one()
    job_id = job.id
    session.commit()
    run(app, TASKS, job_id, Event())
    session.rollback()
    assert session.get(Job, job_id) is None
    assert not staging.path(name).exists()
    assert session.scalars(select(Upload)).all() == []
    assert name in session.scalars(select(Tombstone.id)).all()


def test_erased_bytes_leave_no_row_of_their_hash(app: Flask, session: Session, stories: Stories, sound: Path) -> None:
    sha256 = hashlib.sha256(sound.read_bytes()).hexdigest()
    stories.recording(sound)
    withdrawals.withdraw(session, makers.viewer_of(session, stories.researcher), stories.story.id)
    job_id = session.scalars(select(Job.id).where(Job.kind == Kind.ERASE)).one()
    session.commit()
    run(app, TASKS, job_id, Event())
    session.rollback()
    assert sha256 not in app.extensions["earshot"].store
    assert session.get(Job, job_id) is None
    assert session.scalars(select(Erasure)).all() == []
