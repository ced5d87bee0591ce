"""Quotes as they arrive, on both databases."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.errors import NotFound, SameIdOtherContent, UseRefused
from server.domain.sync import Body, PhoneClock
from server.models.story import Quote
from server.services import quotes
from tests.makers import make_person, make_project, make_story, viewer_of
from tests.services import sending
from tests.services.together import together

CLOCK = PhoneClock()


def test_the_same_quote_at_once_is_one_row_and_one_answer(app: Flask, session: Session) -> None:
    """fault 22"""
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer, sent = viewer_of(session, person), sending.quote(make_story(session, project, person).id)
    session.commit()
    answers = together(app, [lambda own: quotes.receive(own, viewer, sent, sending.BODY, CLOCK)] * 10)
    assert sorted(is_new for _, is_new in answers) == [False] * 9 + [True]
    assert len({receipt for receipt, _ in answers}) == 1
    assert session.query(Quote).count() == 1


@pytest.mark.parametrize("audience", [Use.COMMISSIONERS, Use.BOARD, Use.PUBLICATION])
def test_a_quote_is_kept_when_anybody_at_all_may_read_it(session: Session, audience: Use) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer = viewer_of(session, person)
    sent = sending.quote(make_story(session, project, person, uses={audience}).id)
    receipt, is_new = quotes.receive(session, viewer, sent, Body.of(b"12"), CLOCK)
    assert (receipt.kind, receipt.size, is_new) == ("quote", 2, True)
    with pytest.raises(SameIdOtherContent):
        quotes.receive(session, viewer, sent, Body.of(b"123"), CLOCK)


def test_a_quote_for_nobody_or_by_an_outsider_is_refused(session: Session) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer = viewer_of(session, person)
    outsider = viewer_of(session, make_person(session, make_project(session, "Another"), Role.RESEARCHER))
    private = make_story(session, project, person, uses={Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS})
    for who, story_id, refusal in ((viewer, private.id, UseRefused), (outsider, private.id, NotFound)):
        with pytest.raises(refusal):
            quotes.receive(session, who, sending.quote(story_id), sending.BODY, CLOCK)
    assert session.query(Quote).count() == 0
