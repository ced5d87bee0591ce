"""What a receipt code tells, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.errors import TooManyAttempts
from server.domain.sync import receipt_code_hash
from server.models.consent import Withdrawal
from server.services import receipt_codes
from server.services.receipt_codes import StoryEnded, StoryKept
from tests.makers import NOON, make_person, make_project, make_story

CODE = "7F3K9M2QXW4TB8ZH5CJ1VDN0RP"


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), "7F3K-9M2Q-XW4T-B8ZH-5CJI-VDNO-RP", f" {CODE} "])
def test_a_code_finds_its_story_however_it_is_typed(session: Session, typed: str) -> None:
    project = make_project(session)
    story = make_story(session, project, make_person(session), uses={Use.RECORD, Use.BOARD})
    story.receipt_code_hash = receipt_code_hash(CODE)
    session.flush()
    found = receipt_codes.look_up(session, typed, "10.0.0.1")
    assert isinstance(found, StoryKept)
    assert found.received_at == NOON
    assert {use for use, yes in found.agreed.items() if yes} == {Use.RECORD, Use.BOARD}
    assert list(found.agreed) == list(Use)


def test_the_code_of_a_withdrawn_story_says_when_it_ended(session: Session) -> None:
    project = make_project(session)
    session.add(Withdrawal(story_id="gone", project_id=project.id, recorded_by=make_person(session).id, reason="",
                           receipt_code_hash=receipt_code_hash(CODE), at=datetime(2026, 6, 1, tzinfo=UTC)))
    session.flush()
    assert receipt_codes.look_up(session, CODE, "10.0.0.1") == StoryEnded(
        "gone", project.id, project.name, datetime(2026, 6, 1, tzinfo=UTC), is_shared=False, had_come=True)


def test_thirty_wrong_codes_stop_an_address_and_no_other(session: Session) -> None:
    for _ in range(receipt_codes.WRONG_CODES_ALLOWED):
        assert receipt_codes.look_up(session, "ZZZZ", "10.0.0.1") is None
        receipt_codes.record_wrong_code(session, "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        receipt_codes.look_up(session, CODE, "10.0.0.1")
    assert receipt_codes.look_up(session, CODE, "10.0.0.2") is None
