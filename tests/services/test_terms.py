"""How long a yes lasts, from the wording that was read to what anybody may have, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import FOREVER, Use
from server.domain.ids import new_id
from server.domain.sent import read_consent
from server.domain.sync import Body, PhoneClock
from server.models.consent import Clearance, ConsentRecord
from server.services import consents
from tests.makers import viewer_of, wording_of

GIVEN = datetime(2026, 1, 31, 12, tzinfo=UTC)


def agree(session: Session, world: SimpleNamespace, given_at: datetime, *, story_id: str | None = None,
          uses: frozenset[Use] = frozenset({Use.BOARD, Use.RECORD})) -> tuple[str, dict[str, datetime]]:
    """A phone sends a consent; the story, and until when each yes of its newest record holds."""
    content = {"id": new_id(), "project_id": world.project.id, "story_id": story_id or new_id(),
               "given_at": given_at.isoformat(), "wording_id": wording_of(session, world.project).id, "how": "spoken",
               "answers": {use.value: use in uses for use in Use}, "for_whom": "self"}
    body = Body.of(json.dumps(content).encode())
    sent = read_consent(content, content["id"])
    consents.record(session, viewer_of(session, world.researcher), sent, body, PhoneClock())
    row = session.query(ConsentRecord).filter_by(id=sent.id).one()
    return sent.story_id, {use: datetime.fromisoformat(end) for use, end in row.until.items()}


def ends(session: Session, story_id: str) -> set[datetime]:
    return {row.until for row in session.query(Clearance).filter_by(story_id=story_id)}


def test_a_yes_ends_so_many_months_after_it_was_given_and_a_no_has_no_end(session: Session,
                                                                          world: SimpleNamespace) -> None:
    wording_of(session, world.project).months = 25
    story_id, until = agree(session, world, GIVEN)
    assert until == dict.fromkeys(["board", "record"], datetime(2028, 2, 29, 12, tzinfo=UTC))
    assert ends(session, story_id) == {datetime(2028, 2, 29, 12, tzinfo=UTC)}


def test_a_yes_to_a_wording_without_an_end_is_for_good(session: Session, world: SimpleNamespace) -> None:
    story_id, until = agree(session, world, GIVEN)
    assert (until, ends(session, story_id)) == ({}, {FOREVER})


def test_a_clock_that_is_ahead_makes_no_yes_longer(session: Session, world: SimpleNamespace) -> None:
    """fault 31"""
    wording_of(session, world.project).months = 12
    _, until = agree(session, world, datetime.now(UTC) + timedelta(days=4000))
    assert max(until.values()) < datetime.now(UTC) + timedelta(days=367)


def test_what_was_agreed_to_for_a_time_that_is_over_is_cleared_for_nobody(session: Session,
                                                                          world: SimpleNamespace) -> None:
    wording_of(session, world.project).months = 1
    story_id, _ = agree(session, world, datetime.now(UTC) - timedelta(days=32))
    assert consents.agreed_uses(session, story_id) == frozenset()


@pytest.mark.parametrize("months", [None, 120])
def test_a_later_wording_changes_nothing_of_what_people_were_told(session: Session, world: SimpleNamespace,
                                                                  months: int | None) -> None:
    before = wording_of(session, world.project)
    before.months = 12
    story_id, until = agree(session, world, GIVEN)
    columns = {name: getattr(before, name) for name in ("project_id", "title", "introduction", "uses", "published_at")}
    session.add(type(before)(id=new_id(), version=before.version + 1, months=months, **columns))
    session.flush()
    consents.decide_again(session, story_id)
    assert ends(session, story_id) == set(until.values()) == {datetime(2027, 1, 31, 12, tzinfo=UTC)}
