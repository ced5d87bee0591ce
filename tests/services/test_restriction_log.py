"""That something was held back or withheld is written down outside of the database, and one that forgot it holds the
story back until somebody has looked at it again."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.consent import Embargo
from server.models.redaction import PhotoRegion, Redaction
from server.models.work import Job
from server.services import restriction_log, withdrawals
from server.storage.store import MediaStore
from tests import makers
from tests.services.held_back import REASON, Place

Restrict = Callable[[Place], str]


@pytest.fixture
def store(app: Flask) -> MediaStore:
    found: MediaStore = app.extensions["earshot"].store
    return found


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


def put_embargo(place: Place) -> str:
    return _added(place, Embargo(id=new_id(), story_id=place.story_id, project_id=place.project.id, reason=REASON,
                                 put_at=makers.NOON))


def withhold(place: Place) -> str:
    return _added(place, Redaction(id=new_id(), story_id=place.story_id, words="Anna", words_key="anna",
                                   replacement="[name]", category="name", sound="bleep",
                                   made_by=place.person[Role.COMMISSIONER].id, made_at=makers.NOON))


def cover(place: Place) -> str:
    photo = makers.add_photo(place.session, place.story)
    return _added(place, PhotoRegion(id=new_id(), photo_id=photo.id, left=1, top=1, width=9, height=9,
                                     made_by=place.person[Role.COMMISSIONER].id, made_at=makers.NOON))


def _added(place: Place, row: Embargo | Redaction | PhotoRegion) -> str:
    place.session.add(row)
    place.session.commit()
    return row.id


def write_down(place: Place, store: MediaStore, restriction_id: str) -> str:
    note = restriction_log.find(place.session, restriction_id)
    assert note is not None
    store.write_note(note.name, note.to_bytes())
    return note.name


def forget(place: Place) -> None:
    """As if the database came back from before all of them."""
    for owner in (Embargo, Redaction, PhotoRegion):
        place.session.execute(delete(owner))
    place.session.commit()


def replay(place: Place, store: MediaStore) -> int:
    count = restriction_log.replay(place.session, store, restriction_log.unknown(place.session, store))
    place.session.commit()
    return count


every_kind = pytest.mark.parametrize("restrict", [put_embargo, withhold, cover])


@every_kind
def test_one_that_nobody_was_asked_to_note_is_asked_for_once_and_noted_by_ids(session: Session, place: Place,
                                                                             restrict: Restrict) -> None:
    restriction_id = restrict(place)
    assert (restriction_log.ask_for_missing(session), restriction_log.ask_for_missing(session)) == (1, 0)
    assert session.scalars(select(Job.subject_id).where(Job.kind == Kind.NOTE)).all() == [restriction_id]
    note = restriction_log.find(session, restriction_id)
    assert note is not None
    assert json.loads(note.to_bytes()) == {"id": restriction_id, "story_id": place.story_id,
                                           "project_id": place.project.id, "at": makers.NOON.isoformat()}


@every_kind
def test_a_database_that_forgot_one_holds_the_story_back(session: Session, store: MediaStore, place: Place,
                                                         restrict: Restrict) -> None:
    """fault 28"""
    name = write_down(place, store, restrict(place))
    forget(place)
    assert place.cleared()
    assert restriction_log.unknown(session, store) == [name]
    assert replay(place, store) == 1
    assert place.cleared() == set()
    row = session.scalars(select(Embargo)).one()
    assert (row.reason, row.named_id, row.lifted_at) == (restriction_log.LOOK_AGAIN, None, None)
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.kind == "embargo")).all() == ["replayed"] * 2
    assert restriction_log.unknown(session, store) == [], "it is not held back once more when somebody has looked"


def test_several_of_one_story_hold_it_back_once(session: Session, store: MediaStore, place: Place) -> None:
    for restrict in (put_embargo, withhold, cover):
        write_down(place, store, restrict(place))
    forget(place)
    assert replay(place, store) == 1
    assert len(session.scalars(select(Embargo)).all()) == 1


def test_what_the_database_knows_of_is_not_replayed_also_once_it_was_lifted(session: Session, store: MediaStore,
                                                                           place: Place) -> None:
    embargo_id = place.put()
    write_down(place, store, embargo_id)
    place.lift(Role.ADMINISTRATOR, embargo_id)
    assert replay(place, store) == 0
    assert place.cleared()


def test_of_a_story_that_has_ended_nothing_is_noted_or_held_back(session: Session, store: MediaStore,
                                                               place: Place) -> None:
    write_down(place, store, put_embargo(place))
    restriction_id = withhold(place)
    write_down(place, store, restriction_id)
    withdrawals.withdraw(session, place.viewer(Role.RESEARCHER), place.story_id)
    session.commit()
    assert restriction_log.list_notes(session) == []
    forget(place)
    assert replay(place, store) == 0


@pytest.mark.parametrize("is_here", [True, False])
def test_a_story_that_has_not_come_is_held_back_in_the_project_that_was_noted(session: Session, store: MediaStore,
                                                                            place: Place, is_here: bool) -> None:
    story_id, project_id = new_id(), place.project.id if is_here else new_id()
    note = restriction_log.Note(new_id(), story_id, project_id, makers.NOON.isoformat())
    store.write_note(note.name, note.to_bytes())
    assert replay(place, store) == is_here
    assert session.scalars(select(Embargo.story_id)).all() == ([story_id] if is_here else [])


@pytest.mark.parametrize("name", ["restricted-x", "restricted-", "restricted-01a2061c-b277-78b0-88d3-5f411068a647"])
def test_a_note_of_something_else_is_left_alone(session: Session, store: MediaStore, name: str) -> None:
    store.write_note(name, b"{}")
    assert restriction_log.unknown(session, store) == []
