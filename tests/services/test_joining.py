"""Segments become one recording, once, on both databases; and stop being one when the story ends."""

import os
import random
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import ManifestMismatch, UseRefused
from server.domain.ids import new_id
from server.domain.manifest import Gathering
from server.domain.work import FenceLost, Held, Kind, State
from server.models.project import Project, Prompt
from server.models.segment import RecordingGap, RecordingManifest, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.models.work import Job
from server.parts import parts
from server.services import derivatives, joining, kept_files, manifests, restored, staged_files, withdrawals, work
from server.services.joining import Joined
from server.storage.staging import Staging
from tests.api.phone import sound
from tests.makers import NOON, add_excerpt, digest, make_person, make_story, make_theme, record_consent, viewer_of
from tests.segments import Run, marker
from tests.services.arriving import LATER
from tests.services.segmented import Arriving
from tests.storing import do_what_waits, join_what_waits

SEED = int(os.environ.get("JOINING_SEED") or random.SystemRandom().getrandbits(32))


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    found = make_story(session, project, make_person(session, project, Role.RESEARCHER))
    session.commit()
    return found


@pytest.fixture
def coming(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story) -> Arriving:
    """Two seconds, half a minute's stop, one second."""
    runs = [Run(sound("webm", 2), 1990, "hidden", stopped_ms=30_000), Run(sound("mp4", 1), 1010)]
    return Arriving(app, session, viewer, staging, story.id, runs, markers=[marker(2000)])


def recordings(session: Session) -> list[Recording]:
    return list(session.scalars(select(Recording).execution_options(populate_existing=True)))


def held_by(session: Session) -> Held:
    """A worker that has taken the job."""
    job = session.scalars(select(Job).where(Job.kind == Kind.JOIN)).one()
    claimed = work.claim(session, job.id, "worker", NOON)
    assert claimed is not None
    session.commit()
    return Held(job.id, claimed[0].fence)


def joined(content: bytes = b"joined") -> Joined:
    found = derivatives.Made(BytesIO(content), digest(content.decode()))
    return Joined(found, len(content), [2000, 1000])


def test_the_joined_file_is_the_copy_for_players_and_the_segments_stay(session: Session, coming: Arriving,
                                                                       app: Flask) -> None:
    coming.everything()
    assert join_what_waits(app) == 1
    [made] = recordings(session)
    assert (made.id, made.playback_sha256, made.container) == (coming.id, made.sha256, "mp3")
    assert {made.sha256, *(run.sha256 for run in coming.runs)} == set(kept_files.list_stored(session))
    assert {job.kind for job in session.scalars(select(Job))} == {"store", "join", "transcribe"}
    assert manifests.find(session, coming.viewer, coming.id).state is Gathering.COMPLETE


def test_gaps_and_markers_are_where_the_decoder_hears_them(session: Session, coming: Arriving, app: Flask) -> None:
    """fault 31"""
    coming.everything()
    join_what_waits(app)
    first, second = session.scalars(select(RecordingSegment).order_by(RecordingSegment.number)).all()
    [made] = recordings(session)
    assert (first.start_ms, second.start_ms) == (0, first.duration_ms)
    assert made.duration_ms == (first.duration_ms or 0) + (second.duration_ms or 0)
    gap = session.scalars(select(RecordingGap)).one()
    assert (gap.at_ms, gap.length_ms, gap.reason) == (first.duration_ms, 30_000, "hidden")
    assert session.scalars(select(RecordingMarker.at_ms)).one() == (second.start_ms or 0) + 10


def test_an_excerpt_within_a_segment_is_cut_from_it_as_it_came(session: Session, coming: Arriving, app: Flask) -> None:
    coming.everything()
    join_what_waits(app)
    [made] = recordings(session)
    _, second = session.scalars(select(RecordingSegment).order_by(RecordingSegment.number)).all()
    begins, excerpt = second.start_ms or 0, add_excerpt(session, made, make_person(session))
    excerpt.start_ms, excerpt.end_ms = begins + 100, begins + 600
    assert derivatives.clip_source(session, excerpt.id) == derivatives.Passage(second.sha256, 100, 600)
    excerpt.start_ms = begins - 300
    assert derivatives.clip_source(session, excerpt.id) == derivatives.Passage(made.sha256, begins - 300, begins + 600)


