"""Agreement that was gone for a while: nothing that is agreed to again is left without its copy, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import db
from server.domain.access import Role, Viewer
from server.domain.hearing import Heard, HeardWindow
from server.domain.sync import PhoneClock
from server.domain.work import Held, Kind
from server.models.story import Photo, Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript
from server.models.work import Job
from server.parts import parts
from server.services import consents, derivatives, transcripts, work
from server.services.derivatives import Made
from tests import makers
from tests.api.phone import picture, sound
from tests.services import sending
from tests.storing import do_what_waits

COPIED = (Kind.PLAYBACK, Kind.PHOTO, Kind.CLIP)


class Told:
    """A story with a recording, its passage and a photo, all stored, and none with a copy yet."""

    def __init__(self, session: Session) -> None:
        self.session, project = session, makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        self.viewer: Viewer = makers.viewer_of(session, researcher)
        self.story: Story = makers.make_story(session, project, researcher)
        self.wording_id = makers.wording_of(session, project).id
        self.recording: Recording = makers.add_recording(session, self.story)
        self.excerpt: Excerpt = makers.add_excerpt(session, self.recording, researcher)
        self.photo: Photo = makers.add_photo(session, self.story)
        store = parts().store
        self.recording.sha256, self.photo.sha256 = (store.put(BytesIO(content)).sha256
                                                    for content in (sound(), picture()))
        self.recording.stored_at = self.photo.stored_at = makers.NOON
        self.recording.playback_sha256 = self.photo.derivative_sha256 = self.excerpt.clip_sha256 = None
        self._asked = 0
        session.commit()

    def subject_id(self, kind: Kind) -> str:
        return {Kind.PHOTO: self.photo.id, Kind.CLIP: self.excerpt.id}.get(kind, self.recording.id)

    def ask_for(self, kind: Kind) -> None:
        work.request(self.session, kind=kind, subject_id=self.subject_id(kind), story_id=self.story.id,
                     project_id=self.story.project_id)
        self.session.commit()

    def begin(self, kind: Kind) -> Held:
        """The job is asked for, and a worker has taken it."""
        self.ask_for(kind)
        job = self.session.scalars(select(Job).where(Job.kind == kind)).one()
        claimed = work.claim(self.session, job.id, "worker", makers.NOON)
        assert claimed is not None
        self.session.commit()
        return Held(job.id, claimed[0].fence)

    def answer(self, *, agrees: bool) -> None:
        """Another record arrives. Its transaction goes on."""
        self._asked += 1
        uses = makers.ALL_USES if agrees else ()
        sent = replace(sending.consent(self.story.project_id, self.wording_id, self.story.id, uses),
                       given_at=makers.NOON + timedelta(minutes=self._asked))
        consents.record(self.session, self.viewer, sent, sending.BODY, PhoneClock())

    def state_of(self, kind: Kind) -> str:
        self.session.rollback()
        return self.session.scalars(select(Job.state).where(Job.kind == kind)).one()


@pytest.fixture
def told(app: Flask, session: Session) -> Told:
    return Told(session)


@pytest.mark.parametrize("kind", COPIED)
def test_a_copy_that_was_cancelled_is_made_once_somebody_agrees_again(app: Flask, session: Session, told: Told,
                                                                      kind: Kind) -> None:
    """fault 31"""
    told.ask_for(kind)
    told.answer(agrees=False)
    assert do_what_waits(app, kind) == 1
    assert told.state_of(kind) == "cancelled"
    told.answer(agrees=True)
    assert do_what_waits(app, kind) == 1
    assert told.state_of(kind) == "done"
    session.refresh(told.recording), session.refresh(told.photo), session.refresh(told.excerpt)
    copies = {Kind.PLAYBACK: told.recording.playback_sha256, Kind.PHOTO: told.photo.derivative_sha256,
              Kind.CLIP: told.excerpt.clip_sha256}
    assert (copies[kind] or "") in parts().store


def test_nothing_is_asked_for_that_is_not_agreed_to_not_stored_or_has_its_copy(session: Session, told: Told) -> None:
    told.answer(agrees=False)
    assert session.scalars(select(Job.kind)).all() == ["note"]
    told.recording.playback_sha256 = told.excerpt.clip_sha256 = makers.digest("a copy")
    told.photo.stored_at = None
    told.answer(agrees=True)
    assert set(session.scalars(select(Job.kind))) == {"note"}
    for row in session.scalars(select(Transcript)):
        session.delete(row)
    told.answer(agrees=True)
    assert set(session.scalars(select(Job.kind))) == {"note", "transcribe"}


@pytest.mark.parametrize("kind", [Kind.TRANSCRIBE, Kind.SPEAKERS, Kind.TRANSLATE])
def test_work_on_words_that_was_cancelled_waits_again_once_somebody_agrees(session: Session, told: Told,
                                                                           kind: Kind) -> None:
    held = told.begin(kind)
    told.answer(agrees=False)
    work.cancel(session, held)
    session.commit()
    told.answer(agrees=True)
    session.commit()
    assert told.state_of(kind) == "waiting"


def _meanwhile(app: Flask, told: Told, write: Callable[[Session], None]) -> None:
    """A worker writes what came of its work while a yes is arriving, after a no."""
    def run() -> None:
        with app.app_context():
            write(db.session())
            db.session.commit()

    told.answer(agrees=False)
    told.session.commit()
    told.answer(agrees=True)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(run)
        wait([writing], timeout=0.5)
        told.session.commit()
        writing.result()


@pytest.mark.parametrize("kind", COPIED)
def test_work_given_up_while_a_yes_arrives_waits_for_its_turn_again(app: Flask, told: Told, kind: Kind) -> None:
    """fault 31"""
    held, subject_id = told.begin(kind), told.subject_id(kind)
    _meanwhile(app, told, lambda session: derivatives.give_up(session, kind, subject_id, held))
    assert told.state_of(kind) == "waiting"


@pytest.mark.parametrize("kind", COPIED)
def test_a_copy_that_is_done_while_a_yes_arrives_is_kept(app: Flask, told: Told, kind: Kind) -> None:
    """fault 31"""
    held, subject_id, store = told.begin(kind), told.subject_id(kind), parts().store
    made = Made(BytesIO(b"a copy"), makers.digest("a copy"))
    writers: dict[Kind, Callable[[Session], None]] = {
        Kind.PLAYBACK: lambda session: derivatives.store_playback(session, store, subject_id, made, 1, held),
        Kind.PHOTO: lambda session: derivatives.store_photo(session, store, subject_id, made, (1, 1), held),
        Kind.CLIP: lambda session: derivatives.store_clip(session, store, subject_id, made, held)}
    _meanwhile(app, told, writers[kind])
    assert told.state_of(kind) == "done"


@pytest.mark.parametrize("written", ["given up", "a window"])
def test_a_transcript_goes_on_where_a_yes_arrives_meanwhile(app: Flask, session: Session, told: Told,
                                                            written: str) -> None:
    """fault 31"""
    session.delete(session.scalars(select(Transcript)).one())
    held, recording_id = told.begin(Kind.TRANSCRIBE), told.recording.id
    heard = Heard((HeardWindow(0, 0, 900),))
    if written == "given up":
        _meanwhile(app, told, lambda own: transcripts.give_up(own, recording_id, held))
    else:
        _meanwhile(app, told, lambda own: transcripts.keep(own, recording_id, "base", heard, held))
    assert told.state_of(Kind.TRANSCRIBE) == ("waiting" if written == "given up" else "running")
