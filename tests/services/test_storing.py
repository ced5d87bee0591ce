"""From the staging folder into the store, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.sent import SentPart
from server.domain.sync import Standing
from server.models.consent import Erasure
from server.models.project import Project
from server.models.story import Recording
from server.models.upload import StagingPlace, Upload
from server.models.work import Job
from server.parts import parts
from server.services import arrivals, erasures, receipts, staged_files, staging_places, uploads, withdrawals, work
from server.storage.staging import Staging
from tests.api.phone import sound
from tests.makers import make_person, make_story, record_consent, viewer_of
from tests.services import sending
from tests.services.arriving import CLOCK, LATER, arrive, keep
from tests.storing import store_what_waits


def test_a_whole_file_becomes_a_recording_and_its_work_begins_when_it_is_stored(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging
) -> None:
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    row = session.get_one(Recording, sent.id)
    assert (row.sha256, row.size, row.container, row.stored_at) == (sent.sha256, sent.length, "matroska", None)
    assert session.execute(select(Job.kind, Job.place)).all() == [("store", staging.place)]
    assert receipts.find(session, viewer, sent.id).standing == Standing.BEING_STORED
    assert store_what_waits(app) == 1
    assert session.get_one(Recording, sent.id, populate_existing=True).stored_at is not None
    assert set(session.scalars(select(Job.kind))) == {"store", "playback", "transcribe"}
    assert uploads.find(session, viewer, sent.id, staging).is_stored
    assert receipts.find(session, viewer, sent.id).standing == Standing.KEPT
    assert sent.sha256 in parts().store
    assert staging.names() == set()
    assert session.query(Erasure).count() == 0


def test_consent_that_ended_before_a_file_was_stored_leaves_nothing_of_it(
    app: Flask, session: Session, project: Project, viewer: Viewer, sent: SentPart, staging: Staging
) -> None:
    """fault 27"""
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    record_consent(session, project, make_person(session, project), sent.story_id, {Use.BOARD})
    assert store_what_waits(app) == 1
    assert sent.sha256 not in parts().store
    assert session.query(Recording).count() == session.query(Upload).count() == 0
    assert staging.names() == set()


def test_a_withdrawal_while_a_file_is_copied_erases_the_copy(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fault 27"""
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    store = parts().store
    adopt = store.adopt

    def copied_while_it_ends(path: Path, sha256: str) -> None:
        withdrawals.withdraw(session, viewer, sent.story_id)
        session.commit()
        erasures.erase(session, store, sha256)  # the work of erasing is quicker than the copy
        session.commit()
        adopt(path, sha256)

    administrator = make_person(session, session.query(Project).one(), Role.ADMINISTRATOR)
    viewer = viewer_of(session, administrator)
    session.commit()
    monkeypatch.setattr(type(store), "adopt", lambda _, path, sha256: copied_while_it_ends(path, sha256))
    store_what_waits(app)
    assert sent.sha256 in store
    assert session.query(Recording).count() == session.query(Upload).count() == 0
    assert session.get(Erasure, sent.sha256) is not None
    assert ("erase", sent.sha256) in session.execute(select(Job.kind, Job.subject_id)).all()


