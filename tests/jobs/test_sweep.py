"""The sweep goes on with each story by itself, and forgets what it is time to forget."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role
from server.domain.consent import Scope
from server.jobs.sweep import sweep
from server.models.consent import Withdrawal, WithdrawalStep
from server.models.segment import RecordingManifest
from server.models.work import Job
from server.services import joining, withdrawal_scopes
from tests import makers
from tests.services.full_story import Full


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


def test_whose_anonymous_passages_were_is_forgotten_as_soon_as_the_last_backup_has_gone(
        app: Flask, session: Session, settings: Settings) -> None:
    """A backup that was restored later, and knew it still, forgets it so, too: what was asked for is long ago."""
    full, store = Full(app, session), app.extensions["earshot"].store
    withdrawal_scopes.withdraw(session, full.viewer(), full.story_id, Scope.ANONYMOUS, datetime.now(UTC))
    session.commit()
    became_id = session.get_one(Withdrawal, full.story_id).became_id
    assert became_id is not None
    for days, is_known in ((settings.backups_kept_days - 1, True), (settings.backups_kept_days, False)):
        asked_at = datetime.now(UTC) - timedelta(days=days)
        session.execute(update(WithdrawalStep).values(asked_at=asked_at))
        session.commit()
        sweep(app.extensions["earshot_work"].queue, settings, datetime.now(UTC))
        session.expire_all()
        assert (session.get_one(Withdrawal, full.story_id).became_id is not None) == is_known
        assert (became_id.encode() in store.read_note(full.story_id)) == is_known
