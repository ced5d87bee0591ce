"""The sweep goes on with each story by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.jobs.sweep import sweep
from server.models.segment import RecordingManifest
from server.models.work import Job
from server.services import joining
from tests import makers


def test_a_join_that_fails_holds_back_no_other(app: Flask, session: Session, settings: Settings,
                                               caplog: pytest.LogCaptureFixture) -> None:
    """fault 36"""
    project = makers.make_project(session)
    manifests: list[RecordingManifest] = []
    for number in range(4):
        story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
        found = makers.add_manifest(session, story, parts=2)
        found.received_at = makers.NOON - timedelta(hours=number)
        for part in range(2):
            makers.add_segment(session, found, part)
        manifests.append(found)
    spoilt = manifests[2]
    spoilt.segments = [{"id": spoilt.segments[0]["id"]}]
    session.commit()
    waiting = [found.story_id for found in reversed(manifests)]
    assert joining.list_left(session) == waiting  # the oldest first
    session.rollback()
    sweep(app.extensions["earshot_work"].queue, settings, datetime.now(UTC))
    asked = set(session.scalars(select(Job.subject_id).where(Job.kind == "join")))
    assert asked == {found.id for found in manifests} - {spoilt.id}
    assert caplog.text.count("a step of the sweep failed") == 1
