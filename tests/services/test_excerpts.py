"""Choosing passages, and letting go of them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience, Use
from server.domain.errors import Invalid, NotFound
from server.models.consent import Erasure
from server.models.provocation import Evidence, Provocation
from server.models.theme import Excerpt, Tagging
from server.models.work import Job
from server.services import clearing, excerpts
from server.services.excerpts import Chosen
from tests import makers
from tests.heard import listen


@pytest.fixture
def world(session: Session, world):
    """A story whose recording says: We waited all night for a bed. Half a second a word."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    return world


def test_an_excerpt_takes_its_words_from_the_transcript(session: Session, world) -> None:
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 600, 1200))
    assert made.text == "waited all"
    assert (made.start_ms, made.end_ms) == (500, 1450)
    assert [word.text for word in made.words] == ["waited", " all"]


def test_choosing_the_same_words_twice_makes_one_excerpt_and_one_job(session: Session, world) -> None:
    first = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450))
    again = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 700, 1100))
    assert first.id == again.id
    assert session.scalar(select(func.count(Excerpt.id))) == 1
    assert [(job.kind, job.subject_id) for job in session.scalars(select(Job))] == [("clip", first.id)]


def test_themes_chosen_with_the_words_are_put_on_beside_those_it_has(session: Session, world) -> None:
    waiting = makers.make_theme(session, world.project, "Waiting")
    excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450), [waiting.id])
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450), (), "Nights")
    assert [theme.name for theme in made.themes] == ["Nights", "Waiting"]


@pytest.mark.parametrize(("start_ms", "end_ms"), [(500, 500), (1450, 500), (-5, 100), (90_000, 99_000)])
def test_a_stretch_that_makes_no_sense_makes_nothing(session: Session, world, start_ms: int, end_ms: int) -> None:
    with pytest.raises(Invalid):
        excerpts.make(session, world.commissioner, Chosen(world.recording.id, start_ms, end_ms))
    assert session.scalar(select(func.count(Excerpt.id))) == 0


def test_a_stretch_that_runs_past_the_end_stops_at_the_last_word(session: Session, world) -> None:
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 2600, 2**40))
    assert (made.text, made.end_ms) == ("a bed.", 3450)


def test_without_a_transcript_there_is_nothing_to_choose(session: Session, world) -> None:
    silent = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.TRANSCRIBE})
    recording = makers.add_recording(session, silent, "Never written down")
    with pytest.raises(Invalid):
        excerpts.make(session, world.commissioner, Chosen(recording.id, 0, 900))


def test_only_a_commissioner_of_the_project_makes_and_deletes_excerpts(session: Session, world) -> None:
    elsewhere = makers.make_project(session, "Another project")
    stranger = makers.viewer_of(session, makers.make_person(session, elsewhere, *Role))
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450))
    for viewer in (stranger, world.board_member):
        with pytest.raises(NotFound):
            excerpts.make(session, viewer, Chosen(world.recording.id, 0, 1450))
        with pytest.raises(NotFound):
            excerpts.delete_excerpt(session, viewer, made.id)


def test_a_board_member_may_open_an_excerpt_that_is_cleared_for_boards_only(session: Session, world) -> None:
    listen(session, world.commissioner, world.recording)
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450))
    assert excerpts.get(session, world.board_member, made.id).text == "waited all"
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.BOARD})
    with pytest.raises(NotFound):
        excerpts.get(session, world.board_member, made.id)


def test_a_deleted_excerpt_leaves_no_theme_evidence_clip_job_or_sound(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1450), [theme.id])
    session.get_one(Excerpt, made.id).clip_sha256 = makers.digest("clip")
    provocation = Provocation(id=makers.new_id(), project_id=world.project.id, question="Who waits?",
                              made_by=world.commissioner.person_id, made_at=makers.NOON)
    provocation.evidence = [Evidence(id=makers.new_id(), position=0, excerpt_id=made.id)]
    session.add(provocation)
    session.flush()
    assert excerpts.count_provocations(session, world.commissioner, made.id) == 1

    assert excerpts.delete_excerpt(session, world.commissioner, made.id) == world.story.id
    for table in (Excerpt, Tagging, Evidence):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert [(job.kind, job.subject_id) for job in session.scalars(select(Job))] == [("erase", makers.digest("clip"))]
    assert session.scalars(select(Erasure.sha256)).all() == [makers.digest("clip")]
    story = clearing.get_story(session, world.commissioner, world.story.id, Audience.COMMISSIONERS)
    assert story.recordings[0].transcript is not None


def test_a_clip_that_another_excerpt_shares_is_kept(session: Session, world) -> None:
    kept = makers.add_excerpt(session, world.recording, world.researcher)
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 0, 450))
    session.get_one(Excerpt, made.id).clip_sha256 = kept.clip_sha256
    session.flush()
    excerpts.delete_excerpt(session, world.commissioner, made.id)
    assert session.scalars(select(Erasure)).all() == []
