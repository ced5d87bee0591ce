"""Stories as they arrive, on both databases."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import Invalid, NotFound, SameIdOtherContent
from server.domain.ids import new_id
from server.domain.sync import Body, PhoneClock
from server.models.story import Conversation, Story
from server.services import stories
from tests.makers import make_person, make_project, record_consent, viewer_of
from tests.services import sending
from tests.services.together import together

CLOCK = PhoneClock()


def test_the_same_story_twenty_times_at_once_is_one_row_and_one_answer(app: Flask, session: Session) -> None:
    """fault 22"""
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer, sent = viewer_of(session, person), sending.story(project.id, new_id())
    record_consent(session, project, person, sent.id)
    session.commit()
    answers = together(app, [lambda own: stories.receive(own, viewer, sent, sending.BODY, CLOCK)] * 20)
    assert sorted(is_new for _, is_new in answers) == [False] * 19 + [True]
    assert len({receipt for receipt, _ in answers}) == 1
    assert session.query(Story).count() == session.query(Conversation).count() == 1


def test_stories_of_one_conversation_may_arrive_at_once(app: Flask, session: Session) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer = viewer_of(session, person)
    first = sending.story(project.id, new_id())
    group = [first, *(replace(sending.story(project.id, new_id()), conversation_id=first.conversation_id)
                      for _ in range(4))]
    for sent in group:
        record_consent(session, project, person, sent.id)
    session.commit()
    answers = together(app, [
        lambda own, sent=sent: stories.receive(own, viewer, sent, sending.BODY, CLOCK) for sent in group])
    assert all(is_new for _, is_new in answers)
    assert session.query(Conversation).count() == 1


def test_a_refused_story_leaves_the_transaction_whole(session: Session) -> None:
    project = make_project(session)
    person = make_person(session, project, Role.RESEARCHER)
    viewer, sent = viewer_of(session, person), sending.story(project.id, new_id())
    record_consent(session, project, person, sent.id)
    stories.receive(session, viewer, sent, sending.BODY, CLOCK)
    with pytest.raises(SameIdOtherContent):
        stories.receive(session, viewer, sent, Body.of(b"other"), CLOCK)
    second = replace(sending.story(project.id, new_id()), receipt_code_hash=sent.receipt_code_hash)
    record_consent(session, project, person, second.id)
    with pytest.raises(Invalid):
        stories.receive(session, viewer, second, sending.BODY, CLOCK)
    session.commit()
    assert [row.id for row in session.query(Story)] == [sent.id]


def test_consent_given_in_another_project_is_no_consent(session: Session) -> None:
    project, other = make_project(session), make_project(session, "Another")
    person = make_person(session, project, Role.RESEARCHER)
    sent = sending.story(project.id, new_id())
    record_consent(session, other, make_person(session, other, Role.RESEARCHER), sent.id)
    with pytest.raises(NotFound):
        stories.receive(session, viewer_of(session, person), sent, sending.BODY, CLOCK)


def test_only_researchers_of_the_project_send_stories(session: Session) -> None:
    project = make_project(session)
    for role in set(Role) - {Role.RESEARCHER}:
        with pytest.raises(NotFound):
            stories.receive(session, viewer_of(session, make_person(session, project, role)),
                            sending.story(project.id, new_id()), sending.BODY, CLOCK)
