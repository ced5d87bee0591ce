"""The made-up project: filled once, sent in as phones do it, completed when its transcripts are there."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.consent import Audience
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.domain.work import Held, Kind, State
from server.models.project import Project
from server.models.provocation import Provocation
from server.models.story import Photo, Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment
from server.models.work import Job
from server.services import (
    collected,
    collections,
    demo,
    demo_evidence,
    evidence,
    reidentification,
    sign_in,
    tagged,
    work,
)
from server.storage.staging import Staging
from tests import makers
from tests.storing import store_what_waits

pytestmark = pytest.mark.slow_on_postgresql


@pytest.fixture
def staging(settings: Settings) -> Staging:
    return Staging(settings.uploads_dir)


@pytest.fixture
def filled(app: Flask, session: Session, staging: Staging) -> Project:
    assert demo.fill(session, staging)
    store_what_waits(app)
    return session.scalars(select(Project)).one()


def _all_work_is_over(session: Session) -> None:
    """Every recording has heard exactly what the demo's excerpts hope for, every photo has its copy."""
    heard = {demo.demo_id("recording", recording["key"]): " ".join(item["words"] for item in recording["excerpts"])
             for story in demo.content()["stories"] for recording in story.get("recordings", ())}
    for recording_id, words in heard.items():
        timed = tuple(Word(f" {word}", 100 * number, 100 * number + 90, 0.9)
                      for number, word in enumerate(words.split()))
        transcript = Transcript(id=new_id(), recording_id=recording_id, language="en", model="base",
                                created_at=makers.NOON)
        transcript.segments = [TranscriptSegment(position=0, start_ms=0, end_ms=100 * len(timed), text=words,
                                                 words=timed)]
        session.add(transcript)
    for photo in session.scalars(select(Photo)):
        photo.derivative_sha256, photo.width, photo.height = makers.digest(photo.id), 10, 10
    for job in session.scalars(select(Job)):
        job.state = "done"
    session.flush()


def _completed(session: Session) -> None:
    _all_work_is_over(session)
    demo.ask_when_ready(session)
    job = session.scalars(select(Job).where(Job.kind == Kind.DEMO)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    demo_evidence.complete(session, job.subject_id, Held(job.id, claimed[0].fence))


def test_it_says_that_it_is_made_up(filled: Project) -> None:
    assert filled.is_demo


def test_its_stories_wait_to_be_worked_on_like_any_other(session: Session, filled: Project) -> None:
    asked = {(job.kind, job.subject_id) for job in session.scalars(select(Job))}
    assert {("playback", row.id) for row in session.scalars(select(Recording))} <= asked
    assert {("photo", row.id) for row in session.scalars(select(Photo))} <= asked


def test_its_bytes_are_in_the_store(app: Flask, session: Session, filled: Project) -> None:
    store = app.extensions["earshot"].store
    named = [*session.scalars(select(Recording.sha256)), *session.scalars(select(Photo.sha256))]
    assert named
    assert all(sha256 in store for sha256 in named)


def test_it_is_never_filled_twice(app: Flask, session: Session, filled: Project, staging: Staging) -> None:
    stories = session.scalar(select(func.count()).select_from(Story))
    assert not demo.fill(session, staging)
    assert session.scalar(select(func.count()).select_from(Story)) == stories


def test_a_database_with_anything_in_it_is_left_alone(app: Flask, session: Session, staging: Staging) -> None:
    makers.make_project(session)
    assert not demo.fill(session, staging)
    assert session.scalars(select(Story)).all() == []


def test_there_is_a_way_in_for_each_role_and_it_works_once(session: Session, filled: Project) -> None:
    links = demo.sign_in_links(session)
    assert [link.role for link in links] == list(Role)
    for link in links:
        viewer = sign_in.viewer_of(session, sign_in.use_link(session, link.token))
        assert link.role in viewer.roles_in(filled.id)


def test_without_a_demo_there_are_no_ways_in(session: Session) -> None:
    makers.make_person(session, makers.make_project(session), Role.ADMINISTRATOR)
    assert demo.sign_in_links(session) == []


def test_excerpts_wait_for_the_transcripts(session: Session, filled: Project) -> None:
    demo.ask_when_ready(session)
    assert session.scalars(select(Job).where(Job.kind == Kind.DEMO)).all() == []


def test_excerpts_wait_for_nothing_that_follows_the_transcripts(session: Session, filled: Project) -> None:
    session.execute(update(Job).where(Job.state != State.DONE).values(state=State.DONE))
    for kind in (Kind.SPEAKERS, Kind.TRANSLATE):
        job = work.request(session, kind=kind, subject_id=new_id(), story_id=None, project_id=filled.id)
        job.state = State.BLOCKED
    demo.ask_when_ready(session)
    assert len(session.scalars(select(Job).where(Job.kind == Kind.DEMO)).all()) == 1


def test_once_transcribed_every_excerpt_and_provocation_is_there(session: Session, filled: Project) -> None:
    _completed(session)
    made = demo.content()
    wanted = [item for story in made["stories"] for recording in story.get("recordings", ())
              for item in recording["excerpts"]]
    assert session.scalar(select(func.count()).select_from(Excerpt)) == len(wanted)
    board = demo.viewer_of_role(session, filled.id, Role.BOARD_MEMBER)
    provocations = session.scalars(select(Provocation)).all()
    assert {row.question for row in provocations} == {item["question"] for item in made["provocations"]}
    for row in provocations:
        assert row.published_at is not None
        assert evidence.list_evidence(session, board, row.id)


def test_collections_are_shared_with_whom_it_says(session: Session, filled: Project) -> None:
    _completed(session)
    board = demo.viewer_of_role(session, filled.id, Role.BOARD_MEMBER)
    [card], _ = collections.list_page(session, board, filled.id, "shared", Turn())
    [made] = [item for item in demo.content()["collections"] if "items" in item]
    assert card.text.name == made["name"]
    assert collected.get_page(session, board, card).count == len(made["items"])
    commissioner = demo.viewer_of_role(session, filled.id, Role.COMMISSIONER)
    warned, _ = reidentification.list_standing(session, commissioner, filled.id)
    assert warned, "so few stories stand out"


def test_every_theme_holds_something_for_a_commissioner(session: Session, filled: Project) -> None:
    _completed(session)
    commissioner = demo.viewer_of_role(session, filled.id, Role.COMMISSIONER)
    found = tagged.list_entries(session, commissioner, filled.id, Audience.COMMISSIONERS)
    assert {item.name for item in found} == {item["name"] for item in demo.content()["themes"]}
    assert all(item.count_under for item in found)


def test_what_somebody_deletes_from_it_does_not_come_back(session: Session, filled: Project) -> None:
    _completed(session)
    demo.ask_when_ready(session)
    jobs = session.scalars(select(Job).where(Job.kind == Kind.DEMO)).all()
    assert [job.state for job in jobs] == ["done"]
