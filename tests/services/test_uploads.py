"""Files on their way in, on both databases."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import db
from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound, SameIdOtherContent, UseRefused, Withdrawn, WrongOffset
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentPart
from server.models.project import Project
from server.models.upload import StagingPlace, Upload
from server.services import arrivals, staged_files, staging_places, uploads, withdrawals
from server.storage.staging import Staging
from tests.api.phone import picture, sound
from tests.makers import make_person, record_consent, viewer_of
from tests.services import sending
from tests.services.arriving import CLOCK, LATER, arrive, keep
from tests.services.together import together


def test_many_announcements_at_once_are_one_upload(app: Flask, session: Session, viewer: Viewer, sent: SentPart,
                                                   staging: Staging) -> None:
    """fault 22"""
    answers = together(app, [lambda own: uploads.begin(own, viewer, sent, CLOCK, staging)] * 10)
    assert sorted(is_new for _, is_new in answers) == [False] * 9 + [True]
    assert len({arriving.staged_as for arriving, _ in answers}) == 1
    assert session.query(Upload).count() == 1


def test_an_announcement_waits_for_a_withdrawal_and_is_refused(app: Flask, session: Session, project: Project,
                                                               staging: Staging) -> None:
    """fault 26"""
    researcher, story_id = make_person(session, project, Role.RESEARCHER), new_id()
    record_consent(session, project, researcher, story_id)  # the story itself has not come: it has no row to lock
    viewer, sent = viewer_of(session, researcher), sending.part(story_id, b"sound")
    session.commit()

    def announce() -> None:
        with app.app_context(), pytest.raises(Withdrawn):
            uploads.begin(db.session(), viewer, sent, CLOCK, staging)

    withdrawals.withdraw(session, viewer, story_id)
    with ThreadPoolExecutor(1) as pool:
        announcing = pool.submit(announce)
        wait([announcing], timeout=0.5)
        session.commit()
        announcing.result()
    assert session.query(Upload).count() == 0


def test_the_last_byte_counts_once_the_file_is_checked(session: Session, viewer: Viewer, sent: SentPart,
                                                       staging: Staging) -> None:
    """fault 17"""
    arriving = arrive(session, viewer, sent, staging, sound())
    assert (arriving.offset, arriving.is_whole) == (sent.length - 1, False)
    assert session.scalar(select(Upload.offset)) == sent.length - 1
    keep(session, viewer, arriving, staging)
    arriving = uploads.find(session, viewer, sent.id, staging)
    assert (arriving.offset, arriving.is_whole, arriving.is_stored) == (sent.length, True, False)


def test_a_part_belongs_to_whoever_announced_it_last(session: Session, project: Project, viewer: Viewer,
                                                     sent: SentPart, staging: Staging) -> None:
    colleague = viewer_of(session, make_person(session, project, Role.RESEARCHER))
    uploads.begin(session, viewer, sent, CLOCK, staging)
    with pytest.raises(NotFound):
        uploads.find(session, colleague, sent.id, staging)
    uploads.begin(session, colleague, sent, CLOCK, staging)
    assert uploads.find(session, colleague, sent.id, staging).part_id == sent.id
    with pytest.raises(NotFound):
        uploads.find(session, viewer, sent.id, staging)


def test_somebody_who_no_longer_collects_sends_no_more(session: Session, viewer: Viewer, sent: SentPart,
                                                       staging: Staging) -> None:
    uploads.begin(session, viewer, sent, CLOCK, staging)
    with pytest.raises(NotFound):
        uploads.find(session, replace(viewer, roles={}), sent.id, staging)


def test_another_file_under_the_same_id_is_refused(session: Session, viewer: Viewer, sent: SentPart,
                                                   staging: Staging) -> None:
    """fault 23"""
    uploads.begin(session, viewer, sent, CLOCK, staging)
    other = sending.part(sent.story_id, sound("ogg"), id=sent.id)
    with pytest.raises(SameIdOtherContent):
        uploads.begin(session, viewer, other, CLOCK, staging)


def test_consent_that_ended_before_a_file_was_whole_keeps_it_out(
    session: Session, project: Project, viewer: Viewer, sent: SentPart, staging: Staging
) -> None:
    checked = arrivals.check(arrive(session, viewer, sent, staging, sound()), staging)
    record_consent(session, project, make_person(session, project), sent.story_id, {Use.BOARD, Use.PHOTOS})
    with pytest.raises(UseRefused):
        arrivals.keep(session, viewer, checked, staging)
    photo = sending.part(sent.story_id, picture(), PartKind.PHOTO)
    assert uploads.begin(session, viewer, photo, CLOCK, staging)[1]


def test_what_nobody_went_on_with_is_given_up_after_thirty_days(session: Session, viewer: Viewer, sent: SentPart,
                                                                staging: Staging) -> None:
    arriving = arrive(session, viewer, sent, staging, sound()[:50])
    assert staged_files.expire(session, staging, LATER - timedelta(days=2)) == 0
    assert staging.size(arriving.staged_as) == 50
    assert staged_files.expire(session, staging, LATER) == 1
    assert staging.names() == set()
    with pytest.raises(NotFound):
        uploads.find(session, viewer, sent.id, staging)


def test_staged_files_that_no_upload_knows_are_removed(session: Session, viewer: Viewer, sent: SentPart,
                                                       staging: Staging) -> None:
    known = arrive(session, viewer, sent, staging, sound()[:50])
    staging.append("left-behind", 0, [b"bytes of a withdrawn story"], most=100)
    staged_files.expire(session, staging, datetime.now(UTC))
    assert staging.names() == {known.staged_as}


def test_a_second_machine_begins_anew_what_the_first_has_half_of(session: Session, viewer: Viewer, sent: SentPart,
                                                                 staging: Staging, elsewhere: Staging) -> None:
    old = arrive(session, viewer, sent, staging, sound()[:50])
    assert uploads.find(session, viewer, sent.id, elsewhere).offset == 0
    assert uploads.find(session, viewer, sent.id, staging).offset == 50  # looking takes nothing away
    assert uploads.take_over(session, uploads.find(session, viewer, sent.id, elsewhere), elsewhere)
    assert not uploads.advance(session, old, 60, staging)
    assert uploads.find(session, viewer, sent.id, staging).offset == 0
    session.commit()
    staged_files.expire(session, staging, datetime.now(UTC))
    assert staging.names() == set()


def test_a_machine_that_was_overtaken_while_it_checked_a_file_leaves_it_to_the_other(
    session: Session, viewer: Viewer, sent: SentPart, staging: Staging, elsewhere: Staging
) -> None:
    """faults 18, 21"""
    slow = arrive(session, viewer, sent, staging, sound())
    assert uploads.take_over(session, uploads.find(session, viewer, sent.id, elsewhere), elsewhere)
    with pytest.raises(WrongOffset):
        keep(session, viewer, slow, staging)
    assert session.scalar(select(Upload.staged_on)) == elsewhere.place


def test_of_two_machines_that_take_a_file_over_one_gets_it(session: Session, viewer: Viewer, sent: SentPart,
                                                           staging: Staging, elsewhere: Staging) -> None:
    seen, _ = uploads.begin(session, viewer, sent, CLOCK, staging)
    assert uploads.take_over(session, seen, staging)
    assert not uploads.take_over(session, seen, elsewhere)


def test_a_place_is_heard_of_at_most_once_a_minute_from_those_who_send(session: Session, staging: Staging) -> None:
    now = datetime.now(UTC)
    staging_places.note(session, staging, now)
    staging_places.note(session, staging, now + timedelta(seconds=30), seldom=True)
    session.expire_all()
    assert session.get_one(StagingPlace, staging.place).seen_at == now
    staging_places.note(session, staging, now + timedelta(seconds=61), seldom=True)
    session.expire_all()
    assert session.get_one(StagingPlace, staging.place).seen_at == now + timedelta(seconds=61)
    assert session.get_one(StagingPlace, staging.place).free_bytes > 0
