"""Nobody is answered by a process that may still know a story which was withdrawn."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import writing_down
from server.app import create_app
from server.backup import marker
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import StoreUnavailable
from server.models.consent import Clearance, Tombstone, Withdrawal
from server.models.story import Story
from server.services import consents, narrowings, withdrawals
from tests import makers
from tests.conftest import Browser


@pytest.fixture
def forgotten(app: Flask, session: Session) -> str:
    """The id of a story that was withdrawn and written down, and is in the database again."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher, pseudonym="Zebedee")
    session.commit()
    kept = {column.key: getattr(story, column.key) for column in Story.__table__.columns}
    withdrawals.withdraw(session, makers.viewer_of(session, researcher), story.id)
    session.commit()
    writing_down.write(session, app.extensions["earshot"].store, kept["id"])
    session.execute(delete(Tombstone))
    session.execute(delete(Withdrawal))
    other = makers.make_story(session, project, researcher)
    session.add(Story(**kept | {"conversation_id": other.conversation_id}))
    makers.record_consent(session, project, researcher, kept["id"])
    session.commit()
    return str(kept["id"])


def started(settings: Settings) -> Flask:
    """Another process of the same installation."""
    return create_app(settings)


def test_what_was_forgotten_is_replayed_before_the_first_answer(
    settings: Settings, session: Session, forgotten: str
) -> None:
    """fault 28"""
    assert started(settings).test_client().get("/sign-in").status_code == 200
    session.expire_all()
    assert session.get(Story, forgotten) is None
    assert session.get(Withdrawal, forgotten) is not None


def test_who_agreed_to_less_since_is_remembered_before_the_first_answer(
    app: Flask, settings: Settings, session: Session
) -> None:
    """fault 28"""
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    researcher = session.get_one(makers.Person, story.researcher_id)
    record = makers.record_consent(session, project, researcher, story.id, {Use.RECORD})
    note, story_id = narrowings.find(session, record.id), story.id
    assert note is not None
    app.extensions["earshot"].store.write_note(note.name, note.to_bytes())
    session.delete(record)
    session.flush()
    consents.decide_again(session, story_id)
    session.commit()
    assert started(settings).test_client().get("/sign-in").status_code == 200
    assert session.scalars(select(Clearance).where(Clearance.story_id == story_id)).all() == []


def test_while_the_store_does_not_answer_nobody_is_and_then_it_is_tried_again(
    settings: Settings, session: Session, forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 28"""
    app = started(settings)
    store = app.extensions["earshot"].store

    def silent() -> list[str]:
        raise StoreUnavailable

    monkeypatch.setattr(store, "list_notes", silent)
    answer = app.test_client().get("/api/v1/session")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert app.test_client().get("/sign-in").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    monkeypatch.undo()
    assert app.test_client().get("/sign-in").status_code == 200
    session.expire_all()
    assert session.get(Story, forgotten) is None


def test_nobody_is_answered_while_a_restore_goes_on(settings: Settings, session: Session) -> None:
    """fault 28"""
    with db.engine.begin() as connection:
        marker.put_up(connection)
    app = started(settings)
    assert app.test_client().get("/sign-in").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    with db.engine.begin() as connection:
        marker.take_down(connection)
    assert app.test_client().get("/sign-in").status_code == 200


def test_it_is_looked_for_once_in_the_life_of_a_process(
    settings: Settings, session: Session, monkeypatch: pytest.MonkeyPatch,
    sign_in_as: Callable[..., Browser]
) -> None:
    app, looked = started(settings), []
    store = app.extensions["earshot"].store
    monkeypatch.setattr(store, "list_notes", lambda: looked.append(1) or [])
    app.test_client().get("/sign-in")
    first = len(looked)
    for _ in range(3):
        app.test_client().get("/sign-in")
    assert len(looked) == first > 0
