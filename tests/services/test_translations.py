"""The English of a transcript lies beside it, and nothing that becomes of it touches the transcript."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.transcript import Word
from server.domain.work import FenceLost, Held, Kind
from server.models.consent import ConsentRecord
from server.models.story import Story
from server.models.transcript import Transcript, TranscriptSegment, Translation
from server.models.work import Job
from server.services import later_steps, translations, withdrawals, work
from server.services.translations import ToTranslate
from tests import makers


@pytest.fixture
def transcript(session: Session) -> Transcript:
    """Welsh but for its second segment; its last has no length."""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    makers.add_recording(session, story)
    found = session.scalars(select(Transcript)).one()
    found.language, found.segments = "cy", []
    session.flush()
    found.segments = [
        TranscriptSegment(position=place, start_ms=start, end_ms=end, text=text, words=(Word(text, start, end),),
                          language=language)
        for place, (start, end, text, language) in enumerate(
            [(0, 900, "Aros.", ""), (1000, 1900, "We waited.", "en"), (2000, 2900, "Zwei.", "de"),
             (3000, 3900, "Nos.", ""), (4000, 4000, "Ie.", "")])]
    session.flush()
    return found


def _held(session: Session, transcript: Transcript) -> Held:
    later_steps.ask(session, transcript)
    job = session.scalars(select(Job).where(Job.kind == Kind.TRANSLATE)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def _refuse(session: Session) -> None:
    story, record = session.scalars(select(Story)).one(), session.scalars(select(ConsentRecord)).first()
    assert record is not None
    makers.record_consent(session, session.get_one(makers.Project, story.project_id),
                          session.get_one(makers.Person, record.taken_by), story.id, makers.ALL_USES - {Use.TRANSCRIBE})


def test_what_is_not_said_in_english_is_put_into_english_by_its_language(session: Session,
                                                                        transcript: Transcript) -> None:
    sha256 = session.scalars(select(makers.Recording.sha256)).one()
    assert translations.wanted(session, transcript.id) == ToTranslate(
        sha256, {"cy": [(0, 900), (3000, 3900)], "de": [(2000, 2900)]})


def test_the_english_is_kept_in_order_beside_the_words(session: Session, transcript: Transcript) -> None:
    held = _held(session, transcript)
    spans = translations.wanted(session, transcript.id).spans
    translations.store(session, transcript.id, "base", spans, {"cy": [" Waiting.", ""], "de": ["Two."]}, held)
    assert session.scalars(select(Translation)).one().passages == [[0, 900, "Waiting."], [2000, 2900, "Two."]]
    assert [segment.text for segment in transcript.segments] == ["Aros.", "We waited.", "Zwei.", "Nos.", "Ie."]
    assert session.get_one(Job, held.job_id).state == "done"


def test_a_text_that_is_missing_keeps_nothing(session: Session, transcript: Transcript) -> None:
    held = _held(session, transcript)
    spans = translations.wanted(session, transcript.id).spans
    with pytest.raises(ValueError, match="shorter"):
        translations.store(session, transcript.id, "base", spans, {"cy": ["Waiting."], "de": ["Two."]}, held)
    assert session.scalars(select(Translation)).all() == []


def test_without_agreement_nothing_is_kept(session: Session, transcript: Transcript) -> None:
    held = _held(session, transcript)
    _refuse(session)
    assert translations.wanted(session, transcript.id) is None
    translations.store(session, transcript.id, "base", {}, {}, held)
    assert session.scalars(select(Translation)).all() == []
    assert session.get_one(Job, held.job_id).state == "cancelled"


def test_work_that_nobody_agrees_to_any_more_is_given_up(session: Session, transcript: Transcript) -> None:
    held = _held(session, transcript)
    later_steps.give_up(session, transcript.id, held)
    assert session.get_one(Job, held.job_id).state == "waiting"
    claimed = work.claim(session, held.job_id, "worker", makers.NOON)
    assert claimed is not None
    _refuse(session)
    later_steps.give_up(session, transcript.id, Held(held.job_id, claimed[0].fence))
    assert session.get_one(Job, held.job_id).state == "cancelled"


def test_a_withdrawal_ends_what_follows_a_transcript(session: Session, transcript: Transcript) -> None:
    """fault 27"""
    held, transcript_id = _held(session, transcript), transcript.id
    story = session.scalars(select(Story)).one()
    researcher = session.get_one(makers.Person, story.researcher_id)
    withdrawals.withdraw(session, makers.viewer_of(session, researcher), story.id)
    assert set(session.scalars(select(Job.kind))) & {"speakers", "translate", "transcribe"} == set()
    assert translations.wanted(session, transcript_id) is None
    with pytest.raises(FenceLost):
        translations.store(session, transcript_id, "base", {}, {}, held)
