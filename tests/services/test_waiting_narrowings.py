"""A narrower agreement of a story that a restored database does not have is kept in mind until the story comes back."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import catching_up
from server.app import create_app
from server.auth import COOKIE
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.work import Kind
from server.jobs.sweep import sweep
from server.models.consent import ConsentRecord
from server.models.work import Job
from server.services import consents, narrowings, sign_in
from tests import makers
from tests.api.phone import Phone
from tests.conftest import Browser


class Forgotten:
    """Somebody agreed to everything and then to less, and the database knows nothing of either; the store knows one."""

    def __init__(self, settings: Settings, app: Flask, session: Session) -> None:
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.story_id = new_id()
        self.wide = makers.record_consent(session, self.project, self.researcher, self.story_id)
        self.narrow = makers.record_consent(session, self.project, self.researcher, self.story_id, {Use.RECORD})
        note = narrowings.find(session, self.narrow.id)
        assert note is not None
        app.extensions["earshot"].store.write_note(note.name, note.to_bytes())
        session.execute(delete(ConsentRecord))
        session.commit()
        self.process = create_app(settings)
        self.process.test_client_class = Browser

    def phone(self, session: Session) -> Phone:
        token = sign_in.start(session, self.researcher)
        found = sign_in.who_is(session, token)
        project_id, wording_id = self.project.id, makers.wording_of(session, self.project).id
        session.commit()
        browser = self.process.test_client()
        browser.set_cookie(COOKIE, token)
        browser.csrf_token = found.csrf_token
        return Phone(browser, project_id, wording_id)


@pytest.fixture
def forgotten(settings: Settings, app: Flask, session: Session) -> Forgotten:
    return Forgotten(settings, app, session)


def uses(session: Session, story_id: str) -> set[Use]:
    """What holds now. No transaction stays open after it."""
    try:
        return set(consents.agreed_uses(session, story_id))
    finally:
        session.rollback()


def test_it_holds_from_the_moment_in_which_a_phone_sends_the_wider_one_again(
    session: Session, forgotten: Forgotten
) -> None:
    """fault 28"""
    phone = forgotten.phone(session)
    assert phone.browser.get("/api/v1/session").status_code == 200
    body = phone.consent_body(forgotten.story_id)
    assert phone.put("consents", body).status_code == 201
    assert uses(session, forgotten.story_id) == {Use.RECORD}
    assert phone.put("consents", body).status_code == 200
    assert len(session.scalars(select(ConsentRecord)).all()) == 2


def test_the_sweep_finds_it_where_the_wider_one_came_by_another_way(
    session: Session, settings: Settings, forgotten: Forgotten
) -> None:
    """fault 28"""
    assert catching_up.is_up_to_date(forgotten.process)
    makers.record_consent(session, forgotten.project, forgotten.researcher, forgotten.story_id)
    session.commit()
    with forgotten.process.app_context():
        sweep(forgotten.process.extensions["earshot_work"].queue, settings, datetime.now(UTC))
        assert catching_up.list_left(db.session()) == []
        db.session.remove()
        db.engine.dispose()
    assert uses(session, forgotten.story_id) == {Use.RECORD}


def test_the_sweep_has_written_down_what_nobody_was_asked_to(
    app: Flask, session: Session, settings: Settings, forgotten: Forgotten
) -> None:
    makers.record_consent(session, forgotten.project, forgotten.researcher, forgotten.story_id)
    narrow = makers.record_consent(session, forgotten.project, forgotten.researcher, forgotten.story_id, {Use.BOARD})
    session.commit()
    sweep(app.extensions["earshot_work"].queue, settings, datetime.now(UTC))
    assert session.scalars(select(Job.subject_id).where(Job.kind == Kind.NOTE)).all() == [narrow.id]
