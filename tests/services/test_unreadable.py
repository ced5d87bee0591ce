"""A segment of which some can be read: what cannot is said, and how much, and the file is kept as it came."""

from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Audience
from server.domain.manifest import recording_of_its_own
from server.domain.work import Kind
from server.models.project import Project
from server.models.segment import RecordingGap, RecordingMarker, RecordingSegment
from server.models.story import Recording, Story
from server.parts import parts
from server.services import clearing, restored
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import sound
from tests.segments import Run, marker
from tests.services.segmented import Arriving
from tests.services.test_going_without import make
from tests.storing import do_what_waits, join_what_waits

SECONDS = 30


@cache
def broken(container: str) -> bytes:
    """A third of the file is not there. Of an MP4, of which nothing could be read then, it is zeros: all of its packets
    can be counted and not all decoded."""
    whole = sound(container, SECONDS)
    third = len(whole) // 3
    return whole[:third] + (bytes(third) if container == "mp4" else b"") + whole[2 * third:]


def coming_of(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, *runs: Run) -> Arriving:
    return Arriving(app, session, viewer, staging, story.id, runs, markers=[marker(at) for at in (500, 29_000)])


def gaps(session: Session, recording_id: str) -> list[RecordingGap]:
    session.expire_all()
    return list(session.scalars(select(RecordingGap).where(RecordingGap.recording_id == recording_id)
                                .order_by(RecordingGap.number)))


def assert_says_what_is_lost(gap: RecordingGap, heard_ms: int, segment: int = 0) -> None:
    assert (gap.reason, gap.segment, gap.length_ms) == ("unreadable", segment, SECONDS * 1000 - heard_ms)
    assert 7000 < gap.length_ms < 23_000


@pytest.mark.parametrize("container", ["webm", "ogg", "mp4"])
def test_one_of_several_says_how_much_of_it_is_lost_and_moments_marked_there_are_there(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, container: str) -> None:
    """fault 30"""
    coming = coming_of(app, session, viewer, staging, story,
                       Run(broken(container), SECONDS * 1000, "hidden", stopped_ms=4000), Run(sound("ogg", 1), 1000))
    coming.everything()
    assert join_what_waits(app) == 1
    lost, stop = gaps(session, coming.id)
    first = session.get_one(RecordingSegment, coming.runs[0].id)
    assert_says_what_is_lost(lost, first.duration_ms or 0)
    assert (lost.at_ms, stop.at_ms, stop.length_ms, stop.reason) == (first.duration_ms, lost.at_ms, 4000, "hidden")
    marked = session.scalars(select(RecordingMarker.at_ms).order_by(RecordingMarker.saved_at_ms)).all()
    assert marked == [500, lost.at_ms]
    assert coming.runs[0].sha256 in parts().store


@pytest.mark.parametrize("container", ["webm", "mp4"])
def test_a_recording_of_one_says_it_once_all_of_it_was_decoded(
        app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story, container: str) -> None:
    """fault 30"""
    coming = coming_of(app, session, viewer, staging, story, Run(broken(container), SECONDS * 1000))
    coming.everything()
    for _ in range(2):
        assert do_what_waits(app, Kind.PLAYBACK) == 1
        [lost] = gaps(session, coming.id)
        made = session.get_one(Recording, coming.id)
        assert_says_what_is_lost(lost, made.duration_ms or 0)
        assert lost.at_ms == made.duration_ms == session.get_one(RecordingSegment, coming.runs[0].id).duration_ms
        marked = session.scalars(select(RecordingMarker.at_ms).order_by(RecordingMarker.saved_at_ms)).all()
        assert marked == [500, lost.at_ms]
        restored.make_again(session, [made.playback_sha256 or ""])


def test_a_whole_one_has_no_gap(app: Flask, session: Session, viewer: Viewer, staging: Staging, story: Story) -> None:
    coming = coming_of(app, session, viewer, staging, story, Run(sound("mp4", 3), 3100))
    coming.everything()
    do_what_waits(app, Kind.PLAYBACK)
    assert gaps(session, coming.id) == []


@pytest.mark.parametrize("manifest_is_first", [True, False])
def test_one_that_came_later_says_it_where_it_stands_by_itself(
        app: Flask, session: Session, project: Project, viewer: Viewer, staging: Staging, story: Story,
        administrator: Viewer, manifest_is_first: bool) -> None:
    """fault 30"""
    coming = coming_of(app, session, viewer, staging, story, Run(sound("ogg", 1), 1000),
                       Run(broken("mp4"), SECONDS * 1000))
    if manifest_is_first:
        coming.manifest()
    coming.segment(0)
    make(session, administrator, coming)
    coming.segment(1)
    assert do_what_waits(app, Kind.PLAYBACK) == 2
    if not manifest_is_first:
        coming.manifest()
    late = session.get_one(Recording, recording_of_its_own(coming.runs[1].id), populate_existing=True)
    [lost] = gaps(session, late.id)
    assert_says_what_is_lost(lost, late.duration_ms or 0, segment=1)
    assert [(gap.reason, gap.segment) for gap in gaps(session, coming.id)] == [("came_later", 1)]
    commissioner = makers.viewer_of(session, makers.make_person(session, project, Role.COMMISSIONER))
    shown = clearing.get_story(session, commissioner, story.id, Audience.COMMISSIONERS)
    assert [[(gap.reason, gap.part, gap.parts) for gap in found.gaps] for found in shown.recordings] == [
        [("came_later", 2, 2)], [("unreadable", 2, None)]]
