"""Withdrawals that phones send, of stories in every state, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server import writing_down
from server.domain.access import Role, Viewer
from server.domain.errors import NotFound, SameIdOtherContent, Withdrawn
from server.domain.ids import new_id
from server.domain.sent import PartKind
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, Cursor, PhoneClock
from server.models.consent import ConsentRecord, PhoneWithdrawal, Tombstone, Withdrawal
from server.models.held import HeldArrival
from server.models.project import Project
from server.models.story import Story
from server.models.upload import Upload
from server.services import feed, people, pushes, receipts, uploads, withdrawals
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import picture
from tests.services import arriving, sending
from tests.services.together import together

CLOCK = PhoneClock()


def withdrawal(project_id: str, story_id: str, **changes: object) -> SentWithdrawal:
    return SentWithdrawal(**{"id": new_id(), "project_id": project_id, "story_id": story_id, "reason": " They rang. ",
                             "withdrawn_at": makers.NOON} | changes)


def push(session: Session, viewer: Viewer, sent: SentWithdrawal, content: bytes = b"{}") -> tuple[object, bool]:
    return pushes.push_withdrawal(session, viewer, sent, Body.of(content), CLOCK)


@pytest.fixture
def stranger(session: Session, project: Project) -> Viewer:
    """Somebody who collects for the same project."""
    return makers.viewer_of(session, makers.make_person(session, project, Role.RESEARCHER, name="Lou"))


def test_it_ends_a_story_and_its_receipt_carries_the_hash_of_what_was_sent(
        session: Session, project: Project, viewer: Viewer) -> None:
    story = makers.make_story(session, project, session.get(makers.Person, viewer.person_id))
    makers.add_quote(session, story)
    sent, story_id = withdrawal(project.id, story.id), story.id
    receipt, is_new = push(session, viewer, sent, b'{"a":1}')
    session.commit()
    assert is_new
    assert (receipt.id, receipt.kind, receipt.sha256) == (sent.id, "withdrawal", Body.of(b'{"a":1}').sha256)
    assert session.get(Story, story_id) is None
    ended = session.get_one(Withdrawal, story_id)
    assert (ended.reason, ended.recorded_by, ended.at) == ("They rang.", viewer.person_id, makers.NOON)
    assert receipts.find(session, viewer, sent.id) == receipt


def test_other_phones_are_told_and_the_one_that_sent_it_gets_its_receipt_there_too(
        app: Flask, session: Session, project: Project, viewer: Viewer, stranger: Viewer) -> None:
    story_id = new_id()
    sent = withdrawal(project.id, story_id)
    push(session, viewer, sent)
    writing_down.write(session, app.extensions["earshot"].store, story_id)
    session.commit()
    told = {who: {(change.kind, change.id) for change in feed.read(session, person, Cursor(0, 500)).changes}
            for who, person in (("sender", viewer), ("other", stranger))}
    assert ("tombstone", story_id) in told["sender"] & told["other"]
    assert ("receipt", sent.id) in told["sender"] - told["other"]


def test_of_a_story_that_never_came_nothing_is_taken_afterwards(
        session: Session, project: Project, viewer: Viewer, stranger: Viewer, staging: Staging) -> None:
    """fault 26: the server knows of it by its id alone."""
    story_id, wording = new_id(), makers.wording_of(session, project)
    push(session, viewer, withdrawal(project.id, story_id))
    session.commit()
    picture_sent = sending.part(story_id, picture(), PartKind.PHOTO)
    for person in (viewer, stranger):
        for late in (
            lambda who: pushes.push_consent(session, who, sending.consent(project.id, wording.id, story_id),
                                            sending.BODY, CLOCK),
            lambda who: pushes.push_story(session, who, sending.story(project.id, story_id), sending.BODY, CLOCK),
            lambda who: pushes.push_quote(session, who, sending.quote(story_id), sending.BODY, CLOCK),
            lambda who: uploads.begin(session, who, picture_sent, CLOCK, staging),
        ):
            with pytest.raises(Withdrawn):
                late(person)
    assert [session.query(owner).count() for owner in (ConsentRecord, Story, HeldArrival, Upload)] == [0, 0, 0, 0]
    assert session.get(Tombstone, story_id) is not None


def test_it_may_come_between_the_consent_and_the_rest(session: Session, project: Project, viewer: Viewer) -> None:
    story_id, wording = new_id(), makers.wording_of(session, project)
    pushes.push_consent(session, viewer, sending.consent(project.id, wording.id, story_id), sending.BODY, CLOCK)
    push(session, viewer, withdrawal(project.id, story_id))
    with pytest.raises(Withdrawn):
        pushes.push_story(session, viewer, sending.story(project.id, story_id), sending.BODY, CLOCK)


def test_what_waits_for_a_story_goes_and_is_refused_for_ever(
        session: Session, project: Project, viewer: Viewer, staging: Staging) -> None:
    """fault 24, fault 27: a story and a quote without consent, a file that is whole and one that is half here."""
    story_id, content = new_id(), picture()
    quote = sending.quote(story_id)
    pushes.push_quote(session, viewer, quote, sending.BODY, CLOCK)
    pushes.push_story(session, viewer, sending.story(project.id, story_id), sending.BODY, CLOCK)
    whole, half = (sending.part(story_id, content, PartKind.PHOTO) for _ in range(2))
    arriving.keep(session, viewer, arriving.arrive(session, viewer, whole, staging, content), staging)
    arriving.arrive(session, viewer, half, staging, content[:100])
    push(session, viewer, withdrawal(project.id, story_id))
    session.commit()
    assert [session.query(owner).count() for owner in (HeldArrival, Upload)] == [0, 0]
    for part_id in (story_id, quote.id, whole.id, half.id):
        with pytest.raises(Withdrawn):
            receipts.find(session, viewer, part_id)


def test_twice_it_is_one_end_with_the_first_receipt(session: Session, project: Project, viewer: Viewer,
                                                    stranger: Viewer) -> None:
    """fault 23"""
    sent = withdrawal(project.id, new_id())
    first, _ = push(session, viewer, sent)
    assert push(session, viewer, sent) == (first, False)
    assert push(session, stranger, sent) == (first, False), "phones are passed on"
    with pytest.raises(SameIdOtherContent):
        push(session, viewer, sent, b'{"reason": "another"}')
    again = withdrawal(project.id, sent.story_id, reason="Somebody else was told as well.")
    assert push(session, stranger, again)[1] is True
    assert (session.query(Withdrawal).one().reason, session.query(PhoneWithdrawal).count()) == ("They rang.", 2)


def test_twenty_times_at_once_it_is_one(app: Flask, session: Session, project: Project, viewer: Viewer) -> None:
    """fault 22"""
    sent = withdrawal(project.id, new_id())
    answers = together(app, [lambda own: push(own, viewer, sent)] * 12)
    assert sorted(is_new for _, is_new in answers) == [False] * 11 + [True]
    assert len({receipt for receipt, _ in answers}) == 1


def test_a_story_that_was_withdrawn_here_can_be_withdrawn_by_a_phone_too(session: Session, project: Project,
                                                                         viewer: Viewer) -> None:
    story_id = makers.make_story(session, project, session.get(makers.Person, viewer.person_id)).id
    withdrawals.withdraw(session, viewer, story_id, "On the page")
    assert push(session, viewer, withdrawal(project.id, story_id))[1] is True
    assert session.get_one(Withdrawal, story_id).reason == "On the page"


def test_nobody_withdraws_what_is_not_theirs(session: Session, project: Project, viewer: Viewer, stranger: Viewer,
                                             staging: Staging) -> None:
    """fault 44: another researcher's, another project's, and what waits here for a story of somebody else."""
    other = makers.make_project(session, "Another")
    elsewhere = makers.viewer_of(session, makers.make_person(session, other, Role.RESEARCHER))
    board = makers.viewer_of(session, makers.make_person(session, project, Role.BOARD_MEMBER))
    told = makers.make_story(session, project, session.get(makers.Person, viewer.person_id)).id
    held, announced, unseen = new_id(), new_id(), new_id()
    pushes.push_quote(session, viewer, sending.quote(held), sending.BODY, CLOCK)
    uploads.begin(session, viewer, sending.part(announced, b"photo", PartKind.PHOTO), CLOCK, staging)
    sent = withdrawal(project.id, unseen)
    push(session, viewer, sent)
    session.commit()
    for person, project_id, story_id in (
        (stranger, project.id, told), (stranger, project.id, held), (stranger, project.id, announced),
        (elsewhere, other.id, told), (elsewhere, project.id, new_id()), (elsewhere, other.id, unseen),
        (board, project.id, new_id()), (viewer, other.id, told), (viewer, new_id(), new_id()),
    ):
        with pytest.raises(NotFound):
            push(session, person, withdrawal(project_id, story_id))
        session.rollback()
    with pytest.raises(NotFound):
        push(session, elsewhere, withdrawal(other.id, new_id(), id=sent.id))
    assert session.get(Story, told) is not None


def test_a_story_is_withdrawn_from_the_project_it_is_of(session: Session, project: Project, viewer: Viewer) -> None:
    """fault 44: somebody who collects for two may not end it in the name of the other, before or after."""
    other = makers.make_project(session, "Another")
    people.add_role(session, viewer.person_id, other.id, Role.RESEARCHER)
    both = makers.viewer_of(session, session.get_one(makers.Person, viewer.person_id))
    told, ended = (makers.make_story(session, project, session.get_one(makers.Person, viewer.person_id)).id
                   for _ in range(2))
    push(session, both, withdrawal(project.id, ended))
    session.commit()
    for story_id in (told, ended):
        with pytest.raises(NotFound):
            push(session, both, withdrawal(other.id, story_id))
        session.rollback()
    assert [row.project_id for row in session.query(Withdrawal)] == [project.id]


def test_an_administrator_withdraws_anything_of_their_project(session: Session, project: Project,
                                                              viewer: Viewer) -> None:
    told = makers.make_story(session, project, session.get(makers.Person, viewer.person_id)).id
    administrator = makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))
    assert push(session, administrator, withdrawal(project.id, told))[1] is True


def test_a_clock_that_is_ahead_ends_nothing_in_the_future(session: Session, project: Project, viewer: Viewer) -> None:
    """fault 31: both times are kept."""
    ahead = datetime.now(UTC) + timedelta(days=400)
    sent = withdrawal(project.id, new_id(), withdrawn_at=ahead)
    push(session, viewer, sent)
    assert session.query(Withdrawal).one().at <= datetime.now(UTC)
    assert session.get_one(PhoneWithdrawal, sent.id).withdrawn_at_phone == ahead


def test_it_is_written_down_for_a_restored_database(app: Flask, session: Session, project: Project,
                                                    viewer: Viewer) -> None:
    """fault 28: also where there never was a story."""
    store, story_id = app.extensions["earshot"].store, new_id()
    push(session, viewer, withdrawal(project.id, story_id))
    session.commit()
    assert writing_down.write_missing(session, store) == 1
    session.commit()
    assert list(store.list_notes()) == [story_id]
