"""The page that shows what the server is still working on, and why something has no transcript."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.work import Held, Kind
from server.models.work import Job
from server.services import work
from tests import makers


@pytest.fixture
def project(session: Session):
    return makers.make_project(session)


@pytest.fixture
def researcher(session: Session, project):
    return makers.make_person(session, project, Role.RESEARCHER)


def _ask(session: Session, project, researcher, uses=makers.ALL_USES) -> Job:
    story = makers.make_story(session, project, researcher, uses=uses)
    return work.request(session, kind=Kind.TRANSCRIBE, subject_id=new_id(), story_id=story.id, project_id=project.id)


def _begin(session: Session, job: Job) -> Held:
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def _page(sign_in_as, person, project) -> str:
    answer = sign_in_as(person).get(f"/projects/{project.id}/work")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_waiting_recording_says_plainly_why_it_has_no_transcript(session, sign_in_as, project, researcher) -> None:
    work.block(session, _begin(session, _ask(session, project, researcher)), "weights_missing")
    page = _page(sign_in_as, researcher, project)
    assert "Transcript of a recording" in page
    assert "The speech model is not on this server yet." in page


def test_work_in_progress_shows_how_far_it_is(session, sign_in_as, project, researcher) -> None:
    held = _begin(session, _ask(session, project, researcher))
    work.heartbeat(session, held.job_id, held.fence, 0.42)
    assert "42 %" in _page(sign_in_as, researcher, project)


def test_failed_work_says_why_and_can_be_tried_again(session, sign_in_as, project, researcher) -> None:
    job = _ask(session, project, researcher)
    for _ in range(3):
        work.fail(session, _begin(session, job), "audio_damaged")
    job_id = job.id
    assert "no sound could be read from it" in _page(sign_in_as, researcher, project)
    browser = sign_in_as(researcher)
    answer = browser.post(f"/projects/{project.id}/work/{job_id}/again")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/projects/{project.id}/work")
    session.rollback()
    assert (session.get_one(Job, job_id).state, session.get_one(Job, job_id).tries) == ("waiting", 0)


def test_work_that_is_going_on_is_not_begun_anew(session, sign_in_as, project, researcher) -> None:
    job = _ask(session, project, researcher)
    _begin(session, job)
    job_id = job.id
    sign_in_as(researcher).post(f"/projects/{project.id}/work/{job_id}/again")
    session.rollback()
    assert session.get_one(Job, job_id).state == "running"


def test_a_commissioner_sees_no_work_on_stories_that_are_not_cleared_for_them(session, sign_in_as, project,
                                                                             researcher) -> None:
    _ask(session, project, researcher, makers.ALL_USES - {Use.COMMISSIONERS})
    commissioner = makers.make_person(session, project, Role.COMMISSIONER)
    assert "Everything is done" in _page(sign_in_as, commissioner, project)
    _ask(session, project, researcher)
    assert "Transcript of a recording" in _page(sign_in_as, commissioner, project)


def test_a_commissioner_is_not_told_of_photos_they_may_not_see(session, sign_in_as, project, researcher) -> None:
    story = makers.make_story(session, project, researcher, uses=makers.ALL_USES - {Use.PHOTOS})
    for kind in (Kind.PHOTO, Kind.PLAYBACK):
        work.request(session, kind=kind, subject_id=new_id(), story_id=story.id, project_id=project.id)
    page = _page(sign_in_as, makers.make_person(session, project, Role.COMMISSIONER), project)
    assert "photo</h3>" not in page
    assert page.count("small-print\">Asked for on") == 1


def test_a_researcher_sees_the_work_on_what_they_collected_alone(session, sign_in_as, project, researcher) -> None:
    _ask(session, project, makers.make_person(session, project, Role.RESEARCHER))
    assert "Everything is done" in _page(sign_in_as, researcher, project)


def test_somebody_elses_work_cannot_be_tried_again(session, sign_in_as, project, researcher) -> None:
    job = _ask(session, project, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    assert sign_in_as(researcher).post(f"/projects/{project.id}/work/{job.id}/again").status_code == 404


def test_a_board_member_finds_no_work_page(session, sign_in_as, project) -> None:
    member = makers.make_person(session, project, Role.BOARD_MEMBER)
    assert sign_in_as(member).get(f"/projects/{project.id}/work").status_code == 404


def test_erasing_shows_only_when_it_needs_help(session, sign_in_as, project) -> None:
    administrator = makers.make_person(session, project, Role.ADMINISTRATOR)
    job = work.request(session, kind=Kind.ERASE, subject_id=makers.digest("gone"), story_id=None, project_id=project.id)
    assert "Everything is done" in _page(sign_in_as, administrator, project)
    for _ in range(3):
        work.fail(session, _begin(session, job), "failed")
    assert "Erasing a withdrawn file" in _page(sign_in_as, administrator, project)
