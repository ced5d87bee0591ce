"""What the made-up project shows of consent as soon as it is filled."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.config import Settings
from server.domain.access import Role, Viewer
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.domain.withdrawal_step import Place
from server.models.project import Project
from server.models.story import Quote, Story
from server.services import (
    clearing,
    consent_ends,
    demo,
    embargoes,
    processing,
    redactions,
    retention,
    withdrawal_steps,
)
from server.storage.staging import Staging

pytestmark = pytest.mark.slow_on_postgresql

WALTER, INES, TOMASZ, DANIEL = (demo.demo_id("story", key) for key in ("walter", "ines", "tomasz", "daniel"))


@pytest.fixture
def project_id(app: Flask, session: Session, settings: Settings) -> str:
    assert demo.fill(session, Staging(settings.uploads_dir))
    return session.scalars(select(Project.id)).one()


@pytest.fixture
def administrator(session: Session, project_id: str) -> Viewer:
    return demo.viewer_of_role(session, project_id, Role.ADMINISTRATOR)


@pytest.fixture
def commissioner(session: Session, project_id: str) -> Viewer:
    return demo.viewer_of_role(session, project_id, Role.COMMISSIONER)


def test_a_name_is_withheld_before_anything_is_written_down(session: Session, commissioner: Viewer) -> None:
    story = clearing.get_story(session, commissioner, DANIEL, Audience.COMMISSIONERS)
    said = " ".join(quote.text for quote in story.quotes)
    assert "[name]" in said
    assert "Ron" not in said
    assert [row.written for row in redactions.list_of(session, commissioner, DANIEL)] == [1]


def test_a_story_is_held_back_and_waits_for_the_person_who_was_named(
        session: Session, project_id: str, commissioner: Viewer) -> None:
    with pytest.raises(NotFound):
        clearing.get_story(session, commissioner, WALTER, Audience.COMMISSIONERS)
    waiting, = embargoes.list_standing(session, commissioner, project_id)
    assert waiting.may_lift
    embargoes.lift(session, commissioner, project_id, waiting.id)
    assert clearing.get_story(session, commissioner, WALTER, Audience.COMMISSIONERS).quotes


def test_a_yes_ends_soon_and_its_story_goes_soon(session: Session, project_id: str, administrator: Viewer) -> None:
    now = datetime.now(UTC)
    assert [one.story_id for one in consent_ends.list_ending(session, administrator, project_id, now)] == [INES]
    assert [one.story_id for one in retention.list_ending(session, administrator, project_id, now)] == [INES]
    assert retention.list_due(session, now) == []


def test_a_story_is_withdrawn_and_nothing_of_it_is_left(
        session: Session, project_id: str, administrator: Viewer) -> None:
    assert session.get(Story, TOMASZ) is None
    assert session.scalars(select(Quote.text).where(Quote.story_id == TOMASZ)).all() == []
    steps = withdrawal_steps.get_checklist(session, administrator, project_id, TOMASZ)
    assert Place.BACKUPS in {step.place for step in steps}


def test_it_says_who_answers_for_it_and_that_nobody_does(
        session: Session, project_id: str, administrator: Viewer) -> None:
    record = processing.get_record(session, administrator, project_id)
    assert not record.processing.missing
    assert all("made up" in text.casefold() or "made-up" in text for text in vars(record.processing).values())
    assert (record.wording_months, record.retention_months) == (24, 24)
