"""Whose receipt a code is, and that it opens nothing by itself, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Scope, Use
from server.domain.errors import TooManyAttempts
from server.domain.sync import receipt_code_hash
from server.models.consent import ReceiptVisit, Withdrawal
from server.models.people import SignInAttempt
from server.models.story import Story
from server.services import own_stories, receipt_codes, receipt_visits
from server.services.receipt_codes import Holder, StoryEnded
from tests.makers import NOON, add_participant, digest, make_person, make_project, make_story

CODE = "7F3K9M2QXW4TB8ZH5CJ1VDN0RP"
HASHED = receipt_code_hash(CODE)


@pytest.fixture
def story(session: Session) -> Story:
    project = make_project(session)
    story = make_story(session, project, make_person(session), uses={Use.RECORD, Use.BOARD})
    story.receipt_code_hash = HASHED
    session.flush()
    return story


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), "7F3K-9M2Q-XW4T-B8ZH-5CJI-VDNO-RP", f" {CODE} "])
def test_a_code_finds_its_story_however_it_is_typed(session: Session, story: Story, typed: str) -> None:
    found = receipt_codes.look_up(session, typed, "10.0.0.1")
    assert isinstance(found, Holder)
    own = own_stories.get(session, found, NOON)
    assert own.received_at == NOON
    assert [one.use for one in own.uses if one.is_done] == [Use.RECORD, Use.BOARD]
    assert [one.use for one in own.uses] == list(Use)


def test_of_a_group_each_code_is_one_persons_and_the_name_is_theirs(session: Session, story: Story) -> None:
    rose, ali = (add_participant(session, story, name) for name in ("Rose", "Ali"))
    for person, others in ((rose, "Ali"), (ali, "Rose")):
        person.receipt_code_hash = receipt_code_hash(f"CODE {person.pseudonym}")
        session.flush()
        found = receipt_codes.look_up(session, f"CODE {person.pseudonym}", "10.0.0.1")
        assert found.participant_id == person.id
        assert found.is_called(person.pseudonym.upper())
        assert not found.is_called(others)
        assert not found.is_called(story.pseudonym)


def test_where_names_have_gone_the_name_still_opens_it_and_is_not_kept(session: Session, story: Story) -> None:
    receipt_codes.keep_names(session, story.id)
    before = story.name_hash
    story.pseudonym = "Somebody"
    receipt_codes.keep_names(session, story.id)
    assert story.name_hash == before
    found = receipt_codes.look_up(session, CODE, "10.0.0.1")
    assert found.is_called(" ámal")
    assert not found.is_called("Somebody")
    assert not found.is_called("")
    assert "amal" not in before


def test_the_code_of_a_withdrawn_story_says_when_it_ended(session: Session) -> None:
    project = make_project(session)
    session.add(Withdrawal(story_id="gone", project_id=project.id, recorded_by=make_person(session).id, reason="",
                           receipt_code_hash=HASHED, at=datetime(2026, 6, 1, tzinfo=UTC)))
    session.flush()
    assert receipt_codes.look_up(session, CODE, "10.0.0.1") == StoryEnded(
        HASHED, "gone", project.id, datetime(2026, 6, 1, tzinfo=UTC), had_come=True, on_time=False, scope=Scope.ERASE)


def test_thirty_wrong_codes_stop_an_address_and_no_other(session: Session) -> None:
    for _ in range(receipt_visits.WRONG_FROM_A_NETWORK):
        assert receipt_codes.look_up(session, "ZZZZ", "10.0.0.1") is None
        receipt_codes.record_wrong_code(session, "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        receipt_codes.look_up(session, CODE, "10.0.0.1")
    assert receipt_codes.look_up(session, CODE, "10.0.0.2") is None


def test_ten_names_are_taken_for_a_code_in_an_hour_from_wherever_they_come(session: Session) -> None:
    """fault 47"""
    for number in range(receipt_visits.NAMES_ALLOWED):
        receipt_visits.take_try(session, HASHED, f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        receipt_visits.take_try(session, HASHED, "10.1.1.1")
    assert 3590 <= refused.value.wait_seconds <= 3600
    receipt_visits.take_try(session, digest("another"), "10.1.1.1")


def test_a_try_that_was_right_is_given_back_and_opens_one_receipt_for_half_an_hour(session: Session) -> None:
    taken = receipt_visits.take_try(session, HASHED, "10.0.0.1")
    token = receipt_visits.begin(session, HASHED, taken, NOON)
    assert session.query(SignInAttempt).count() == 0
    soon, later = NOON + timedelta(minutes=29), NOON + timedelta(minutes=30)
    assert receipt_visits.is_open(session, token, HASHED, soon)
    assert not receipt_visits.is_open(session, token, HASHED, later)
    assert not receipt_visits.is_open(session, token, digest("another"), soon)
    assert not receipt_visits.is_open(session, token[:-1], HASHED, soon)


def test_a_visit_that_is_over_is_forgotten_and_one_that_is_closed_too(session: Session) -> None:
    tokens = [receipt_visits.begin(session, HASHED, receipt_visits.take_try(session, HASHED, "10.0.0.1"), at)
              for at in (NOON, NOON + timedelta(minutes=1), NOON + timedelta(minutes=2))]
    receipt_visits.forget_old(session, NOON + timedelta(minutes=30))
    assert session.query(ReceiptVisit).count() == 2
    receipt_visits.close(session, tokens[1])
    assert receipt_visits.is_open(session, tokens[2], HASHED, NOON + timedelta(minutes=5))
    assert session.query(ReceiptVisit).count() == 1
