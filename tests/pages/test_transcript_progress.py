"""How the writing down of a recording stands, on its story's page and for a script on it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.work import Kind, State
from server.models.transcript import Transcript
from server.models.work import Attempt
from server.services import work
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


class World:
    """A recording with words, everybody, and work on it in any state."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser]) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.story = makers.make_story(session, self.project, self.researcher)
        self.recording = makers.add_recording(session, self.story)
        query = select(Transcript).where(Transcript.recording_id == self.recording.id)
        self.transcript: Transcript = session.scalars(query).one()
        session.commit()
        self.browsers = {role: sign_in_as(makers.make_person(session, self.project, role)) for role in Role}

    def work(self, kind: Kind, state: State, share: float = 0.0, code: str | None = None) -> None:
        subject = self.recording.id if kind is Kind.TRANSCRIBE else self.transcript.id
        job = work.request(self.session, kind=kind, subject_id=subject, story_id=self.story.id,
                           project_id=self.project.id)
        job.state, job.fence = state, 1
        self.session.add(Attempt(job_id=job.id, fence=1, worker="w", started_at=makers.NOON, heartbeat_at=makers.NOON,
                                 progress=share, error_code=code))
        self.session.commit()

    def without_words(self) -> None:
        self.session.delete(self.transcript)
        self.session.commit()

    def get(self, role: Role = Role.COMMISSIONER):
        return self.browsers[role].get(f"/recordings/{self.recording.id}/progress")

    def page(self) -> str:
        answer = self.browsers[Role.COMMISSIONER].get(f"/stories/{self.story.id}")
        assert_sound(answer)
        return answer.text


@pytest.fixture
def world(session: Session, sign_in_as: Callable[..., Browser]) -> World:
    return World(session, sign_in_as)


def test_the_share_is_told_while_it_is_written_down(world: World) -> None:
    world.without_words()
    world.work(Kind.TRANSCRIBE, State.RUNNING, 0.42)
    told = world.get().json
    assert told["has_words"] is False
    assert told["steps"]["words"] == {
        "state": "running", "says": "It is being done now.", "share": 0.42, "left": "42% done."}
    page = world.page()
    assert 'value="42"' in page
    assert f'data-progress="/recordings/{world.recording.id}/progress"' in page
    assert 'data-look-again><a href="">Look again</a>' in page


def test_a_later_step_that_fails_leaves_the_words_and_says_so_kindly(world: World) -> None:
    world.work(Kind.TRANSCRIBE, State.DONE)
    world.work(Kind.SPEAKERS, State.FAILED, code="crashed")
    world.work(Kind.TRANSLATE, State.RUNNING, 0.5)
    steps = world.get().json["steps"]
    assert steps["speakers"]["says"].endswith("The words are here all the same.")
    assert (steps["words"]["state"], steps["english"]["share"]) == ("done", 0.5)
    page = world.page()
    for words in ("Who speaks", "The words are here all the same.", "A computer’s English", 'value="50"',
                  '<span class="word" data-start="500" data-end="950">waited</span>'):
        assert words in page


def test_where_all_is_done_or_nothing_was_asked_for_nothing_is_said(world: World) -> None:
    assert "data-progress" not in world.page()
    for kind in (Kind.TRANSCRIBE, Kind.SPEAKERS, Kind.TRANSLATE):
        world.work(kind, State.DONE)
    assert "data-progress" not in world.page()


def test_it_says_nothing_of_what_was_said(world: World) -> None:
    assert "waited" not in world.get().text


def test_nobody_outside_the_team_is_told(world: World) -> None:
    for role in set(Role) - {Role.COMMISSIONER}:
        assert world.get(role).status_code == 404


def test_where_listening_was_refused_nothing_is_told(world: World) -> None:
    makers.record_consent(world.session, world.project, world.researcher, world.story.id, set(Use) - {Use.RECORD})
    world.session.commit()
    assert world.get().status_code == 404
