"""A recording that waits for a segment that can never come is made of what came, and anew if that comes after all."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import NotFound, NothingCame, NothingMissing
from server.domain.manifest import Gathering
from server.domain.work import FenceLost, Held, Kind, State
from server.models.audit import AuditEntry
from server.models.project import Project
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment
from server.models.work import Job
from server.parts import parts
from server.services import derivatives, going_without, joining, manifests, withdrawals, work
from server.services.joining import Joined
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.segments import Run, marker
from tests.services.segmented import Arriving
from tests.services.test_joining import joined
from tests.storing import do_what_waits, join_what_waits

NOISE = b"\x1aE\xdf\xa3 no sound in this"


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    found = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    return found


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))


@pytest.fixture
def coming(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story) -> Arriving:
    """Two seconds, one second, one second; a mark in each."""
    runs = [Run(sound("webm", 2), 2000, "hidden", stopped_ms=30_000), Run(sound("mp4", 1), 1000),
            Run(sound("ogg", 1), 1000)]
    found = Arriving(app, session, viewer, staging, story.id, runs, markers=[marker(at) for at in (500, 2500, 3500)])
    found.manifest()
    return found


def make(session: Session, administrator: Viewer, coming: Arriving) -> None:
    story_id = coming.body["story_id"]
    project_id = session.get_one(Story, story_id).project_id
    going_without.make_of_what_came(session, administrator, project_id, story_id, coming.id)
    session.commit()


def the_recording(session: Session) -> Recording:
    session.expire_all()
    return session.query(Recording).one()


def gaps(session: Session) -> list[tuple[int | None, int, str]]:
    rows = session.scalars(select(RecordingGap).order_by(RecordingGap.number))
    return [(gap.segment, gap.length_ms, gap.reason) for gap in rows]


def starts(session: Session) -> list[int | None]:
    return list(session.scalars(select(RecordingSegment.start_ms).order_by(RecordingSegment.number)))


def write_down(session: Session, recording: Recording) -> Transcript:
    """A transcript, as if somebody had listened."""
    transcript = Transcript(id=recording.id, recording_id=recording.id, language="en", language_probability=1.0,
                            model="base", created_at=makers.NOON)
    transcript.segments = [TranscriptSegment(position=0, start_ms=0, end_ms=900, text="We waited", words=())]
    session.add(transcript)
    session.flush()
    return transcript


def test_it_is_made_of_what_came_in_order_and_says_what_is_not_in_it(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 30"""
    for number in (2, 0):
        coming.segment(number)
    assert join_what_waits(app) == 0
    make(session, administrator, coming)
    assert manifests.find(session, coming.viewer, coming.id).state is Gathering.JOINING
    assert join_what_waits(app) == 1
    made = the_recording(session)
    assert abs((made.duration_ms or 0) - 3000) < 200
    assert gaps(session) == [(None, 30_000, "hidden"), (1, 1000, "left_out")]
    first, third = starts(session)
    assert session.scalars(select(RecordingMarker.at_ms).order_by(RecordingMarker.saved_at_ms)).all() == [
        500, third, (third or 0) + 500]
    found = manifests.find(session, coming.viewer, coming.id)
    assert (found.state, [segment.number for segment in found.missing]) == (Gathering.COMPLETE, [1])
    assert (first, joining.list_left(session)) == (0, [])


def test_who_decided_it_is_entered(session: Session, coming: Arriving, administrator: Viewer) -> None:
    coming.segment(0)
    make(session, administrator, coming)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "made")).one()
    assert (entry.person_id, entry.kind, entry.subject_id) == (administrator.person_id, "recording", coming.id)
    assert entry.details == {"story": coming.body["story_id"], "without": [run.id for run in coming.runs[1:]]}


def test_one_segment_of_many_is_the_recording_as_it_is(session: Session, coming: Arriving,
                                                       administrator: Viewer) -> None:
    coming.segment(1)
    make(session, administrator, coming)
    made = the_recording(session)
    assert (made.sha256, made.playback_sha256) == (coming.runs[1].sha256, None)
    assert gaps(session) == [(0, 2000, "left_out"), (None, 30_000, "hidden"), (2, 1000, "left_out")]


def test_nothing_is_decided_where_nothing_is_missing_or_nothing_that_plays_has_come(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, coming: Arriving,
        administrator: Viewer) -> None:
    with pytest.raises(NothingCame):
        make(session, administrator, coming)
    noise = Arriving(app, session, viewer, staging, story.id, [Run(NOISE, 900), Run(sound(), 2000)])
    noise.manifest()
    noise.segment(0)
    with pytest.raises(NothingCame):
        make(session, administrator, noise)
    for number in range(3):
        coming.segment(number)
    with pytest.raises(NothingMissing):
        make(session, administrator, coming)
    join_what_waits(app)
    with pytest.raises(NothingMissing):
        make(session, administrator, coming)
    assert all(row.left_out == [] for row in session.scalars(select(RecordingManifest)))


def test_deciding_twice_changes_nothing_more(session: Session, coming: Arriving, administrator: Viewer) -> None:
    coming.segment(0)
    make(session, administrator, coming)
    with pytest.raises(NothingMissing):
        make(session, administrator, coming)
    session.rollback()
    assert session.query(AuditEntry).filter_by(action="made").count() == 1


