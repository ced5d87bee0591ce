"""Consent records as they arrive, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.sync import PhoneClock
from server.models.consent import Clearance, ConsentRecord
from server.models.transcript import Transcript
from server.models.work import Job
from server.services import consents
from tests.makers import ALL_USES, NOON, add_recording, make_person, make_project, make_story, viewer_of, wording_of
from tests.services import sending
from tests.services.together import together


def cleared(session: Session, story_id: str) -> set[tuple[str, str]]:
    query = select(Clearance.audience, Clearance.content).where(Clearance.story_id == story_id)
    return {tuple(row) for row in session.execute(query)}


def test_the_same_record_twenty_times_at_once_is_one_row(app: Flask, session: Session) -> None:
    """fault 22"""
    project = make_project(session)
    viewer = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    sent = sending.consent(project.id, wording_of(session, project).id, new_id())
    session.commit()
    answers = together(app, [
        lambda own: consents.record(own, viewer, sent, sending.BODY, PhoneClock())] * 20)
    assert sorted(is_new for _, is_new in answers) == [False] * 19 + [True]
    assert len({receipt for receipt, _ in answers}) == 1
    assert session.query(ConsentRecord).count() == 1


def test_of_a_yes_and_a_no_at_once_the_last_to_arrive_counts(app: Flask, session: Session) -> None:
    project = make_project(session)
    viewer = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    wording_id = wording_of(session, project).id
    session.commit()
    for _ in range(5):
        story_id = new_id()
        both = [sending.consent(project.id, wording_id, story_id, uses) for uses in (ALL_USES, ())]
        together(app, [
            lambda own, sent=sent: consents.record(own, viewer, sent, sending.BODY, PhoneClock()) for sent in both])
        newest = session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story_id)
                                 .order_by(ConsentRecord.sequence.desc())).first()
        assert len(cleared(session, story_id)) == (10 if newest.answers["board"] else 0)


def test_an_older_yes_that_arrives_late_clears_nothing_more(session: Session) -> None:
    """fault 31"""
    project = make_project(session)
    viewer = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    story_id, wording_id = new_id(), wording_of(session, project).id
    narrow = replace(sending.consent(project.id, wording_id, story_id, {Use.BOARD}), given_at=NOON + timedelta(hours=1))
    late = sending.consent(project.id, wording_id, story_id)
    newer = replace(sending.consent(project.id, wording_id, story_id), given_at=NOON + timedelta(hours=2))
    for sent, expected in ((narrow, 1), (late, 1), (newer, 10)):
        consents.record(session, viewer, sent, sending.BODY, PhoneClock())
        assert len(cleared(session, story_id)) == expected


def test_a_consent_from_the_future_does_not_outlive_a_newer_one(session: Session) -> None:
    """fault 31"""
    project = make_project(session)
    viewer = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    story_id, wording_id = new_id(), wording_of(session, project).id
    ahead = replace(sending.consent(project.id, wording_id, story_id, ()), given_at=NOON + timedelta(days=9000))
    consents.record(session, viewer, ahead, sending.BODY, PhoneClock())
    asked_again = replace(sending.consent(project.id, wording_id, story_id), given_at=datetime.now(UTC))
    consents.record(session, viewer, asked_again, sending.BODY, PhoneClock())
    assert len(cleared(session, story_id)) == 10


def test_agreeing_later_to_a_transcript_asks_for_it_where_the_store_has_the_sound(session: Session) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    story = make_story(session, project, person, uses={Use.RECORD})
    recording = add_recording(session, story)
    recording.stored_at = NOON
    written_down = add_recording(session, story, "This one has a transcript")
    written_down.stored_at = NOON
    add_recording(session, story, "This one is still on its way into the store")
    for row in session.scalars(select(Transcript).where(Transcript.recording_id != written_down.id)):
        session.delete(row)
    session.flush()
    sent = sending.consent(project.id, wording_of(session, project).id, story.id)
    consents.record(session, viewer_of(session, person), sent, sending.BODY, PhoneClock())
    [job] = session.scalars(select(Job))
    assert (job.kind, job.subject_id, job.story_id) == ("transcribe", recording.id, story.id)


def test_only_researchers_of_the_project_record_consent(session: Session) -> None:
    project = make_project(session)
    sent = sending.consent(project.id, wording_of(session, project).id, new_id())
    outsider = make_person(session, make_project(session, "Another"), Role.RESEARCHER)
    administrator = make_person(session, project, Role.ADMINISTRATOR)
    for person in (outsider, administrator):
        with pytest.raises(NotFound):
            consents.record(session, viewer_of(session, person), sent, sending.BODY, PhoneClock())


def test_a_record_for_a_story_of_another_project_changes_nothing(session: Session) -> None:
    """fault 44"""
    project, other = make_project(session), make_project(session, "Another")
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER), uses={Use.BOARD})
    outsider = viewer_of(session, make_person(session, other, Role.RESEARCHER))
    sent = sending.consent(other.id, wording_of(session, other).id, story.id)
    with pytest.raises(NotFound):
        consents.record(session, outsider, sent, sending.BODY, PhoneClock())
    assert cleared(session, story.id) == {("board", "quote")}
