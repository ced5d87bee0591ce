"""A segment that comes after its recording was made without it stands by itself, and nothing that was made moves."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.cleared import ClearedPlace
from server.domain.consent import Audience, Use
from server.domain.manifest import Gathering, recording_of_its_own
from server.domain.sync import Standing
from server.domain.work import FenceLost, Held, Kind
from server.models.consent import Tombstone
from server.models.project import Project
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment
from server.models.work import Job
from server.parts import parts
from server.services import (
    clearing,
    derivatives,
    joining,
    kept_files,
    manifests,
    receipts,
    restored,
    withdrawals,
    work,
)
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.segments import Run
from tests.services.segmented import Arriving
from tests.services.test_going_without import NOISE, gaps, make, starts
from tests.services.test_joining import joined
from tests.storing import do_what_waits, join_what_waits


def write_down(session: Session, recording: Recording) -> Transcript:
    """A transcript, as if somebody had listened."""
    transcript = Transcript(id=recording.id, recording_id=recording.id, language="en", language_probability=1.0,
                            model="base", created_at=makers.NOON)
    transcript.segments = [TranscriptSegment(position=0, start_ms=0, end_ms=900, text="We waited", words=())]
    session.add(transcript)
    session.flush()
    return transcript


def snapshot(session: Session, recording_id: str) -> list[Any]:
    """All that was made of a recording, but for what is said of its gaps."""
    session.expire_all()
    made = session.get_one(Recording, recording_id)
    return [
        (made.sha256, made.playback_sha256, made.duration_ms, made.size, made.position),
        *session.execute(select(RecordingSegment.number, RecordingSegment.start_ms, RecordingSegment.duration_ms)
                         .where(RecordingSegment.recording_id == recording_id).order_by(RecordingSegment.number)),
        *session.execute(select(RecordingGap.at_ms, RecordingGap.length_ms, RecordingGap.segment)
                         .where(RecordingGap.recording_id == recording_id).order_by(RecordingGap.number)),
        *session.execute(select(RecordingMarker.saved_at_ms, RecordingMarker.at_ms).order_by(
            RecordingMarker.saved_at_ms)),
        *session.execute(select(Transcript.id, TranscriptSegment.text).join(Transcript.segments)),
        *session.execute(select(Excerpt.id, Excerpt.text, Excerpt.start_ms, Excerpt.end_ms, Excerpt.clip_sha256)),
    ]


def late_recording(session: Session, coming: Arriving, number: int) -> Recording:
    return session.get_one(Recording, recording_of_its_own(coming.runs[number].id), populate_existing=True)


def of_kind(session: Session, kind: Kind) -> set[str]:
    return set(session.scalars(select(Job.subject_id).where(Job.kind == kind)))


@pytest.fixture
def made(session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> Arriving:
    """Made of the first and third, written down, with an excerpt before the gap, one after, and one across."""
    coming.segment(0)
    coming.segment(2)
    make(session, administrator, coming)
    join_what_waits(app)
    recording = session.query(Recording).one()
    write_down(session, recording)
    _, third = starts(session)
    person = makers.make_person(session)
    for text, at, length in (("early", 200, 500), ("late", (third or 0) + 100, 500), ("across", 1500, 1000)):
        excerpt = makers.add_excerpt(session, recording, person, text)
        excerpt.start_ms, excerpt.end_ms = at, at + length
    session.commit()
    return coming


def test_a_segment_that_comes_after_all_stands_by_itself_and_nothing_that_was_made_moves(
        session: Session, made: Arriving) -> None:
    """fault 24"""
    before = snapshot(session, made.id)
    wrote = session.query(Job).filter_by(kind="transcribe", subject_id=made.id).one()
    asked = (wrote.state, wrote.fence)
    made.segment(1)
    assert snapshot(session, made.id) == before
    session.refresh(wrote)
    assert (wrote.state, wrote.fence) == asked
    assert gaps(session) == [(None, 30_000, "hidden"), (1, 1000, "came_later")]
    late = late_recording(session, made, 1)
    assert (late.id != made.runs[1].id, late.sha256, late.container) == (True, made.runs[1].sha256, "mov")
    manifest = session.get_one(RecordingManifest, made.id)
    assert late.started_at - manifest.started_at == timedelta(milliseconds=32_000)
    assert (late.position, late.stored_at is not None, late.playback_sha256) == (manifest.position, True, None)
    assert late.id in of_kind(session, Kind.PLAYBACK) & of_kind(session, Kind.TRANSCRIBE)
    assert of_kind(session, Kind.JOIN) == {made.id}
    assert (manifest.left_out, joining.list_left(session)) == ([made.runs[1].id], [])


def test_it_is_receipted_as_any_segment_and_is_still_missing_where_it_was_left_out(session: Session,
                                                                                  made: Arriving) -> None:
    """fault 30"""
    made.segment(1)
    receipt = receipts.find(session, made.viewer, made.runs[1].id)
    assert (receipt.kind, receipt.sha256, receipt.standing) == ("segment", made.runs[1].sha256, Standing.KEPT)
    found = manifests.find(session, made.viewer, made.id)
    assert (found.state, [segment.number for segment in found.missing]) == (Gathering.COMPLETE, [1])


def test_it_can_be_played_and_an_excerpt_of_it_is_cut_from_it(app: Flask, session: Session, made: Arriving) -> None:
    made.segment(1)
    assert do_what_waits(app, Kind.PLAYBACK) == 1
    late = late_recording(session, made, 1)
    assert (late.playback_sha256 or "") in parts().store
    assert abs((late.duration_ms or 0) - 1000) < 200
    excerpt = makers.add_excerpt(session, late, makers.make_person(session))
    excerpt.start_ms, excerpt.end_ms = 100, 600
    assert derivatives.clip_source(session, excerpt.id) == derivatives.Passage(late.sha256, 100, 600)


def test_late_ones_follow_the_recording_that_was_made_without_them_whichever_was_made_first(
        session: Session, project: Project, viewer: Viewer, staging: Staging, story: Story, administrator: Viewer,
        app: Flask) -> None:
    runs = [Run(sound("webm", 1), 1000, "hidden", stopped_ms=500), Run(sound("mp4", 1), 1000),
            Run(sound("ogg", 1), 1000)]
    last_of_all = "ffffffff-ffff-7fff-bfff-ffffffffffff"
    coming = Arriving(app, session, viewer, staging, story.id, runs, id=last_of_all)
    coming.manifest()
    coming.segment(1)
    coming.segment(2)
    make(session, administrator, coming)
    coming.segment(0)  # it begins when its manifest's recording begins, and is there before that is joined
    assert join_what_waits(app) == 1
    commissioner = makers.viewer_of(session, makers.make_person(session, project, Role.COMMISSIONER))
    story = clearing.get_story(session, commissioner, coming.body["story_id"], Audience.COMMISSIONERS)
    assert [found.id for found in story.recordings] == [coming.id, recording_of_its_own(coming.runs[0].id)]
    assert [gap.reason for gap in story.recordings[0].gaps] == ["came_later", "hidden"]
    assert abs((story.recordings[0].duration_ms or 0) - 2000) < 200
    assert (story.recordings[1].gaps, story.unfinished) == ((), ())


def test_several_that_come_late_are_in_the_order_in_which_they_were_recorded(
        session: Session, project: Project, coming: Arriving, administrator: Viewer) -> None:
    coming.segment(1)
    make(session, administrator, coming)
    for number in (2, 0):
        coming.segment(number)
    commissioner = makers.viewer_of(session, makers.make_person(session, project, Role.COMMISSIONER))
    story = clearing.get_story(session, commissioner, coming.body["story_id"], Audience.COMMISSIONERS)
    assert [found.id for found in story.recordings] == [
        coming.id, *(recording_of_its_own(coming.runs[number].id) for number in (0, 2))]
    gaps = story.recordings[0].gaps
    assert [gap.reason for gap in gaps] == ["came_later", "hidden", "came_later"]
    assert [found.belongs_at for found in story.recordings] == [
        None, *(ClearedPlace(coming.id, gaps[number].at_ms) for number in (0, 2))]


def test_a_joined_file_that_was_lost_is_made_again_without_what_came_late(session: Session, made: Arriving,
                                                                         app: Flask) -> None:
    """fault 28"""
    made.segment(1)
    do_what_waits(app, Kind.PLAYBACK)
    before, late = snapshot(session, made.id), late_recording(session, made, 1).playback_sha256
    lost = [session.get_one(Recording, made.id).sha256, late or ""]
    for sha256 in lost:
        parts().store.delete(sha256)
    restored.make_again(session, lost)
    assert join_what_waits(app) == 1
    assert do_what_waits(app, Kind.PLAYBACK) == 1
    assert snapshot(session, made.id) == before
    assert gaps(session) == [(None, 30_000, "hidden"), (1, 1000, "came_later")]
    assert session.get_one(Recording, made.id).sha256 in parts().store
    assert (late_recording(session, made, 1).playback_sha256 or "") in parts().store


def test_one_that_comes_after_all_and_cannot_be_read_is_kept_and_said_to_be(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, administrator: Viewer) -> None:
    """fault 30"""
    coming = Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000), Run(NOISE, 900)])
    coming.manifest()
    coming.segment(0)
    make(session, administrator, coming)
    assert gaps(session) == [(1, 900, "left_out")]
    write_down(session, session.query(Recording).one())
    coming.segment(1)
    assert join_what_waits(app) == 0
    assert gaps(session) == [(1, 900, "unplayable")]
    assert (session.query(Transcript).count(), session.query(Recording).count()) == (1, 1)
    assert coming.runs[1].sha256 in parts().store
    assert [segment.number for segment in manifests.find(session, coming.viewer, coming.id).missing] == [1]
    assert joining.list_left(session) == []


def test_while_recording_is_refused_nothing_is_made_of_it_and_the_next_agreement_has_it_made(
        session: Session, project: Project, made: Arriving) -> None:
    """fault 21"""
    story = session.get_one(Story, made.body["story_id"])
    makers.record_consent(session, project, makers.make_person(session), story.id, {Use.BOARD})
    makers.add_segment(session, session.get_one(RecordingManifest, made.id), 1, sha256=made.runs[1].sha256)
    session.commit()
    joining.go_on(session, made.id)
    assert session.query(Recording).count() == 1
    assert joining.list_left(session) == [story.id]
    makers.record_consent(session, project, makers.make_person(session), story.id)
    joining.go_on_with_story(session, story.id)
    assert late_recording(session, made, 1).sha256 == made.runs[1].sha256
    assert joining.list_left(session) == []


def test_without_agreement_to_transcribe_it_is_not_written_down(session: Session, project: Project,
                                                               made: Arriving) -> None:
    makers.record_consent(session, project, makers.make_person(session), made.body["story_id"],
                          {Use.RECORD, Use.COMMISSIONERS})
    made.segment(1)
    late = late_recording(session, made, 1)
    assert (late.id in of_kind(session, Kind.PLAYBACK), late.id in of_kind(session, Kind.TRANSCRIBE)) == (True, False)


def test_a_withdrawal_takes_the_late_recording_and_its_copy_along(session: Session, made: Arriving,
                                                                 administrator: Viewer, app: Flask) -> None:
    """fault 26"""
    made.segment(1)
    do_what_waits(app, Kind.PLAYBACK)
    late = late_recording(session, made, 1)
    late_id, kept = late.id, set(kept_files.list_stored(session))
    assert {late.sha256, late.playback_sha256} <= kept
    withdrawals.withdraw(session, administrator, made.body["story_id"])
    do_what_waits(app, Kind.ERASE)
    assert [sha256 for sha256 in kept if sha256 in parts().store] == []
    assert (session.query(Recording).count(), session.query(RecordingSegment).count()) == (0, 0)
    assert late_id in set(session.scalars(select(Tombstone.id)))


def test_a_withdrawal_while_its_copy_is_made_leaves_nothing(session: Session, made: Arriving,
                                                           administrator: Viewer, app: Flask) -> None:
    """fault 26"""
    made.segment(1)
    job = session.scalars(select(Job).where(Job.kind == Kind.PLAYBACK)).one()
    assert work.claim(session, job.id, "worker", makers.NOON)
    held, late_id, copy = Held(job.id, job.fence), job.subject_id, joined().made
    session.commit()
    derivatives.expect(session, copy)
    session.commit()
    derivatives.put(parts().store, copy)
    withdrawals.withdraw(session, administrator, made.body["story_id"])
    session.commit()
    with pytest.raises(FenceLost):
        derivatives.store_playback(session, parts().store, late_id, copy, 1000, held)
    session.rollback()
    derivatives.abandon(session, copy)
    do_what_waits(app, Kind.ERASE)
    assert copy.sha256 not in parts().store