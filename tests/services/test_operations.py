"""What operators see of the whole installation."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.work import Held, Kind, State
from server.models.device import Device
from server.models.held import HeldArrival
from server.models.upload import StagingPlace
from server.models.work import Job
from server.services import operations, work
from tests import makers

NOW = makers.NOON


@pytest.fixture
def operator(session: Session) -> Viewer:
    person = makers.make_person(session)
    person.is_operator = True
    return makers.viewer_of(session, person)


def _ask(session: Session, kind: Kind = Kind.TRANSCRIBE, project_id: str | None = None) -> Job:
    return work.request(session, kind=kind, subject_id=new_id(), story_id=None, project_id=project_id)


def _fail(session: Session, job: Job, code: str, times: int = 3) -> None:
    for _ in range(times):
        claimed = work.claim(session, job.id, "worker", NOW)
        assert claimed
        work.fail(session, Held(job.id, claimed[0].fence), code)


def test_work_is_counted_by_kind_over_all_projects(session: Session, world, operator: Viewer) -> None:
    other = makers.make_project(session, "Another project")
    for project in (world.project, other):
        _ask(session, project_id=project.id)
    _fail(session, _ask(session, Kind.PHOTO), "image_damaged")
    found = operations.get_overview(session, operator, NOW, [])
    assert [(line.name, dict(line.counts)) for line in found.work] == [
        ("Transcript of a recording", {State.WAITING: 2}),
        ("Copy of a photo without place or camera", {State.FAILED: 1})]


def test_what_stopped_is_gathered_by_its_reason(session: Session, operator: Viewer) -> None:
    for code in ("audio_damaged", "audio_damaged", "out_of_memory"):
        _fail(session, _ask(session), code)
    found = operations.get_overview(session, operator, NOW, []).troubles
    assert [(trouble.count, trouble.state) for trouble in found] == [(2, State.FAILED), (1, State.FAILED)]
    assert "no sound could be read" in found[0].words


def test_all_of_a_kind_gets_another_turn_and_no_other_kind(session: Session, operator: Viewer) -> None:
    failed, photo = [_ask(session), _ask(session)], _ask(session, Kind.PHOTO)
    for job in (*failed, photo):
        _fail(session, job, "failed")
    assert operations.try_again(session, operator, Kind.TRANSCRIBE) == 2
    session.expire_all()
    assert {(job.state, job.tries) for job in failed} == {(State.WAITING, 0)}
    assert photo.state == State.FAILED


def test_machines_say_when_they_were_last_heard_of_and_how_much_room_they_have(session: Session,
                                                                              operator: Viewer, tmp_path) -> None:
    session.add(StagingPlace(id=new_id(), host="north", seen_at=NOW - timedelta(minutes=1), free_bytes=90 * 10**9))
    session.add(StagingPlace(id=new_id(), host="south", seen_at=NOW - timedelta(hours=1), free_bytes=10**9))
    session.flush()
    found = operations.get_overview(session, operator, NOW, [tmp_path, tmp_path / "not there"])
    assert [(place.host, place.is_silent, place.is_short_of_room) for place in found.machines] == [
        ("north", False, False), ("south", True, True)]
    assert len(found.rooms) == 1


@pytest.mark.parametrize(("free", "total", "is_short"), [
    (50 * 1024**3, 100 * 1024**3, False), (6 * 1024**3, 100 * 1024**3, True), (6 * 1024**3, 20 * 1024**3, False),
    (4 * 1024**3, 20 * 1024**3, True), (90 * 1024**3, 1000 * 1024**3, True),
])
def test_less_than_a_tenth_or_five_gibibytes_is_little_room(free: int, total: int, is_short: bool) -> None:
    assert operations.Room(free, total).is_short is is_short


def test_a_worker_at_its_work_shows_how_far_it_is(session: Session, operator: Viewer) -> None:
    claimed = work.claim(session, _ask(session).id, "north-1", NOW)
    assert claimed
    work.heartbeat(session, claimed[0].id, claimed[0].fence, 0.5, NOW)
    busy = operations.get_overview(session, operator, NOW, []).busy
    assert [(one.worker, one.share) for one in busy] == [("north-1", 0.5)]


def test_phones_that_hold_something_are_there_and_those_silent_for_a_week_stand_out(session: Session, world,
                                                                                     operator: Viewer) -> None:
    """fault 12"""
    for label, unsent, days in (("blue", 2, 8), ("red", 1, 1), ("empty", 0, 30)):
        session.add(Device(id=new_id(), person_id=world.researcher.id, label=label, unsent=unsent, unsent_bytes=5,
                           first_seen_at=NOW, last_seen_at=NOW - timedelta(days=days)))
    session.flush()
    phones = operations.get_overview(session, operator, NOW, []).phones
    assert [(phone.reported.label, phone.is_silent(NOW)) for phone in phones] == [("blue", True), ("red", False)]


def test_what_waits_for_its_consent_is_counted_and_flagged_after_two_weeks(session: Session, world,
                                                                          operator: Viewer) -> None:
    """fault 24"""
    for days in (1, 15):
        session.add(HeldArrival(id=new_id(), kind="story", story_id=new_id(), project_id=world.project.id,
                                person_id=world.researcher.id, body=b"{}", body_sha256=makers.digest(str(days)),
                                received_at=NOW - timedelta(days=days)))
    session.flush()
    found = operations.get_overview(session, operator, NOW, [])
    assert (found.held, len(found.overdue)) == (2, 1)


def test_it_is_for_operators_alone(session: Session, world) -> None:
    """fault 44"""
    everybody = makers.viewer_of(session, makers.make_person(session, world.project, *Role))
    with pytest.raises(NotFound):
        operations.get_overview(session, everybody, NOW, [])
    with pytest.raises(NotFound):
        operations.try_again(session, everybody, Kind.TRANSCRIBE)
