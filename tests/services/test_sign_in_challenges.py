"""Questions put to a browser while it signs in, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.errors import SignInFailed
from server.models.second_step import SignInChallenge
from server.services import sign_in_challenges
from server.services.sign_in_challenges import Purpose
from tests.makers import make_person
from tests.services.together import together


def test_a_question_is_answered_once(session: Session) -> None:
    person = make_person(session)
    token = sign_in_challenges.ask(session, Purpose.CODE, person.id, "random")
    assert token != session.query(SignInChallenge).one().token_hash
    for _ in range(2):
        assert sign_in_challenges.look(session, Purpose.CODE, token).person_id == person.id
    assert sign_in_challenges.answer(session, Purpose.CODE, token).challenge == "random"
    for once_more in (sign_in_challenges.look, sign_in_challenges.answer):
        with pytest.raises(SignInFailed):
            once_more(session, Purpose.CODE, token)


def test_an_answer_to_another_question_does_not_count(session: Session) -> None:
    token = sign_in_challenges.ask(session, Purpose.NEW_PASSKEY, make_person(session).id)
    with pytest.raises(SignInFailed):
        sign_in_challenges.answer(session, Purpose.PASSKEY, token)


def test_an_answer_after_ten_minutes_is_too_late_and_the_question_is_cleared_away(session: Session) -> None:
    token = sign_in_challenges.ask(session, Purpose.PASSKEY)
    session.query(SignInChallenge).update({"expires_at": datetime.now(UTC) - timedelta(seconds=1)})
    with pytest.raises(SignInFailed):
        sign_in_challenges.answer(session, Purpose.PASSKEY, token)
    sign_in_challenges.ask(session, Purpose.PASSKEY)
    assert session.query(SignInChallenge).count() == 1


def test_of_two_answers_at_once_one_counts(app: Flask, session: Session) -> None:
    """fault 46"""
    token = sign_in_challenges.ask(session, Purpose.CODE, make_person(session).id)

    def answered(session: Session) -> bool:
        try:
            sign_in_challenges.answer(session, Purpose.CODE, token)
        except SignInFailed:
            return False
        return True

    assert sorted(together(app, [answered] * 4)) == [False, False, False, True]
