"""A withdrawal's checklist says what has gone, looks for itself, and waits for what has not."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.sync import ChangeKind
from server.domain.withdrawal_step import BACKUPS_KEPT, Place
from server.domain.work import Kind
from server.models.change import Change
from server.models.consent import PartialWithdrawal
from server.models.device import Device
from server.models.story import Story
from server.models.upload import Upload
from server.models.work import Job
from server.services import erasures, publication, staged_files, withdrawal_steps, withdrawals
from server.storage.staging import Staging
from server.storage.store import MediaStore
from tests import makers


class World:
    """A story with bytes in the store, a signature, a piece on its way in, and the phone it was told to."""

    def __init__(self, session: Session, store: MediaStore) -> None:
        self.session, self.store = session, store
        self.project = makers.make_project(session)
        self.project_id = self.project.id
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.viewer = makers.viewer_of(session, self.researcher)
        self.device_id = self.make_phone()
        self.story = makers.make_story(session, self.project, self.researcher)
        self.story_id = self.story.id
        makers.add_quote(session, self.story)
        recording, photo = makers.add_recording(session, self.story), makers.add_photo(session, self.story)
        recording.sha256, recording.playback_sha256 = self.keep(b"original"), self.keep(b"playback")
        photo.sha256, photo.derivative_sha256 = self.keep(b"photo"), self.keep(b"derivative")
        record = session.query(makers.ConsentRecord).filter_by(story_id=self.story.id).one()
        makers.add_evidence_of_consent(session, self.story, record, b"signed")
        self.keep(b"signed")
        session.flush()

    def make_phone(self) -> str:
        now = datetime.now(UTC)
        device_id = new_id()
        self.session.add(Device(id=device_id, person_id=self.researcher.id, first_seen_at=now, last_seen_at=now))
        self.session.flush()
        return device_id

    def keep(self, content: bytes) -> str:
        return self.store.put(io.BytesIO(content)).sha256

    def withdraw(self) -> None:
        withdrawals.withdraw(self.session, self.viewer, self.story_id)
        self.session.commit()

    def settle(self, now: datetime | None = None, kept: timedelta = BACKUPS_KEPT) -> None:
        withdrawal_steps.settle(self.session, now or datetime.now(UTC), kept)

    def left(self) -> dict[Place, int]:
        """How many steps are waited for, by place."""
        steps = withdrawal_steps.get_checklist(self.session, self.viewer, self.project_id, self.story_id)
        waiting = [step.place for step in steps if step.done_at is None]
        return {place: waiting.count(place) for place in waiting}

    def erase_bytes(self) -> None:
        for job in self.session.scalars(select(Job).where(Job.kind == Kind.ERASE)).all():
            erasures.erase(self.session, self.store, job.subject_id)

    def finish_scrub(self) -> None:
        """The worker forgets it with the transaction that follows it."""
        self.session.execute(delete(Job).where(Job.kind == Kind.SCRUB))

    def tell_phone(self) -> None:
        told = select(Change.sequence).where(Change.kind == ChangeKind.TOMBSTONE)
        self.session.execute(update(Device).values(read_up_to=self.session.scalar(told)))


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    return World(session, app.extensions["earshot"].store)


def test_what_went_in_the_transaction_is_done_and_all_else_is_waited_for(session: Session, world: World) -> None:
    world.withdraw()
    assert world.left() == {Place.ORIGINALS: 2, Place.DERIVATIVES: 2, Place.EVIDENCE: 1, Place.VERSIONS: 1,
                            Place.DATABASE_PAGES: 1, Place.PHONES: 1, Place.BACKUPS: 1}
    steps = withdrawal_steps.list_steps(session, world.story_id)
    assert {step.place for step in steps if step.done_at} == {
        Place.ROWS, Place.QUEUED_WORK, Place.CACHES, Place.INDEX, Place.EMBEDDINGS}
    summary = withdrawal_steps.get_summary(session, world.story_id)
    assert summary is not None
    assert not summary.is_done_but_backups


def test_each_step_is_done_when_it_is_and_not_before(session: Session, world: World) -> None:
    world.withdraw()
    world.settle()
    assert Place.ORIGINALS in world.left()
    world.erase_bytes()
    world.settle()
    assert set(world.left()) == {Place.DATABASE_PAGES, Place.PHONES, Place.BACKUPS}
    world.finish_scrub()
    world.settle()
    assert set(world.left()) == {Place.PHONES, Place.BACKUPS}
    world.tell_phone()
    world.settle()
    assert set(world.left()) == {Place.BACKUPS}
    assert withdrawal_steps.get_summary(session, world.story_id).is_done_but_backups
    world.settle(datetime.now(UTC) + BACKUPS_KEPT + timedelta(minutes=1))
    assert world.left() == {}


def test_one_file_that_the_store_has_not_let_go_of_keeps_its_step_open(session: Session, world: World) -> None:
    world.withdraw()
    first = session.scalars(select(Job).where(Job.kind == Kind.ERASE, Job.subject_id == digest(b"original"))).one()
    erasures.erase(session, world.store, first.subject_id)
    world.settle()
    assert world.left()[Place.ORIGINALS] == 1
    assert Place.VERSIONS in world.left()


def test_a_phone_that_has_not_read_so_far_is_waited_for(session: Session, world: World) -> None:
    world.withdraw()
    world.tell_phone()
    session.execute(update(Device).values(read_up_to=Device.read_up_to - 1))
    world.settle()
    assert Place.PHONES in world.left()


def test_a_phone_of_somebody_who_is_told_no_more_is_waited_for(session: Session, world: World) -> None:
    world.withdraw()
    world.tell_phone()
    session.execute(update(makers.Membership).values(role=Role.BOARD_MEMBER.value))
    world.settle()
    assert Place.PHONES in world.left()


def test_backups_go_on_the_day_that_the_setting_says(session: Session, world: World) -> None:
    world.withdraw()
    world.settle(kept=timedelta(days=90))
    [step] = [one for one in withdrawal_steps.list_steps(session, world.story_id) if one.place is Place.BACKUPS]
    assert step.due_at == step.asked_at + timedelta(days=90)
    world.settle(step.asked_at + timedelta(days=89), timedelta(days=90))
    assert Place.BACKUPS in world.left()


def test_pieces_on_a_staging_place_are_waited_for_until_it_was_looked_through(session: Session, world: World,
                                                                              tmp_path: Path) -> None:
    """fault 27"""
    here = Staging(tmp_path / "uploads")
    upload = makers.add_upload(session, world.story)
    upload.staged_on = here.place
    session.flush()
    here.append(upload.id, 0, [b"half"], most=10)
    upload_id = upload.id
    with here.held(upload_id):
        world.withdraw()
        staged_files.expire(session, here, datetime.now(UTC))
        assert Place.STAGED in world.left(), "somebody still writes to it"
    staged_files.expire(session, here, datetime.now(UTC))
    assert Place.STAGED not in world.left()
    assert here.names() == set()
    assert session.scalars(select(Upload)).all() == []


def test_what_slipped_in_later_has_to_go_again_with_its_backups(session: Session, world: World) -> None:
    """fault 28"""
    world.withdraw()
    for finish in (world.erase_bytes, world.finish_scrub, world.tell_phone, world.settle):
        finish()
    before = datetime.now(UTC)
    late = makers.make_story(session, world.project, world.researcher)
    session.execute(update(Story).where(Story.id == late.id).values(id=world.story_id))
    session.commit()
    assert withdrawals.apply_again(session) == 1
    assert {Place.DATABASE_PAGES, Place.BACKUPS} <= set(world.left())
    steps = withdrawal_steps.list_steps(session, world.story_id)
    assert all(step.asked_at >= before for step in steps if step.place is Place.BACKUPS)


def test_a_withdrawal_that_is_told_twice_begins_nothing_anew(session: Session, world: World) -> None:
    world.withdraw()
    before = withdrawal_steps.list_steps(session, world.story_id)
    world.withdraw()
    session.expire_all()
    assert withdrawal_steps.list_steps(session, world.story_id) == before


def test_a_part_that_is_withdrawn_has_a_checklist_of_its_own(session: Session, world: World) -> None:
    at = datetime.now(UTC)
    session.add(PartialWithdrawal(story_id=world.story_id, scope=Scope.WORDS_ONLY.value, project_id=world.project_id,
                                  at=at))
    session.flush()
    withdrawal_steps.begin(session, world.story_id, world.project_id, Scope.WORDS_ONLY,
                           {Place.ORIGINALS: [digest(b"original")]}, at)
    world.settle()
    assert set(world.left()) == {Place.DATABASE_PAGES, Place.PHONES, Place.BACKUPS}
    world.finish_scrub()
    world.settle()
    assert session.get(Story, world.story_id) is not None
    later = at + timedelta(hours=world.project.keep_hours + 1)
    world.settle(later)
    assert Place.PHONES in world.left(), "it was not heard of since"
    session.execute(update(Device).values(last_seen_at=later))
    world.settle(later)
    assert Place.PHONES not in world.left()


def test_a_receipt_waits_for_everything_but_backups_and_phones_that_never_come(session: Session, world: World) -> None:
    publication.take_away(session, makers.viewer_of(session, makers.make_person(
        session, world.project, Role.ANALYST)), world.project_id)
    world.withdraw()
    for finish in (world.erase_bytes, world.finish_scrub):
        with pytest.raises(NotFound):
            _receipt(session, world)
        finish()
        world.settle()
    with pytest.raises(NotFound):
        _receipt(session, world)
    session.execute(update(Device).values(revoked_at=makers.NOON))
    found = _receipt(session, world)
    assert found.sha256 == hashlib.sha256(found.to_bytes()).hexdigest()
    assert found.files_taken_away == 1
    assert b"Northgate" not in found.to_bytes()
    assert world.story_id.encode() in found.to_bytes()


def test_operators_see_how_many_steps_take_too_long_and_of_which_story_they_do_not(session: Session,
                                                                                     world: World) -> None:
    world.withdraw()
    now = datetime.now(UTC)
    assert withdrawal_steps.count_late(session, now) == {}
    assert withdrawal_steps.count_late(session, now + timedelta(hours=2)) == {
        Place.ORIGINALS: 2, Place.DERIVATIVES: 2, Place.EVIDENCE: 1, Place.VERSIONS: 1, Place.DATABASE_PAGES: 1}
    assert withdrawal_steps.count_late(session, now + timedelta(days=99))[Place.PHONES] == 1


def test_another_project_has_no_checklist_of_it(session: Session, world: World) -> None:
    """fault 44"""
    world.withdraw()
    elsewhere = makers.make_project(session, "Elsewhere")
    asks = makers.viewer_of(session, makers.make_person(session, elsewhere, Role.ADMINISTRATOR))
    for project_id in (world.project_id, elsewhere.id):
        with pytest.raises(NotFound):
            withdrawal_steps.get_checklist(session, asks, project_id, world.story_id)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _receipt(session: Session, world: World) -> withdrawal_steps.Receipt:
    now = datetime.now(UTC)
    return withdrawal_steps.get_receipt(session, world.viewer, world.project_id, world.story_id, now)
