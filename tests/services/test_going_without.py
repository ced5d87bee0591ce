"""A recording that waits for a segment that can never come is made of what came. If that comes after all it stands by
itself, and nothing that was made moves."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import BeingStored, NotFound, NothingCame, NothingMissing
from server.domain.manifest import Gathering, recording_of_its_own
from server.domain.sent import PartKind
from server.domain.work import FenceLost, Held, Kind
from server.models.audit import AuditEntry
from server.models.project import Project
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.upload import StagingPlace
from server.models.work import Job
from server.parts import parts
from server.services import going_without, joining, manifests, storing, withdrawals, work
from server.services.joining import Joined
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.segments import Run
from tests.services import sending
from tests.services.arriving import arrive, keep
from tests.services.segmented import Arriving
from tests.services.test_joining import joined
from tests.services.together import together
from tests.storing import join_what_waits, store_what_waits

NOISE = b"\x1aE\xdf\xa3 no sound in this"


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


def arrives_whole(coming: Arriving, number: int) -> None:
    """All of it is here, and is not stored yet."""
    run = coming.runs[number]
    sent = sending.part(coming.body["story_id"], run.content, PartKind.SEGMENT, id=run.id, position=number,
                        recording_id=coming.id)
    keep(coming.session, coming.viewer, arrive(coming.session, coming.viewer, sent, coming.staging, run.content),
         coming.staging)


def being_stored(session: Session, staging: Staging, part_id: str) -> tuple[storing.Waiting, Held]:
    """A worker has copied it and is about to say so."""
    session.commit()
    job = session.scalars(select(Job).where(Job.kind == Kind.STORE, Job.subject_id == part_id)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON, job.place)
    waiting = storing.begin(session, part_id)
    assert claimed
    assert waiting
    session.commit()
    parts().store.adopt(staging.path(waiting.staged_as), waiting.sha256)
    return waiting, Held(job.id, claimed[0].fence)


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
    assert entry.details == {"story": coming.body["story_id"], "of": [coming.runs[0].id],
                             "without": [run.id for run in coming.runs[1:]]}


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


def test_one_that_comes_while_the_rest_is_joined_is_not_in_it(session: Session, coming: Arriving,
                                                             administrator: Viewer) -> None:
    """fault 35"""
    coming.segment(0)
    coming.segment(1)
    make(session, administrator, coming)
    job = session.scalars(select(Job).where(Job.kind == Kind.JOIN)).one()
    assert work.claim(session, job.id, "worker", makers.NOON)
    held = Held(job.id, job.fence)
    session.commit()
    coming.segment(2)
    joining.settle(session, parts().store, coming.id, Joined(joined().made, 6, [2000, 1000]), held)
    session.commit()
    assert session.get_one(Recording, coming.id).duration_ms == 3000
    assert gaps(session) == [(None, 30_000, "hidden"), (2, 1000, "came_later")]
    assert session.get_one(RecordingSegment, coming.runs[2].id).container == "ogg"


def test_stored_at_the_same_moment_as_the_decision_it_is_in_the_recording_whichever_is_first(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    coming.segment(1)
    arrives_whole(coming, 2)
    waiting, held = being_stored(session, coming.staging, coming.runs[2].id)
    story_id = coming.body["story_id"]
    project_id = session.get_one(Story, story_id).project_id

    def decide(own: Session) -> bool:
        try:
            going_without.make_of_what_came(own, administrator, project_id, story_id, coming.id)
        except (BeingStored, NothingMissing):
            own.rollback()
            return False
        return True

    def say_so(own: Session) -> bool:
        storing.settle(own, waiting, held)
        return True

    decided, _ = together(app, [decide, say_so])
    assert not decided
    assert join_what_waits(app) == 1
    session.expire_all()
    assert session.query(Recording).count() == 1
    assert gaps(session)[1:] == []
    assert joining.list_left(session) == []


def test_nothing_is_decided_while_a_segment_that_is_here_is_not_stored_yet(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """faults 30, 50"""
    coming.segment(0)
    arrives_whole(coming, 1)
    with pytest.raises(BeingStored):
        make(session, administrator, coming)
    session.rollback()
    story_id = coming.body["story_id"]
    project_id = session.get_one(Story, story_id).project_id
    [listed] = going_without.list_incomplete(session, administrator, project_id, story_id)
    assert (listed.being_stored, [found.number for found in listed.missing]) == ([1], [2])
    assert session.get_one(RecordingManifest, coming.id).left_out == []
    store_what_waits(app)
    make(session, administrator, coming)
    assert session.get_one(RecordingManifest, coming.id).left_out == [coming.runs[2].id]


def test_a_segment_whose_sender_collects_here_no_more_holds_the_decision_while_it_may_come_in(
        session: Session, coming: Arriving, administrator: Viewer) -> None:
    coming.segment(0)
    arrives_whole(coming, 1)
    session.delete(session.get_one(RecordingSegment, coming.runs[1].id))
    session.commit()
    with pytest.raises(BeingStored):
        make(session, administrator, coming)


def test_a_segment_on_a_machine_that_is_gone_is_not_waited_for(session: Session, coming: Arriving,
                                                              administrator: Viewer) -> None:
    coming.segment(0)
    arrives_whole(coming, 1)
    session.execute(update(StagingPlace).values(seen_at=makers.NOON))
    make(session, administrator, coming)
    assert session.get_one(RecordingManifest, coming.id).left_out == [run.id for run in coming.runs[1:]]


def test_however_often_it_is_gone_on_with_one_recording_is_made_of_it(
        session: Session, coming: Arriving, administrator: Viewer, app: Flask) -> None:
    """fault 35"""
    coming.segment(0)
    make(session, administrator, coming)
    arrives_whole(coming, 1)
    waiting, held = being_stored(session, coming.staging, coming.runs[1].id)

    def say_so(own: Session) -> bool:
        try:
            storing.settle(own, waiting, held)
        except FenceLost:
            own.rollback()
            return False
        return True

    def go_on(own: Session) -> bool:
        joining.go_on_with_story(own, coming.body["story_id"])
        return True

    kept = together(app, [say_so, say_so, go_on, go_on])
    assert sorted(kept[:2]) == [False, True]
    session.expire_all()
    assert session.query(Recording).count() == 2
    late_id = recording_of_its_own(coming.runs[1].id)
    assert session.query(Job).filter_by(subject_id=late_id, kind="playback").count() == 1
