"""An operator prints the stored words of a recording, where commissioners may have them."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.audit import AuditEntry
from server.models.story import Recording
from server.services import withdrawals
from tests import makers


class World:
    """A recording, and who collected it."""

    def __init__(self, session: Session) -> None:
        self.project = makers.make_project(session)
        self.person = makers.make_person(session, self.project, Role.RESEARCHER, Role.ADMINISTRATOR)
        self.story = makers.make_story(session, self.project, self.person)
        self.recording: Recording = makers.add_recording(session, self.story)
        session.commit()


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def transcript(app: Flask, recording_id: str, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["transcript", recording_id, *arguments])


def refused(ended: Result) -> bool:
    return ended.exit_code == 1 and ended.stdout == "" and "no words under this id" in ended.stderr


def test_the_words_are_printed_and_what_was_not_checked_is_said(app: Flask, world: World) -> None:
    ended = transcript(app, world.recording.id)
    assert ended.exit_code == 0, ended.output
    assert "[00:00:00] We waited all night for a bed.\n" in ended.stdout
    assert "Not all of it was checked by a person." in ended.stderr


def test_each_form_can_be_asked_for(app: Flask, world: World) -> None:
    assert transcript(app, world.recording.id, "--format", "vtt").stdout.startswith("WEBVTT\n")
    assert transcript(app, world.recording.id, "--format", "srt").stdout.startswith("1\n00:00:00,000 --> ")
    assert json.loads(transcript(app, world.recording.id, "--format", "json").stdout)["model"] == "base"


def test_it_is_in_the_audit_as_given_to_the_server_itself(app: Flask, session: Session, world: World) -> None:
    transcript(app, world.recording.id, "--format", "json")
    session.rollback()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.person_id, entry.action, entry.kind) == (None, "exported", "transcript.json")
    assert (entry.subject_id, entry.details) == (world.recording.id, {"parts": [world.story.id]})


@pytest.mark.parametrize("use", [Use.TRANSCRIBE, Use.COMMISSIONERS])
def test_words_that_commissioners_may_not_have_are_not_printed(app: Flask, session: Session, world: World,
                                                               use: Use) -> None:
    makers.record_consent(session, world.project, world.person, world.story.id, set(Use) - {use})
    session.commit()
    assert refused(transcript(app, world.recording.id))


def test_a_withdrawn_story_is_not_printed(app: Flask, session: Session, world: World) -> None:
    recording_id = world.recording.id
    withdrawals.withdraw(session, makers.viewer_of(session, world.person), world.story.id)
    session.commit()
    assert refused(transcript(app, recording_id))


def test_an_id_of_nothing_is_refused_in_the_same_words(app: Flask) -> None:
    for name in ("nothing", "", new_id()):
        assert refused(transcript(app, name))