def test_a_copy_that_was_overtaken_by_a_withdrawal_and_whose_worker_was_killed_is_erased_too(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """faults 17, 27, 29"""
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    administrator = viewer_of(session, make_person(session, session.query(Project).one(), Role.ADMINISTRATOR))
    store = parts().store
    adopt = store.adopt

    def copied_and_killed(path: Path, sha256: str) -> None:
        withdrawals.withdraw(session, administrator, sent.story_id)
        session.commit()
        erasures.erase(session, store, sha256)
        session.execute(delete(Job).where(Job.kind == "erase"))
        session.commit()
        adopt(path, sha256)
        raise KilledError

    monkeypatch.setattr(type(store), "adopt", lambda _, path, sha256: copied_and_killed(path, sha256))
    with pytest.raises(KilledError):
        store_what_waits(app)
    session.rollback()
    assert sent.sha256 in store
    erasures.ask_again(session)
    assert session.query(Job).filter_by(kind="erase").count() == 0  # it could still come
    session.execute(update(Erasure).values(asked_at=datetime.now(UTC) - timedelta(seconds=1)))
    erasures.ask_again(session)
    assert session.query(Job).filter_by(kind="erase").one().subject_id == sent.sha256


@pytest.mark.parametrize("spoilt", [b"", b"other bytes"])
def test_a_staged_file_that_was_spoilt_is_asked_for_again(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging, spoilt: bytes
) -> None:
    """fault 30"""
    arriving = arrive(session, viewer, sent, staging, sound())
    keep(session, viewer, arriving, staging)
    staging.path(arriving.staged_as).write_bytes(spoilt)
    if not spoilt:
        staging.discard(arriving.staged_as)
    store_what_waits(app)
    assert sent.sha256 not in parts().store
    with pytest.raises(NotFound):
        receipts.find(session, viewer, sent.id)
    again, is_new = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert (again.offset, is_new) == (0, True)


def test_an_upload_given_up_before_it_is_stored_takes_its_part_along(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging
) -> None:
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    arrivals.drop(session, uploads.find(session, viewer, sent.id, staging))
    session.commit()
    assert store_what_waits(app) == 0
    assert session.query(Recording).count() == session.query(Job).count() == session.query(Upload).count() == 0


def test_a_part_that_waits_to_be_stored_is_never_given_up(session: Session, viewer: Viewer, sent: SentPart,
                                                          staging: Staging) -> None:
    arriving = arrive(session, viewer, sent, staging, sound())
    keep(session, viewer, arriving, staging)
    assert staged_files.expire(session, staging, LATER) == 0
    assert staging.names() == {arriving.staged_as}


def test_giving_up_a_finished_upload_erases_nothing(app: Flask, session: Session, viewer: Viewer, sent: SentPart,
                                                    staging: Staging) -> None:
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    store_what_waits(app)
    assert staged_files.expire(session, staging, LATER) == 1
    assert session.query(Erasure).count() == 0
    again, is_new = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert (again.is_stored, again.offset, is_new) == (True, sent.length, False)


def test_a_whole_file_on_another_machine_is_whole_until_that_machine_falls_silent(
    app: Flask, session: Session, viewer: Viewer, sent: SentPart, staging: Staging, elsewhere: Staging
) -> None:
    keep(session, viewer, arrive(session, viewer, sent, elsewhere, sound()), elsewhere)
    again, is_new = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert (again.offset, again.is_whole, is_new) == (sent.length, True, False)
    long_ago = datetime.now(UTC) - staging_places.SILENT_AFTER - timedelta(seconds=1)
    session.execute(update(StagingPlace).where(StagingPlace.id == elsewhere.place).values(seen_at=long_ago))
    again, _ = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert (again.offset, again.is_whole) == (0, False)
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    assert session.execute(select(Job.kind, Job.place)).all() == [("store", staging.place)]
    assert store_what_waits(app) == 1
    assert receipts.find(session, viewer, sent.id).standing == Standing.KEPT
    assert session.query(Recording).count() == 1


def test_only_the_machine_that_has_a_file_stores_it(session: Session, viewer: Viewer, sent: SentPart,
                                                    staging: Staging, elsewhere: Staging) -> None:
    keep(session, viewer, arrive(session, viewer, sent, elsewhere, sound()), elsewhere)
    job_id = session.scalars(select(Job.id)).one()
    assert work.list_waiting(session, staging.place) == []
    assert work.claim(session, job_id, "worker", datetime.now(UTC), staging.place) is None
    assert len(work.list_waiting(session, elsewhere.place)) == 1
    assert work.claim(session, job_id, "worker", datetime.now(UTC), elsewhere.place) is not None


def test_what_is_still_held_although_its_story_is_there_is_let_in(
    session: Session, project: Project, viewer: Viewer, staging: Staging
) -> None:
    """fault 24"""
    sent = sending.part(new_id(), sound())
    keep(session, viewer, arrive(session, viewer, sent, staging, sound()), staging)
    assert receipts.find(session, viewer, sent.id).standing == Standing.HELD
    assert arrivals.list_left(session) == []
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER))
    session.execute(update(Upload).values(story_id=story.id))
    assert arrivals.list_left(session) == [story.id]
    arrivals.admit(session, story.id)
    assert receipts.find(session, viewer, sent.id).standing == Standing.BEING_STORED
    assert arrivals.list_left(session) == []


class KilledError(BaseException):
    """Stands for a worker that is gone: nothing catches it and nothing is tidied up."""
