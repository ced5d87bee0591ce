"""Signing in, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.errors import LinkExpired, SignInFailed
from server.models.people import SignedIn, SignInLink
from server.services import passwords, sign_in, sign_in_challenges
from server.services.sign_in_challenges import Purpose
from tests.makers import make_person
from tests.signing_in import signs_in

PASSWORD = "four words in a row"


def test_the_right_password_finds_the_person_however_the_email_is_written(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    assert signs_in(session, f" {person.email.upper()} ", PASSWORD) is person


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " "])
def test_a_wrong_password_finds_nobody(session: Session, password: str) -> None:
    person = make_person(session, password=PASSWORD)
    with pytest.raises(SignInFailed):
        signs_in(session, person.email, password)


def test_somebody_without_a_password_cannot_sign_in_with_one(session: Session) -> None:
    person = make_person(session)
    with pytest.raises(SignInFailed):
        signs_in(session, person.email, "")


def test_a_password_changed_while_the_old_one_was_checked_is_the_one_that_counts(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    tried = sign_in.begin_try(session, person.email, "10.0.0.1")
    person.password_hash = passwords.hashed("another four words")
    session.flush()
    with pytest.raises(SignInFailed):
        sign_in.succeed(session, tried)


def test_a_session_is_found_by_its_token_alone(session: Session) -> None:
    person = make_person(session)
    token = sign_in.start(session, person)
    assert sign_in.who_is(session, token).viewer.person_id == person.id
    assert sign_in.who_is(session, token[:-1]) is None
    assert session.query(SignedIn).one().token_hash != token


def test_a_session_in_use_is_renewed_and_an_unused_one_ends(session: Session) -> None:
    token = sign_in.start(session, make_person(session))
    row = session.query(SignedIn).one()
    row.last_seen_at = datetime.now(UTC) - timedelta(days=2)
    row.expires_at = datetime.now(UTC) + timedelta(minutes=1)
    session.flush()
    sign_in.renew(session, token)
    session.expire_all()
    assert session.query(SignedIn).one().expires_at > datetime.now(UTC) + timedelta(days=59)
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.flush()
    assert sign_in.who_is(session, token) is None


def test_ending_other_sessions_keeps_this_one(session: Session) -> None:
    person = make_person(session)
    kept, other = sign_in.start(session, person), sign_in.start(session, person)
    sign_in.end_others(session, person.id, kept)
    assert sign_in.who_is(session, kept) is not None
    assert sign_in.who_is(session, other) is None


def test_a_link_signs_in_once(session: Session) -> None:
    person = make_person(session)
    token = sign_in.make_link(session, person)
    assert sign_in.use_link(session, token) is person
    with pytest.raises(LinkExpired):
        sign_in.use_link(session, token)


def test_an_old_link_does_not_sign_in(session: Session) -> None:
    token = sign_in.make_link(session, make_person(session))
    session.query(SignInLink).update({"expires_at": datetime.now(UTC) - timedelta(seconds=1)})
    with pytest.raises(LinkExpired):
        sign_in.use_link(session, token)


def test_ending_everything_ends_links_and_sign_ins_that_are_half_done(session: Session) -> None:
    """fault 46"""
    person = make_person(session)
    here, link = sign_in.start(session, person), sign_in.make_link(session, person)
    asked = sign_in_challenges.ask(session, Purpose.CODE, person.id)
    sign_in.end_everywhere(session, person.id)
    assert sign_in.who_is(session, here) is None
    with pytest.raises(LinkExpired):
        sign_in.use_link(session, link)
    with pytest.raises(SignInFailed):
        sign_in_challenges.answer(session, Purpose.CODE, asked)
