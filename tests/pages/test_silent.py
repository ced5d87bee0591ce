"""In the place of a player stands what the recording waits for, where it is listened to and where it is corrected."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.work import Kind
from server.models.story import Recording
from server.models.work import Job
from server.services import work
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.fixture
def recording(session: Session) -> Recording:
    """With its copy made."""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    found = makers.add_recording(session, story)
    found.playback_sha256 = makers.digest("without a name")
    return found


@pytest.fixture
def pages(session: Session, recording: Recording, sign_in_as: Callable[..., Browser]) -> Callable[[], Iterator[str]]:
    """The two pages that have a player, as a commissioner gets them now."""

    def got() -> Iterator[str]:
        session.commit()
        [project] = session.query(makers.Project).all()
        browser = sign_in_as(makers.make_person(session, project, Role.COMMISSIONER))
        for address in (f"/stories/{recording.story_id}", f"/recordings/{recording.id}/transcript"):
            answer = browser.get(address)
            assert_sound(answer)
            yield answer.text

    return got


def _waits(session: Session, recording: Recording, kind: Kind, state: str) -> None:
    project_id = session.query(makers.Project).one().id
    work.request(session, kind=kind, subject_id=recording.id, story_id=recording.story_id, project_id=project_id)
    session.execute(update(Job).where(Job.subject_id == recording.id, Job.kind == kind).values(state=state))


def test_a_recording_that_can_be_played_has_a_player(pages: Callable[[], Iterator[str]]) -> None:
    for page in pages():
        assert "<audio" in page
        assert "You cannot play this recording yet" not in page


@pytest.mark.parametrize(("state", "why"), [("waiting", "It is waiting for its turn."),
                                            ("running", "It is being done now.")])
def test_a_recording_that_a_computer_has_not_listened_to_says_so(
        session: Session, recording: Recording, pages: Callable[[], Iterator[str]], state: str, why: str) -> None:
    _waits(session, recording, Kind.PLAYBACK, "done")
    _waits(session, recording, Kind.CHECK_REDACTION, state)
    for page in pages():
        assert f"First a computer makes sure that nobody can hear what is withheld. {why}" in page
        assert "<audio" not in page


def test_a_recording_whose_copy_could_not_be_made_says_why(
        session: Session, recording: Recording, pages: Callable[[], Iterator[str]]) -> None:
    recording.playback_sha256 = None
    _waits(session, recording, Kind.PLAYBACK, "failed")
    for page in pages():
        assert "You cannot play this recording yet. Something went wrong on our side." in page


def test_a_recording_without_a_copy_says_that_it_is_being_made(
        recording: Recording, pages: Callable[[], Iterator[str]]) -> None:
    recording.playback_sha256 = None
    for page in pages():
        assert "A copy that your browser can play is being made." in page