def test_only_an_administrator_of_its_project_decides_and_a_withdrawn_story_is_gone(
        session: Session, project: Project, coming: Arriving, administrator: Viewer) -> None:
    """fault 44"""
    coming.segment(0)
    story_id, other = coming.body["story_id"], makers.make_project(session, "Another")
    elsewhere = makers.viewer_of(session, makers.make_person(session, other, Role.ADMINISTRATOR))
    everything_else = makers.viewer_of(session, makers.make_person(session, project, *set(Role) - {Role.ADMINISTRATOR}))
    for viewer, project_id in ((everything_else, project.id), (elsewhere, project.id), (elsewhere, other.id)):
        for ask in (going_without.make_of_what_came, going_without.find):
            with pytest.raises(NotFound):
                ask(session, viewer, project_id, story_id, coming.id)
        with pytest.raises(NotFound):
            going_without.list_incomplete(session, viewer, project_id, story_id)
    another = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    with pytest.raises(NotFound):
        going_without.make_of_what_came(session, administrator, project.id, another.id, coming.id)
    [listed] = going_without.list_incomplete(session, administrator, project.id, story_id)
    assert (listed.count, [segment.number for segment in listed.missing], listed.playable) == (3, [1, 2], 1)
    withdrawals.withdraw(session, administrator, story_id)
    session.commit()
    with pytest.raises(NotFound):
        going_without.make_of_what_came(session, administrator, project.id, story_id, coming.id)


def test_a_segment_that_comes_after_all_is_heard_and_everything_else_moves_with_what_was_said(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 24"""
    coming.segment(0)
    coming.segment(2)
    make(session, administrator, coming)
    join_what_waits(app)
    before = the_recording(session)
    old_sha256, (_, third) = before.sha256, starts(session)
    write_down(session, before)
    session.execute(Job.__table__.update().where(Job.kind == Kind.TRANSCRIBE).values(state=State.DONE))
    person = makers.make_person(session)
    for text, at in (("early", 200), ("late", (third or 0) + 100)):
        excerpt = makers.add_excerpt(session, before, person, text)
        excerpt.start_ms, excerpt.end_ms = at, at + 500
        session.flush()
    length = before.duration_ms or 0
    coming.segment(1)
    assert the_recording(session).sha256 == old_sha256  # it is there until the new one is
    assert session.query(Transcript).count() == 1
    assert joining.list_left(session) == [coming.body["story_id"]]
    assert join_what_waits(app) == 1
    made = the_recording(session)
    first, second, moved = starts(session)
    assert (first, made.duration_ms == length + (moved or 0) - (second or 0)) == (0, True)
    assert gaps(session) == [(None, 30_000, "hidden")]
    places = {row.text: (row.start_ms, row.end_ms) for row in session.scalars(select(Excerpt))}
    assert places == {"early": (200, 700), "late": ((moved or 0) + 100, (moved or 0) + 600)}
    assert (session.query(Transcript).count(), session.query(TranscriptSegment).count()) == (0, 0)
    assert session.query(Job).filter_by(kind="transcribe").one().state == State.WAITING
    do_what_waits(app, Kind.ERASE)
    assert (old_sha256 in parts().store, made.sha256 in parts().store) == (False, True)
    assert session.get_one(RecordingManifest, coming.id).left_out == []


def test_the_copy_for_players_of_the_one_segment_there_was_is_not_that_of_the_joined_recording(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    make(session, administrator, coming)
    job = session.scalars(select(Job).where(Job.kind == Kind.PLAYBACK)).one()
    assert work.claim(session, job.id, "worker", makers.NOON)
    held = Held(job.id, job.fence)
    session.commit()
    for number in (1, 2):
        coming.segment(number)
    assert join_what_waits(app) == 1
    with pytest.raises(FenceLost):
        derivatives.store_playback(session, parts().store, coming.id, joined().made, 2000, held)
    session.rollback()
    made = the_recording(session)
    assert made.playback_sha256 == made.sha256
    assert coming.runs[0].sha256 in parts().store


def test_a_segment_that_comes_while_the_rest_is_joined_is_in_it(session: Session, coming: Arriving,
                                                               administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    coming.segment(1)
    make(session, administrator, coming)
    job = session.scalars(select(Job).where(Job.kind == Kind.JOIN)).one()
    assert work.claim(session, job.id, "worker", makers.NOON)
    held = Held(job.id, job.fence)
    session.commit()
    coming.segment(2)
    with pytest.raises(FenceLost):
        joining.settle(session, parts().store, coming.id, Joined(joined().made, 6, [2000, 1000]), held)
    session.rollback()
    assert join_what_waits(app) == 1
    assert gaps(session) == [(None, 30_000, "hidden")]
    assert abs((the_recording(session).duration_ms or 0) - 4000) < 200


def test_one_that_comes_after_all_and_cannot_be_read_is_kept_and_said_to_be(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, administrator: Viewer) -> None:
    """fault 30"""
    coming = Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000), Run(NOISE, 900)])
    coming.manifest()
    coming.segment(0)
    make(session, administrator, coming)
    assert gaps(session) == [(1, 900, "left_out")]
    write_down(session, the_recording(session))
    coming.segment(1)
    assert join_what_waits(app) == 0
    assert gaps(session) == [(1, 900, "unplayable")]
    assert session.query(Transcript).count() == 1
    assert coming.runs[1].sha256 in parts().store
    assert manifests.find(session, coming.viewer, coming.id).missing == ()
