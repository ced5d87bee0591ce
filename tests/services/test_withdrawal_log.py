"""What was withdrawn is written down outside the database, and no database that forgot it brings a story back."""

import json
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import writing_down
from server.db import open_to_write
from server.domain.access import Role
from server.domain.errors import Withdrawn
from server.domain.ids import new_id
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.change import Change
from server.models.consent import Erasure, Tombstone, Withdrawal
from server.models.held import HeldArrival
from server.models.story import Recording, Story
from server.models.transcript import TranscriptWindow
from server.models.work import Job
from server.services import erasures, locks, receipts, withdrawal_log, withdrawals
from server.storage.store import MediaStore
from tests import makers


@pytest.fixture
def store(app: Flask) -> MediaStore:
    return app.extensions["earshot"].store


class Two:
    """A story that is withdrawn and written down, and what the database was before."""

    def __init__(self, session: Session, store: MediaStore) -> None:
        self.session, self.store = session, store
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.viewer = makers.viewer_of(session, self.researcher)
        self.story = makers.make_story(session, self.project, self.researcher)
        self.recording = makers.add_recording(session, self.story)
        self.recording.sha256 = store.put(BytesIO(b"her voice")).sha256
        session.add(TranscriptWindow(recording_id=self.recording.id, position=0, model="base", language="en",
                                     start_ms=0, end_ms=10, words=()))
        session.commit()
        self.story_id, self.part_id, self.sha256 = self.story.id, self.recording.id, self.recording.sha256
        self.code_hash = self.story.receipt_code_hash

    def withdraw(self) -> None:
        withdrawals.withdraw(self.session, self.viewer, self.story_id, "They rang us.")
        self.session.commit()
        writing_down.write(self.session, self.store, self.story_id)
        self.session.commit()

    def forget(self) -> None:
        """As if the database came back from the day before: the withdrawal is not known, the story is there."""
        session = self.session
        session.execute(delete(Tombstone))
        session.execute(delete(Withdrawal))
        session.execute(delete(Job))
        session.execute(delete(Erasure))
        story = makers.make_story(session, self.project, self.researcher)
        session.execute(delete(Story).where(Story.id == story.id))
        makers.record_consent(session, self.project, self.researcher, self.story_id)
        session.add(Story(id=self.story_id, project_id=self.project.id, conversation_id=story.conversation_id,
                          researcher_id=self.researcher.id, pseudonym="Amal", place="", told_at=makers.NOON,
                          told_at_phone=makers.NOON, receipt_code_hash=self.code_hash, body_sha256=self.code_hash,
                          body_bytes=1, received_at=makers.NOON))
        session.flush()
        session.add(Recording(id=self.part_id, story_id=self.story_id, position=0, sha256=self.sha256, size=9,
                              container="webm", started_at=makers.NOON, received_at=makers.NOON))
        session.commit()

    def replay(self) -> int:
        found = withdrawal_log.unknown(self.session, self.store)
        count = withdrawal_log.replay(self.session, self.store, found)
        self.session.commit()
        return count


@pytest.fixture
def two(session: Session, store: MediaStore) -> Two:
    return Two(session, store)


def test_a_note_holds_ids_hashes_and_times_and_nothing_else(session: Session, store: MediaStore, two: Two) -> None:
    two.withdraw()
    note = json.loads(store.read_note(two.story_id))
    assert set(note) == {"story_id", "project_id", "recorded_by", "at", "receipt_code_hash", "refused", "hashes",
                         "codes", "cause", "scope", "became_id"}
    assert {two.story_id, two.part_id} <= set(note["refused"])
    assert two.sha256 in note["hashes"]
    written = store.read_note(two.story_id).decode()
    assert [word for word in ("Amal", "They rang us", "waited", "Okoro") if word in written] == []
    assert session.get_one(Withdrawal, two.story_id).written_down_at is not None


def test_what_is_not_written_down_yet_is_made_up_for(session: Session, store: MediaStore, two: Two) -> None:
    withdrawals.withdraw(session, two.viewer, two.story_id)
    session.commit()
    assert store.list_notes() == []
    assert writing_down.write_missing(session, store) == 1
    session.commit()
    assert store.list_notes() == [two.story_id]
    assert writing_down.write_missing(session, store) == 0


