"""Whoever was shown a story left an entry that says so: every address, as everybody.

A new route joins by itself: where an answer holds anything of the story, there must be an entry that names the story
or the part, and the person.
"""

import logging
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.audit import AuditEntry
from server.services import audit, withdrawals
from tests import makers
from tests.pages.everywhere import CANARIES, NAME, PLACE, Place, Victim, addresses

# A place name alone is offered to every researcher of the project, whichever story it came with.
MARKS = [canary for canary in CANARIES if canary != PLACE.encode()]
# What must never be in an entry.
WORDS = [*(canary.decode() for canary in CANARIES), "@", "127.0.0.1", "Amal"]


@pytest.fixture
def victim(app: Flask, place: Place) -> Victim:
    return Victim(place, app.extensions["earshot"])


def entries(session: Session, after: int = 0) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.sequence > after).order_by(AuditEntry.sequence)))


def newest(session: Session) -> int:
    session.rollback()
    return audit.head_of(session).sequence


def named(entry: AuditEntry) -> set[str]:
    return {entry.subject_id, *entry.details.get("parts", [])}


def test_every_answer_that_holds_something_of_a_story_is_in_the_audit(
    app: Flask, session: Session, place: Place, victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ONE_READ", timedelta(0))
    shown = 0
    for role, browser in place.browsers.items():
        for rule, address in addresses(app, place.common | victim.ids, victim.part_ids):
            if "GET" not in (rule.methods or ()):
                continue
            before = newest(session)
            answer = browser.get(address)
            if not any(mark in answer.data for mark in MARKS):
                continue
            shown += 1
            left = entries(session, before)
            assert any(entry.person_id == place.people[role].id and entry.project_id == place.project.id
                       and named(entry) & set(victim.part_ids) for entry in left), (role, address)
    assert shown > 15, "the test must be able to see what it looks for"
    assert audit.verify(session).problem is None


def test_what_was_refused_or_not_there_is_not_entered(app: Flask, session: Session, place: Place,
                                                     victim: Victim) -> None:
    before = newest(session)
    assert place.browsers[Role.BOARD_MEMBER].get(f"/stories/{victim.story.id}").status_code == 404
    assert app.test_client().get(f"/stories/{victim.story.id}").status_code == 302
    assert newest(session) == before


@pytest.mark.parametrize(("role", "address", "action", "kind"), [
    (Role.COMMISSIONER, "/stories/{story_id}", "read", "story"),
    (Role.COMMISSIONER, "/recordings/{recording_id}/audio", "heard", "recording"),
    (Role.BOARD_MEMBER, "/excerpts/{excerpt_id}/audio", "heard", "excerpt"),
    (Role.COMMISSIONER, "/recordings/{recording_id}/captions.vtt", "read", "captions"),
    (Role.BOARD_MEMBER, "/excerpts/{excerpt_id}/captions.vtt", "read", "captions"),
    (Role.COMMISSIONER, "/recordings/{recording_id}/transcript.srt", "exported", "transcript.srt"),
    (Role.BOARD_MEMBER, "/photos/{photo_id}/image", "seen", "photo"),
    (Role.BOARD_MEMBER, "/provocations/{provocation_id}/present", "presented", "provocation"),
    (Role.ANALYST, "/projects/{project_id}/exports/quotes.csv", "exported", "quotes.csv"),
    (Role.ADMINISTRATOR, "/projects/{project_id}/register", "read", "register"),
])
def test_an_entry_says_who_did_what(session: Session, place: Place, victim: Victim, role: Role, address: str,
                                    action: str, kind: str) -> None:
    before = newest(session)
    for _ in range(3):
        assert place.browsers[role].get(address.format(**place.common, **victim.ids)).status_code == 200
    [entry] = entries(session, before)
    assert (entry.person_id, entry.action, entry.kind) == (place.people[role].id, action, kind)
    assert named(entry) & set(victim.part_ids)


def test_an_export_is_entered_with_each_part_that_was_in_it(session: Session, place: Place, victim: Victim) -> None:
    file = place.browsers[Role.ANALYST].get(f"/projects/{place.project.id}/exports/quotes.csv").text
    entry = entries(session)[-1]
    assert entry.action == "exported"
    kept = [quote.id for quote in place.staying.quotes]
    assert sorted(entry.details["parts"]) == sorted([*kept, victim.quote.id, victim.excerpt.id])
    assert victim.story.id in file


@pytest.mark.slow
def test_no_entry_holds_a_word_a_name_or_an_address(app: Flask, session: Session, place: Place,
                                                    victim: Victim) -> None:
    """fault 29"""
    for browser in place.browsers.values():
        for rule, address in addresses(app, place.common | victim.ids, victim.part_ids):
            if "GET" in (rule.methods or ()):
                browser.get(address)
    app.test_client().post("/sign-in", data={"email": "zebedee@example.org", "password": "wrong"})
    withdrawals.withdraw(session, makers.viewer_of(session, place.people[Role.RESEARCHER]), victim.story.id, NAME)
    session.commit()
    columns = (AuditEntry.person_id, AuditEntry.action, AuditEntry.kind, AuditEntry.subject_id,
               AuditEntry.project_id, AuditEntry.details)
    written = "\n".join(str(tuple(row)) for row in session.execute(select(*columns)))
    assert "withdrew" in written
    assert [word for word in WORDS if word in written] == []


def test_people_go_on_reading_when_the_audit_cannot_be_written(
    session: Session, place: Place, victim: Victim, caplog: pytest.LogCaptureFixture
) -> None:
    """fault 48"""
    before, full = newest(session), OperationalError("INSERT", {}, Exception("database or disk is full"))
    with patch("server.auditing.audit.note_reads", side_effect=full), caplog.at_level(logging.ERROR):
        answer = place.browsers[Role.COMMISSIONER].get(f"/stories/{victim.story.id}")
    assert (answer.status_code, NAME in answer.text) == (200, True)
    assert newest(session) == before
    [alarm] = [record.getMessage() for record in caplog.records if "ALARM" in record.getMessage()]
    assert victim.story.id in alarm
    assert NAME not in alarm


def test_people_go_on_reading_while_somebody_else_writes(
    app: Flask, session: Session, place: Place, victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 50"""
    monkeypatch.setattr("server.db._BRIEF_MS", 50)
    makers.make_theme(session, place.project, "Being written")
    answer = place.browsers[Role.COMMISSIONER].get(f"/stories/{victim.story.id}")
    assert (answer.status_code, NAME in answer.text) == (200, True)
