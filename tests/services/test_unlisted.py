"""Segments whose manifest never comes are made a recording by an administrator. Their phone's own manifest may come
after all: it is receipted and says more, and nothing that was made moves."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.bookmark import Turn
from server.domain.consent import Use
from server.domain.errors import BeingStored, ManifestMismatch, NotFound, NothingCame, SameIdOtherContent, UseRefused
from server.domain.ids import new_id
from server.domain.manifest import Gathering, recording_of_its_own
from server.domain.sent_manifest import read_manifest
from server.domain.sync import Body, Standing
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.project import Project
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.work import Job
from server.parts import parts
from server.services import going_without, joining, manifests, pushes, receipts, register, restored, withdrawals
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.segments import Run, marker
from tests.services.arriving import CLOCK
from tests.services.segmented import Arriving
from tests.services.test_going_without import NOISE, arrives_whole, make
from tests.services.together import together
from tests.storing import do_what_waits, join_what_waits, store_what_waits


@pytest.fixture
def coming(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story) -> Arriving:
    """Two seconds, a call of half a minute, one second, two seconds; a mark in each. Nothing has come."""
    runs = [Run(sound("webm", 2), 2000, "interrupted", stopped_ms=30_000), Run(sound("mp4", 1), 1000, "hidden"),
            Run(sound("ogg", 2), 2000)]
    return Arriving(app, session, viewer, staging, story.id, runs, markers=[marker(at) for at in (500, 2500, 3500)])


def gaps(session: Session) -> list[tuple[int | None, int, str]]:
    session.expire_all()
    rows = session.scalars(select(RecordingGap).order_by(RecordingGap.recording_id, RecordingGap.number))
    return [(gap.segment, gap.length_ms, gap.reason) for gap in rows]


def sound_of(session: Session, recording_id: str) -> list[object]:
    """What must never move."""
    session.expire_all()
    made = session.get_one(Recording, recording_id)
    return [(made.sha256, made.duration_ms, made.started_at, made.position), *session.execute(
        select(RecordingSegment.id, RecordingSegment.number, RecordingSegment.start_ms, RecordingSegment.duration_ms)
        .where(RecordingSegment.recording_id == recording_id).order_by(RecordingSegment.number))]


def recordings(session: Session) -> set[str]:
    return set(session.scalars(select(Recording.id)))


def test_what_came_before_a_phone_was_gone_is_listed_and_made_a_recording_that_says_so(
        session: Session, project: Project, coming: Arriving, administrator: Viewer) -> None:
    """fault 30"""
    coming.segment(0)
    story_id = str(coming.body["story_id"])
    [entry] = register.get_page(session, administrator, project.id, Turn()).entries
    assert entry.awaits_sound
    [found] = going_without.list_incomplete(session, administrator, project.id, story_id)
    assert (found.id, found.count, found.missing, found.stored, found.playable) == (coming.id, None, (), 1, 1)
    make(session, administrator, coming)
    made = session.get_one(Recording, coming.id)
    assert (made.sha256, gaps(session)) == (coming.runs[0].sha256, [(None, 0, "may_go_on")])
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "made")).one()
    assert audited.details == {"story": story_id, "of": [coming.runs[0].id], "without": []}
    assert going_without.list_incomplete(session, administrator, project.id, story_id) == []
    [entry] = register.get_page(session, administrator, project.id, Turn()).entries
    assert not entry.awaits_sound
    assert joining.list_left(session) == []
    assert manifests.find(session, coming.viewer, coming.id).state is Gathering.COMPLETE


def test_the_phone_is_told_of_no_manifest_that_it_did_not_send(session: Session, coming: Arriving,
                                                              administrator: Viewer) -> None:
    """fault 17"""
    coming.segment(0)
    make(session, administrator, coming)
    with pytest.raises(NotFound):
        receipts.find(session, coming.viewer, coming.id)
    assert list(receipts.list_kept(session, [coming.id, coming.runs[0].id])) == [coming.runs[0].id]


def test_they_are_in_the_order_of_their_numbers_then_of_their_time_and_what_is_between_is_not_known(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, administrator: Viewer) -> None:
    runs = [Run(sound("webm", 1), 1000), Run(sound("mp4", 1), 1000), Run(sound("ogg", 1), 1000),
            Run(sound("webm", 3), 3000)]
    coming = Arriving(app, session, viewer, staging, story.id, runs)
    for run, number, seconds in ((3, 4, 120), (2, 1, 40), (0, 0, 0), (1, 1, 20)):
        coming.segment(run, position=number, started_at=makers.NOON + timedelta(seconds=seconds))
    make(session, administrator, coming)
    assert join_what_waits(app) == 1
    rows = session.scalars(select(RecordingSegment).order_by(RecordingSegment.start_ms))
    assert [row.id for row in rows] == [run.id for run in runs]
    found = gaps(session)
    assert [reason for _, _, reason in found] == ["stopped", "stopped", "not_known", "may_go_on"]
    assert all(abs(length - 19_000) < 200 for _, length, reason in found if reason == "stopped")
    session.query(RecordingGap).delete()
    other = Arriving(app, session, viewer, staging, story.id, runs := [Run(sound("webm", 1), 900), Run(NOISE, 900)])
    other.segment(0, position=2)
    other.segment(1, position=5)
    make(session, administrator, other)
    assert gaps(session) == [(None, 0, "not_known"), (None, 0, "not_known"), (5, 0, "unplayable"),
                             (None, 0, "may_go_on")]
    assert session.get_one(Recording, other.id).position == session.get_one(Recording, coming.id).position + 1


@pytest.mark.parametrize("manifest_is_first", [True, False])
def test_the_phones_manifest_is_taken_after_all_and_the_rest_stands_by_itself(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask, manifest_is_first: bool) -> None:
    """fault 24"""
    coming.segment(0, started_at=makers.NOON)
    coming.segment(1, started_at=makers.NOON + timedelta(seconds=30))
    make(session, administrator, coming)
    assert join_what_waits(app) == 1
    before = sound_of(session, coming.id)
    assert [reason for _, _, reason in gaps(session)] == ["stopped", "may_go_on"]
    if not manifest_is_first:
        coming.segment(2, started_at=makers.NOON + timedelta(seconds=33))
        assert recordings(session) == {coming.id, recording_of_its_own(coming.runs[2].id)}
    receipt, is_new = coming.manifest()
    assert (receipt.kind, receipt.standing, is_new) == ("manifest", Standing.KEPT, True)
    assert coming.manifest() == (receipt, False)
    assert receipts.find(session, coming.viewer, coming.id) == receipt
    if manifest_is_first:
        assert gaps(session) == [(None, 30_000, "interrupted"), (2, 2000, "left_out")]
        coming.segment(2)
    assert sound_of(session, coming.id) == before
    assert gaps(session) == [(None, 30_000, "interrupted"), (2, 2000, "came_later")]
    late = session.get_one(Recording, recording_of_its_own(coming.runs[2].id))
    assert (late.sha256, late.position) == (coming.runs[2].sha256, session.get_one(Recording, coming.id).position)
    second = session.get_one(RecordingSegment, coming.runs[1].id)
    marked = session.scalars(select(RecordingMarker.at_ms).order_by(RecordingMarker.saved_at_ms)).all()
    assert marked == [500, (second.start_ms or 0) + 500, (second.start_ms or 0) + (second.duration_ms or 0)]
    found = manifests.find(session, coming.viewer, coming.id)
    assert (found.state, [segment.number for segment in found.missing]) == (Gathering.COMPLETE, [2])
    assert (recordings(session), joining.list_left(session)) == ({coming.id, late.id}, [])


def test_one_that_was_not_known_of_is_named_where_it_would_be(session: Session, coming: Arriving,
                                                             administrator: Viewer, app: Flask) -> None:
    for number in (0, 2):
        coming.segment(number)
    make(session, administrator, coming)
    join_what_waits(app)
    before = sound_of(session, coming.id)
    assert gaps(session) == [(None, 0, "not_known"), (None, 0, "may_go_on")]
    coming.manifest()
    assert gaps(session) == [(None, 30_000, "interrupted"), (1, 1000, "left_out")]
    assert sound_of(session, coming.id) == before


def test_a_manifest_that_comes_before_the_parts_are_joined_adds_nothing_to_the_sound(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    coming.segment(1)
    make(session, administrator, coming)
    coming.manifest()
    coming.segment(2)
    assert join_what_waits(app) == 1
    assert abs((session.get_one(Recording, coming.id).duration_ms or 0) - 3000) < 200
    assert gaps(session) == [(None, 30_000, "interrupted"), (2, 2000, "came_later")]
    assert recordings(session) == {coming.id, recording_of_its_own(coming.runs[2].id)}


def test_a_joined_file_that_was_lost_is_made_again_of_the_same_parts(session: Session, coming: Arriving,
                                                                    administrator: Viewer, app: Flask) -> None:
    """fault 28"""
    coming.segment(1, position=0)  # numbered anew on the phone since
    coming.segment(0, position=1)
    make(session, administrator, coming)
    join_what_waits(app)
    before = sound_of(session, coming.id)
    coming.manifest()
    coming.segment(2)
    lost = session.get_one(Recording, coming.id).sha256
    parts().store.delete(lost)
    restored.make_again(session, [lost])
    assert join_what_waits(app) == 1
    assert sound_of(session, coming.id) == before


def test_a_manifest_that_does_not_fit_or_is_another_is_refused_as_ever(session: Session, coming: Arriving,
                                                                      administrator: Viewer) -> None:
    coming.segment(0)
    make(session, administrator, coming)
    right = coming.body["segments"][0]["sha256"]
    coming.body["segments"][0]["sha256"] = makers.digest("another file")
    with pytest.raises(ManifestMismatch):
        coming.manifest()
    session.rollback()
    coming.body["segments"][0]["sha256"] = right
    coming.manifest()
    coming.body["position"] = 7
    with pytest.raises(SameIdOtherContent):
        coming.manifest()
    with pytest.raises(ManifestMismatch):
        coming.segment(1, id=new_id())


def test_nothing_is_made_while_a_part_is_being_stored_or_of_nothing_that_plays(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, coming: Arriving,
        administrator: Viewer, project: Project) -> None:
    """fault 50"""
    coming.segment(0)
    arrives_whole(coming, 1)
    [found] = going_without.list_incomplete(session, administrator, project.id, story.id)
    assert (found.being_stored, found.stored) == ([1], 1)
    with pytest.raises(BeingStored):
        make(session, administrator, coming)
    session.rollback()
    noise = Arriving(app, session, viewer, staging, story.id, [Run(NOISE, 900)])
    noise.segment(0)
    with pytest.raises(NothingCame):
        make(session, administrator, noise)
    session.rollback()
    store_what_waits(app)
    make(session, administrator, coming)
    assert len(session.get_one(RecordingManifest, coming.id).segments) == 2


def test_only_an_administrator_decides_and_only_of_what_is_there_and_may_be_kept(
        session: Session, project: Project, coming: Arriving, administrator: Viewer) -> None:
    """faults 21, 44"""
    coming.segment(0)
    story_id = coming.body["story_id"]
    others = makers.viewer_of(session, makers.make_person(session, project, *set(Role) - {Role.ADMINISTRATOR}))
    another = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    for viewer, of_story, recording_id in ((others, story_id, coming.id), (administrator, another.id, coming.id),
                                           (administrator, story_id, new_id())):
        with pytest.raises(NotFound):
            going_without.make_of_what_came(session, viewer, project.id, of_story, recording_id)
    makers.record_consent(session, project, makers.make_person(session), story_id, {Use.BOARD})
    assert going_without.list_incomplete(session, administrator, project.id, story_id) == []
    assert going_without.list_stories(session, [story_id]) == set()
    with pytest.raises(UseRefused):
        make(session, administrator, coming)
    assert session.query(RecordingManifest).count() == 0


def test_while_recording_is_refused_the_phones_manifest_is_too(session: Session, project: Project, coming: Arriving,
                                                              administrator: Viewer) -> None:
    """fault 21"""
    coming.segment(0)
    make(session, administrator, coming)
    makers.record_consent(session, project, makers.make_person(session), coming.body["story_id"], {Use.BOARD})
    session.commit()
    with pytest.raises(UseRefused):
        coming.manifest()


def test_a_withdrawal_leaves_nothing_of_it(session: Session, coming: Arriving, administrator: Viewer,
                                           app: Flask) -> None:
    """fault 26"""
    coming.segment(0)
    make(session, administrator, coming)
    coming.segment(1)
    withdrawals.withdraw(session, administrator, coming.body["story_id"])
    do_what_waits(app, Kind.ERASE)
    assert [run for run in coming.runs if run.sha256 in parts().store] == []
    assert not any(session.query(table).count() for table in (Recording, RecordingSegment, RecordingManifest))


def test_the_manifest_at_the_same_moment_as_the_decision_leaves_one_recording(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    coming.segment(1)
    story_id = coming.body["story_id"]
    project_id = session.get_one(Story, story_id).project_id
    session.commit()

    def decide(own: Session) -> bool:
        going_without.make_of_what_came(own, administrator, project_id, story_id, coming.id)
        return True

    def send(own: Session) -> bool:
        body = Body.of(json.dumps(coming.body).encode())
        return pushes.push_manifest(own, coming.viewer, read_manifest(coming.body, coming.id), body, CLOCK)[1]

    assert together(app, [decide, send]) == [True, True]
    assert join_what_waits(app) == 1
    row = session.get_one(RecordingManifest, coming.id, populate_existing=True)
    assert row.left_out == [coming.runs[2].id]
    assert gaps(session) == [(None, 30_000, "interrupted"), (2, 2000, "left_out")]
    assert session.query(Job).filter_by(kind="join").count() == 1