def test_what_is_refused_later_is_written_down_too(session: Session, store: MediaStore, two: Two) -> None:
    two.withdraw()
    late = HeldArrival(id=new_id(), kind="quote", story_id=two.story_id, person_id=two.researcher.id, body=b"late",
                       body_sha256=two.sha256, received_at=makers.NOON)
    session.add(late)
    session.flush()
    late_id = late.id
    withdrawals.empty(session, two.story_id, two.project.id)
    assert writing_down.write_missing(session, store) == 1
    assert late_id in json.loads(store.read_note(two.story_id))["refused"]


def test_what_is_learnt_while_a_note_is_on_its_way_is_written_down_after_it(session: Session, store: MediaStore,
                                                                            two: Two) -> None:
    """fault 28"""
    withdrawals.withdraw(session, two.viewer, two.story_id)
    note = withdrawal_log.find_unwritten(session, two.story_id)
    session.commit()
    assert note is not None
    store.write_note(two.story_id, note.to_bytes())
    withdrawals.end(session, two.viewer, two.story_id, two.project.id, "", makers.NOON, [makers.digest("a receipt")])
    withdrawal_log.mark_written(session, note)
    session.commit()
    assert withdrawal_log.find_unwritten(session, two.story_id) is not None
    assert writing_down.write_missing(session, store) == 1
    assert withdrawal_log.find_unwritten(session, two.story_id) is None
    assert makers.digest("a receipt") in json.loads(store.read_note(two.story_id))["codes"]


def test_a_database_that_forgot_a_withdrawal_is_told(session: Session, store: MediaStore, two: Two) -> None:
    """fault 28"""
    two.withdraw()
    two.forget()
    assert two.replay() == 1
    assert session.get(Story, two.story_id) is None
    withdrawal = session.get_one(Withdrawal, two.story_id)
    assert (withdrawal.recorded_by, withdrawal.receipt_code_hash) == (two.researcher.id, two.code_hash)
    for refused in (two.story_id, two.part_id):
        with pytest.raises(Withdrawn):
            receipts.refuse_withdrawn(session, two.viewer, refused)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.action, entry.subject_id) == ("replayed", two.story_id)
    assert session.scalars(select(Change.subject_id).where(Change.kind == "tombstone")).all() == [two.story_id]


def test_its_bytes_leave_the_store_again(session: Session, store: MediaStore, two: Two) -> None:
    """fault 28"""
    two.withdraw()
    two.forget()
    two.replay()
    [job] = session.scalars(select(Job).where(Job.kind == Kind.ERASE, Job.subject_id == two.sha256))
    erasures.erase(session, store, job.subject_id)
    assert two.sha256 not in store


def test_bytes_that_came_after_the_backup_are_erased_too(session: Session, store: MediaStore, two: Two) -> None:
    """No row of this database names them."""
    two.withdraw()
    note = json.loads(store.read_note(two.story_id))
    store.write_note(two.story_id, json.dumps(note | {"hashes": [makers.digest("came later")]}).encode())
    two.forget()
    assert two.replay() == 1
    assert makers.digest("came later") in session.scalars(select(Erasure.sha256)).all()


def test_what_was_made_anonymous_and_then_erased_is_replayed_in_that_order(session: Session, store: MediaStore,
                                                                         two: Two) -> None:
    """Whatever its notes are called: the last one is about the story in which the first one's words went on."""
    makers.add_quote(session, two.story)
    session.commit()
    became_id = f"00000000-{new_id()[9:]}"
    for at, story_id, scope, became in (("12:00", two.story_id, "anonymous", became_id),
                                        ("13:00", became_id, "erase", None)):
        noted = withdrawal_log.Note(story_id, two.project.id, None, f"2026-05-04T{at}:00+00:00",
                                    makers.digest(story_id), scope=scope, became_id=became)
        store.write_note(story_id, noted.to_bytes())
    assert two.replay() == 2
    assert session.scalars(select(Story.id)).all() == []


def test_replaying_twice_changes_nothing(session: Session, store: MediaStore, two: Two) -> None:
    two.withdraw()
    two.forget()
    assert [two.replay(), two.replay()] == [1, 0]
    assert withdrawal_log.replay(session, store, [two.story_id]) == 0


