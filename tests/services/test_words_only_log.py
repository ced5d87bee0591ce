"""That a story's words alone stay is written down outside of the database; one that forgot it takes the rest again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Scope
from server.domain.ids import new_id
from server.models.consent import Erasure, PartialWithdrawal, Tombstone
from server.services import withdrawal_scopes, words_only_log
from server.services.words_only_log import Note
from server.storage.store import MediaStore
from tests import makers
from tests.services.full_story import BYTES, NAME, OTHER, PLACE, Full
from tests.services.test_withdrawal_scopes import NOW

LATE, HASH = new_id(), makers.digest("bytes that came after the backup")


@pytest.fixture
def store(app: Flask) -> MediaStore:
    found: MediaStore = app.extensions["earshot"].store
    return found


@pytest.fixture
def full(app: Flask, session: Session) -> Full:
    return Full(app, session)


@pytest.fixture
def note(full: Full, store: MediaStore) -> Note:
    """What a database that is gone had written down of the story, which is whole in this one."""
    found = Note(full.story_id, full.project.id, (NOW - timedelta(days=1)).isoformat(), (LATE,), (HASH,))
    store.write_note(found.name, found.to_bytes())
    return found


def replay(session: Session, store: MediaStore) -> int:
    count = words_only_log.replay(session, store, words_only_log.unknown(session, store))
    session.commit()
    return count


def test_it_is_written_down_once_by_ids_hashes_and_times(session: Session, store: MediaStore, full: Full) -> None:
    withdrawal_scopes.withdraw(session, full.viewer(), full.story_id, Scope.WORDS_ONLY, NOW)
    assert words_only_log.list_unwritten(session) == [full.story_id]
    note = words_only_log.find_unwritten(session, full.story_id)
    assert note is not None
    assert {full.ids["photo"], full.ids["unheard"]} <= set(note.refused)
    assert full.keep(BYTES["photo"]) in note.hashes
    assert not [word for word in (NAME, PLACE, OTHER) if word in note.to_bytes().decode()]
    words_only_log.mark_written(session, note)
    assert words_only_log.list_unwritten(session) == []
    assert words_only_log.list_notes(session) == [note]


def test_a_database_that_forgot_it_takes_voice_faces_and_names_again(session: Session, store: MediaStore, full: Full,
                                                                    note: Note) -> None:
    """fault 28"""
    assert words_only_log.unknown(session, store) == [full.story_id]
    assert replay(session, store) == 1
    assert full.tables_with(NAME, PLACE) == set()
    assert full.tables_with(OTHER) >= {"transcript_segment"}
    row = session.get_one(PartialWithdrawal, (full.story_id, Scope.WORDS_ONLY.value))
    assert (row.at.isoformat(), row.written_down_at is not None) == (note.at, True)
    assert session.get(Tombstone, LATE) is not None, "what came after the backup is refused when it comes again"
    assert {HASH, full.keep(BYTES["photo"])} <= set(session.scalars(select(Erasure.sha256)))
    assert words_only_log.unknown(session, store) == []


def test_of_a_story_that_has_ended_nothing_is_taken_and_late_bytes_are_erased(session: Session, store: MediaStore,
                                                                            full: Full, note: Note) -> None:
    withdrawal_scopes.withdraw(session, full.viewer(), full.story_id, Scope.ERASE, NOW)
    assert replay(session, store) == 0
    assert session.scalars(select(PartialWithdrawal)).all() == []
    assert HASH in set(session.scalars(select(Erasure.sha256)))


def test_a_spoilt_note_still_leaves_the_words_alone(session: Session, store: MediaStore, full: Full, note: Note,
                                                    caplog: pytest.LogCaptureFixture) -> None:
    store.write_note(note.name, b"not a note")
    assert replay(session, store) == 1
    assert full.tables_with(NAME, PLACE) == set()
    assert "ALARM" in caplog.text


def test_of_a_story_of_a_project_that_is_not_here_nothing_is_taken(session: Session, store: MediaStore) -> None:
    elsewhere = Note(new_id(), new_id(), NOW.isoformat())
    store.write_note(elsewhere.name, elsewhere.to_bytes())
    store.write_note("words-only-x", b"{}")
    assert words_only_log.unknown(session, store) == [elsewhere.story_id]
    assert replay(session, store) == 0