def test_whatever_comes_first_and_however_often_there_is_one_recording(
    app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story
) -> None:
    """faults 21, 24"""
    print(f"JOINING_SEED={SEED}")
    chance = random.Random(SEED)
    runs = [Run(sound("ogg", 1), 1000, stopped_ms=500), Run(sound("webm", 1), 1000), Run(sound("mp3", 1), 1000)]
    coming = Arriving(app, session, viewer, staging, story.id, runs)
    steps = [None, None, *(number for number in range(len(runs)) for _ in range(2))]
    chance.shuffle(steps)
    for step in steps:
        coming.manifest() if step is None else coming.segment(step)
        assert len(recordings(session)) <= 1
        if chance.random() < 0.3:
            do_what_waits(app, Kind.JOIN)
    do_what_waits(app, Kind.JOIN)
    [made] = recordings(session)
    assert made.id == coming.id
    assert abs((made.duration_ms or 0) - 3000) < 200
    assert session.query(Job).filter_by(kind="join").one().state == State.DONE
    assert session.query(RecordingGap).count() == 1


def test_a_worker_killed_while_it_joins_leaves_it_to_the_next_and_there_is_one_recording(
    session: Session, coming: Arriving, app: Flask
) -> None:
    """fault 34"""
    coming.everything()
    lost = held_by(session)
    assert work.sweep_lost(session, NOON.replace(year=2030), 60) == 1
    assert join_what_waits(app) == 1
    assert len(recordings(session)) == 1
    with pytest.raises(FenceLost):
        joining.settle(session, parts().store, coming.id, joined(), lost)
    session.rollback()
    assert len(recordings(session)) == 1


def test_a_joined_file_that_was_lost_is_made_of_its_segments_again(session: Session, coming: Arriving,
                                                                   app: Flask) -> None:
    """fault 28"""
    coming.everything()
    join_what_waits(app)
    [before] = recordings(session)
    sha256 = before.sha256
    parts().store.delete(sha256)
    restored.make_again(session, [sha256])
    assert set(session.scalars(select(Job.kind).where(Job.state == State.WAITING))) == {"join", "transcribe"}
    assert join_what_waits(app) == 1
    [made] = recordings(session)
    assert made.playback_sha256 == made.sha256 in parts().store
    assert session.query(RecordingGap).count() == 1


def test_the_sweep_finds_a_join_that_nobody_asked_for(session: Session, coming: Arriving, app: Flask) -> None:
    """fault 17"""
    coming.everything()
    session.execute(Job.__table__.delete().where(Job.kind == Kind.JOIN))
    [story_id] = joining.list_left(session)
    joining.go_on_with_story(session, story_id)
    assert join_what_waits(app) == 1
    assert joining.list_left(session) == []


def test_agreement_that_ends_before_the_join_cancels_it_and_one_that_comes_back_has_it_done(
    session: Session, project: Project, coming: Arriving, app: Flask
) -> None:
    """fault 27"""
    coming.everything()
    person = make_person(session, project)
    record_consent(session, project, person, coming.body["story_id"], {Use.BOARD})
    assert join_what_waits(app) == 1
    assert recordings(session) == []
    assert session.query(Job).filter_by(kind="join").one().state == State.CANCELLED
    assert joining.list_left(session) == [coming.body["story_id"]]
    joining.go_on_with_story(session, coming.body["story_id"])
    assert join_what_waits(app) == 0
    record_consent(session, project, person, coming.body["story_id"])
    joining.go_on_with_story(session, coming.body["story_id"])
    assert join_what_waits(app) == 1
    assert len(recordings(session)) == 1


def test_agreement_that_ends_while_it_is_joined_leaves_nothing_of_the_joined_file(
    session: Session, project: Project, coming: Arriving
) -> None:
    """fault 27"""
    coming.everything()
    held, made = held_by(session), joined()
    record_consent(session, project, make_person(session, project), coming.body["story_id"], {Use.BOARD})
    joining.settle(session, parts().store, coming.id, made, held)
    session.commit()
    assert recordings(session) == []
    assert ("erase", made.made.sha256) in session.execute(select(Job.kind, Job.subject_id)).tuples().all()


