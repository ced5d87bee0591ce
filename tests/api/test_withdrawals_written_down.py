"""A withdrawal is written where no restored backup forgets it before anybody is told to forget it (fault 28)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import StoreUnavailable
from server.domain.ids import new_id
from server.models.people import Person
from server.models.story import Story
from server.parts import parts
from server.storage.filesystem import FilesystemStore
from tests import makers
from tests.api.conftest import Place
from tests.api.phone import TOLD_AT, Phone, receipt_code
from tests.conftest import Browser


class Patient(FilesystemStore):
    """A store that somebody at a phone or a page is not to wait for."""

    def write_note(self, name: str, content: bytes) -> None:
        pytest.fail("the patient store was asked")


@pytest.fixture
def away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A store that does not answer, until it is undone."""
    def silent(*_: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(parts().store, "write_note", silent)
    return monkeypatch


def body(phone: Phone, story_id: str) -> dict[str, object]:
    return {"id": new_id(), "project_id": phone.project_id, "story_id": story_id, "reason": "", "withdrawn_at": TOLD_AT}


def told_in_feed(phone: Phone, subject_id: object) -> bool:
    changes = phone.browser.get("/api/v1/changes?after=0").json["changes"]
    return ("receipt", subject_id) in {(change["kind"], change["id"]) for change in changes}


def test_the_note_is_there_before_the_phone_has_its_receipt_and_no_worker_is_needed(phone: Phone) -> None:
    """fault 28"""
    story_id = phone.send_story()
    sent = body(phone, story_id)
    assert phone.put("withdrawals", sent).status_code == 201
    assert parts().store.list_notes() == [story_id]
    assert told_in_feed(phone, sent["id"])


def test_nobody_waits_for_the_note_longer_than_the_brief_store_does(app: Flask, phone: Phone) -> None:
    """fault 50"""
    whole = parts()
    app.extensions["earshot"] = replace(whole, store=Patient(whole.settings.media_dir))
    story_id = phone.send_story()
    assert phone.put("withdrawals", body(phone, story_id)).status_code == 201
    assert whole.store.list_notes() == [story_id]


def test_while_the_store_is_away_the_story_ends_and_the_phone_keeps_its_word(
        phone: Phone, session: Session, away: pytest.MonkeyPatch) -> None:
    """fault 28"""
    story_id = phone.send_story()
    sent = body(phone, story_id)
    for _ in range(2):
        answer = phone.put("withdrawals", sent)
        assert (answer.status_code, answer.json["held"]) == (202, True)
    assert session.get(Story, story_id) is None
    asked = phone.ask_for_receipt(str(sent["id"]))
    assert (asked.status_code, asked.json["state"]) == (202, "held")
    assert not told_in_feed(phone, sent["id"])
    away.undo()
    assert phone.put("withdrawals", sent).status_code == 200
    assert parts().store.list_notes() == [story_id]
    assert phone.ask_for_receipt(str(sent["id"])).status_code == 200
    assert told_in_feed(phone, sent["id"])


def test_a_participant_who_ends_their_story_has_it_written_down_at_once(app: Flask, phone: Phone) -> None:
    """fault 28"""
    story_id = phone.send_story()
    participant, receipt = app.test_client(), f"/receipt/{receipt_code(story_id)}"
    assert participant.post(receipt, data={"name": "Amal"}).status_code == 303
    assert participant.post(f"{receipt}/withdraw").status_code == 303
    assert parts().store.list_notes() == [story_id]


@pytest.mark.parametrize("is_away", [False, True])
def test_an_administrator_too_and_a_store_that_is_away_stops_nobody(
        phone: Phone, place: Place, session: Session, sign_in_as: Callable[[Person], Browser],
        request: pytest.FixtureRequest, is_away: bool) -> None:
    """fault 28"""
    if is_away:
        request.getfixturevalue("away")
    administrator = makers.make_person(session, place.project, Role.ADMINISTRATOR, name="Ada")
    session.commit()
    story_id = phone.send_story()
    answer = sign_in_as(administrator).post(f"/projects/{place.project_id}/register/{story_id}/withdraw",
                                             data={"scope": "erase"})
    assert answer.status_code == 303
    assert session.get(Story, story_id) is None
    assert parts().store.list_notes() == ([] if is_away else [story_id])