def test_a_story_that_the_database_never_had_is_refused_when_it_comes(
    session: Session, store: MediaStore, two: Two
) -> None:
    """fault 28"""
    two.withdraw()
    session.execute(delete(Tombstone))
    session.execute(delete(Withdrawal))
    session.commit()
    assert two.replay() == 1
    with pytest.raises(Withdrawn):
        receipts.refuse_withdrawn(session, two.viewer, two.part_id)


def test_whoever_recorded_it_may_not_be_there_yet(session: Session, store: MediaStore, two: Two) -> None:
    two.withdraw()
    note = json.loads(store.read_note(two.story_id)) | {"recorded_by": new_id()}
    store.write_note(two.story_id, json.dumps(note).encode())
    two.forget()
    assert two.replay() == 1
    assert session.get_one(Withdrawal, two.story_id).recorded_by is None


def test_a_note_of_a_project_that_is_not_here_withdraws_nothing_and_erases(
    session: Session, store: MediaStore, two: Two
) -> None:
    two.withdraw()
    note = json.loads(store.read_note(two.story_id)) | {"project_id": new_id()}
    store.write_note(elsewhere := new_id(), json.dumps(note).encode())
    session.execute(delete(Erasure))
    session.execute(delete(Job))
    session.commit()
    assert withdrawal_log.unknown(session, store) == [elsewhere]
    assert two.replay() == 0
    assert session.get(Withdrawal, elsewhere) is None
    assert two.sha256 in set(session.scalars(select(Erasure.sha256)))


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'{"at": 1}', b"\xff\xfe"])
def test_a_spoilt_note_still_withdraws_the_story_it_is_named_after(
    session: Session, store: MediaStore, two: Two, caplog: pytest.LogCaptureFixture, spoilt: bytes
) -> None:
    """fault 28"""
    two.withdraw()
    store.write_note(two.story_id, spoilt)
    two.forget()
    assert two.replay() == 1
    assert session.get(Story, two.story_id) is None
    assert "ALARM" in caplog.text


def test_a_note_that_is_no_withdrawal_is_left_alone(session: Session, store: MediaStore, two: Two) -> None:
    store.write_note("something-else", b"{}")
    assert withdrawal_log.unknown(session, store) == []


def test_the_notes_of_a_database_can_be_listed(session: Session, store: MediaStore, two: Two) -> None:
    two.withdraw()
    [note] = withdrawal_log.list_notes(session)
    assert json.loads(note.to_bytes()) == json.loads(store.read_note(two.story_id))


def test_a_slow_older_note_that_replaced_a_fuller_one_is_written_again(session: Session, store: MediaStore,
                                                                       two: Two) -> None:
    """fault 28"""
    withdrawals.withdraw(session, two.viewer, two.story_id)
    older = withdrawal_log.find_unwritten(session, two.story_id)
    assert older is not None
    withdrawals.end(session, two.viewer, two.story_id, two.project.id, "", makers.NOON, [makers.digest("a receipt")])
    writing_down.write(session, store, two.story_id)
    store.write_note(two.story_id, older.to_bytes())
    withdrawal_log.mark_written(session, older)
    session.commit()
    assert writing_down.write_missing(session, store) == 1
    assert makers.digest("a receipt") in json.loads(store.read_note(two.story_id))["codes"]


def test_while_the_store_is_asked_no_withdrawn_story_and_no_database_is_held(
        session: Session, store: MediaStore, two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 50"""
    other = makers.make_story(session, two.project, two.researcher)
    story_ids = [two.story_id, other.id]
    for story_id in story_ids:
        withdrawals.withdraw(session, two.viewer, story_id)
    session.commit()
    write_note, asked = store.write_note, []

    def slow(name: str, content: bytes) -> None:
        with open_to_write() as connection, Session(connection) as somebody:
            for story_id in story_ids:
                locks.take_story(somebody, story_id)
        asked.append(name)
        write_note(name, content)

    monkeypatch.setattr(store, "write_note", slow)
    assert writing_down.write_missing(session, store) == 2
    assert asked == sorted(story_ids)