def test_a_withdrawal_while_it_is_joined_leaves_nothing(session: Session, coming: Arriving) -> None:
    """fault 27"""
    coming.everything()
    held = held_by(session)
    administrator = viewer_of(session, make_person(session, session.query(Project).one(), Role.ADMINISTRATOR))
    withdrawals.withdraw(session, administrator, coming.body["story_id"])
    session.commit()
    with pytest.raises(FenceLost):
        joining.settle(session, parts().store, coming.id, joined(), held)
    session.rollback()
    for table in (Recording, RecordingManifest, RecordingSegment, RecordingGap, RecordingMarker):
        assert session.query(table).count() == 0
    asked = set(session.scalars(select(Job.subject_id).where(Job.kind == Kind.ERASE)))
    assert asked == {run.sha256 for run in coming.runs}


def test_a_withdrawn_recording_takes_its_joined_file_its_segments_and_its_marks_along(
    session: Session, coming: Arriving, app: Flask
) -> None:
    """faults 26, 29"""
    coming.everything()
    join_what_waits(app)
    stored = [recordings(session)[0].sha256, *(run.sha256 for run in coming.runs)]
    assert all(sha256 in parts().store for sha256 in stored)
    administrator = viewer_of(session, make_person(session, session.query(Project).one(), Role.ADMINISTRATOR))
    withdrawals.withdraw(session, administrator, coming.body["story_id"])
    session.commit()
    for table in (Recording, RecordingManifest, RecordingSegment, RecordingGap, RecordingMarker):
        assert session.query(table).count() == 0
    do_what_waits(app, Kind.ERASE)
    assert not any(sha256 in parts().store for sha256 in stored)


def test_a_transcript_agreed_to_before_the_join_is_asked_for_with_it_and_one_refused_is_not(
    app: Flask, session: Session, viewer: Viewer, staging: Staging, project: Project
) -> None:
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER),
                       uses=frozenset(Use) - {Use.TRANSCRIBE})
    session.commit()
    coming = Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000), Run(sound("ogg", 1), 1000)])
    coming.everything()
    join_what_waits(app)
    assert session.query(Job).filter_by(kind="transcribe").count() == 0
    assert len(recordings(session)) == 1


def test_the_words_of_a_prompt_are_kept_as_they_were_and_a_theme_as_it_is(
    app: Flask, session: Session, viewer: Viewer, staging: Staging, project: Project, story: Story
) -> None:
    theme = make_theme(session, project)
    prompt = session.scalars(select(Prompt).where(Prompt.project_id == project.id, Prompt.position == 0)).one()
    marks = [marker(100, prompt.id), marker(200, None, theme.id), marker(300, story.id)]
    coming = Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000)], markers=marks)
    coming.everything()
    prompt.text = "Something else"
    found = session.scalars(select(RecordingMarker).order_by(RecordingMarker.saved_at_ms)).all()
    assert [(one.prompt_text, one.theme_id, one.at_ms) for one in found] == [
        ("What happened?", None, 100), ("", theme.id, 200), ("", None, 300)]


def test_a_segment_that_its_manifest_does_not_have_is_not_kept(
    app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story
) -> None:
    """faults 24, 30"""
    coming = Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000)])
    coming.manifest()
    with pytest.raises(ManifestMismatch):
        coming.segment(0, id=new_id())
    session.rollback()
    assert session.query(RecordingSegment).count() == 0


def test_without_agreement_to_record_no_manifest_is_kept(app: Flask, session: Session, viewer: Viewer,
                                                         staging: Staging, project: Project) -> None:
    """fault 41"""
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER), uses={Use.BOARD})
    session.commit()
    with pytest.raises(UseRefused):
        Arriving(app, session, viewer, staging, story.id, [Run(sound(), 2000)]).manifest()


def test_a_segment_that_waits_to_be_stored_is_never_given_up(session: Session, coming: Arriving) -> None:
    """fault 48"""
    coming.segment(0)
    assert staged_files.expire(session, coming.staging, LATER) == 1  # stored: the upload is of no use any more
    coming.segment(1)
    session.execute(update(RecordingSegment).values(stored_at=None))
    assert staged_files.expire(session, coming.staging, LATER) == 0
