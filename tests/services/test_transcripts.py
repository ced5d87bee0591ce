"""A transcript is written once, by the attempt that holds the job, while the consent for it holds."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.transcript import Segment, Transcription, Word
from server.domain.work import FenceLost, Held, Kind
from server.models.story import Recording
from server.models.transcript import Transcript
from server.models.work import Job
from server.services import transcripts, work
from tests import makers

HEARD = Transcription("en", 0.98, "base", 1000, (
    Segment("We waited.", 0, 900, (Word("We", 0, 300, 0.9), Word(" waited.", 300, 900, 0.8))),))


@pytest.fixture
def recording(session: Session) -> Recording:
    """A recording that has no transcript yet."""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    found = makers.add_recording(session, story)
    session.delete(session.scalars(select(Transcript)).one())
    session.flush()
    return found


def _held(session: Session, recording: Recording) -> Held:
    job = work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording.id, story_id=recording.story_id,
                       project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def test_the_words_are_stored_with_their_times(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.store(session, recording.id, HEARD, held)
    session.expire_all()  # so that the words are read from the database again
    stored = session.scalars(select(Transcript)).one()
    assert stored.segments[0].words == HEARD.segments[0].words
    assert session.get_one(Job, held.job_id).state == "done"


def test_a_recording_has_one_transcript_and_the_first_stays(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    transcripts.store(session, recording.id, HEARD, held)
    first = session.scalars(select(Transcript.id)).one()
    session.get_one(Job, held.job_id).state = "waiting"
    session.flush()
    transcripts.store(session, recording.id, HEARD, _claim_again(session, held))
    assert session.scalars(select(Transcript.id)).one() == first


def test_an_attempt_that_lost_its_job_writes_nothing(session: Session, recording: Recording) -> None:
    """fault 35"""
    held = _held(session, recording)
    with pytest.raises(FenceLost):
        transcripts.store(session, recording.id, HEARD, Held(held.job_id, held.fence - 1))
    assert session.scalar(select(func.count()).select_from(Transcript)) == 0


def test_nothing_is_written_when_transcribing_is_refused_meanwhile(session: Session, recording: Recording) -> None:
    held = _held(session, recording)
    story = recording.story_id
    researcher = session.scalars(select(makers.Story)).one().researcher_id
    project = session.scalars(select(makers.Project)).one()
    makers.record_consent(session, project, session.get_one(makers.Person, researcher), story,
                          makers.ALL_USES - {Use.TRANSCRIBE})
    assert transcripts.source(session, recording.id) is None
    transcripts.store(session, recording.id, HEARD, held)
    assert session.scalar(select(func.count()).select_from(Transcript)) == 0
    assert session.get_one(Job, held.job_id).state == "cancelled"


def test_a_recording_that_is_gone_has_nothing_to_transcribe(session: Session, recording: Recording) -> None:
    recording_id = recording.id
    session.execute(delete(Recording))
    assert transcripts.source(session, recording_id) is None


def _claim_again(session: Session, held: Held) -> Held:
    claimed = work.claim(session, held.job_id, "worker", makers.NOON)
    assert claimed is not None
    return Held(held.job_id, claimed[0].fence)
