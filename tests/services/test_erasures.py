"""Bytes go when no row names them, and stay while one does."""

from collections.abc import Callable
from io import BytesIO
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.work import Kind
from server.models.consent import ConsentRecord, Erasure
from server.models.project import Project
from server.models.story import Recording, Story
from server.models.work import Job
from server.services import erasures
from server.storage.store import MediaStore
from tests import makers
from tests.services.together import together


@pytest.fixture
def store(app: Flask) -> MediaStore:
    return app.extensions["earshot"].store


@pytest.fixture
def story(session: Session) -> Story:
    project = makers.make_project(session)
    return makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))


def test_bytes_that_no_row_names_are_deleted_and_forgotten(session: Session, store: MediaStore, story: Story) -> None:
    sha256 = store.put(BytesIO(b"nobody's")).sha256
    erasures.ask(session, [sha256], story.project_id)
    erasures.erase(session, store, sha256)
    assert sha256 not in store
    assert session.scalars(select(Erasure)).all() == []


@pytest.mark.parametrize("column", ["recording.sha256", "recording.playback_sha256", "photo.sha256",
                                    "photo.derivative_sha256", "excerpt.clip_sha256", "evidence.sha256"])
def test_bytes_that_a_row_names_stay(session: Session, store: MediaStore, story: Story, column: str) -> None:
    sha256 = store.put(BytesIO(b"somebody's")).sha256
    recording, photo = makers.add_recording(session, story), makers.add_photo(session, story)
    excerpt = makers.add_excerpt(session, recording, session.get_one(makers.Person, story.researcher_id))
    evidence = makers.add_evidence_of_consent(session, story, session.query(ConsentRecord).one())
    part, name = column.split(".")
    setattr({"recording": recording, "photo": photo, "excerpt": excerpt, "evidence": evidence}[part], name, sha256)
    session.flush()
    erasures.ask(session, [sha256], story.project_id)
    assert session.scalars(select(Job)).all() == []
    erasures.erase(session, store, sha256)
    assert sha256 in store


def test_of_two_stories_with_the_same_bytes_that_end_together_the_second_has_them_erased(
    app: Flask, session: Session, story: Story
) -> None:
    """faults 29, 49"""
    project = session.get_one(Project, story.project_id)
    other = makers.make_story(session, project, session.get_one(makers.Person, story.researcher_id))
    recordings = [makers.add_recording(session, one, f"told by {one.id}") for one in (story, other)]
    sha256 = makers.digest("the same file")
    for recording in recordings:
        recording.sha256 = sha256
    ids, project_id = [recording.id for recording in recordings], project.id
    both_gone = Barrier(2)

    def end(recording_id: str) -> Callable[[Session], None]:
        def act(own: Session) -> None:
            own.execute(update(Recording).where(Recording.id == recording_id).values(sha256=makers.digest("gone")))
            if own.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
                both_gone.wait()
            erasures.ask(own, [sha256], project_id)
        return act

    together(app, [end(recording_id) for recording_id in ids])
    session.expire_all()
    assert [row.sha256 for row in session.scalars(select(Erasure))] == [sha256]


def test_erasing_twice_changes_nothing(session: Session, store: MediaStore) -> None:
    sha256 = makers.digest("never stored")
    erasures.erase(session, store, sha256)
    erasures.erase(session, store, sha256)
    assert sha256 not in store


def test_bytes_that_a_killed_worker_left_behind_are_asked_for(session: Session) -> None:
    sha256 = makers.digest("half done")
    erasures.expect(session, sha256)
    erasures.ask_again(session)
    erasures.ask_again(session)
    assert session.execute(select(Job.kind, Job.subject_id)).all() == [(Kind.ERASE, sha256)]


def test_bytes_that_are_kept_after_all_are_not_asked_for(session: Session) -> None:
    sha256 = makers.digest("kept")
    erasures.expect(session, sha256)
    erasures.keep(session, sha256)
    erasures.ask_again(session)
    assert session.scalars(select(Job)).all() == []
